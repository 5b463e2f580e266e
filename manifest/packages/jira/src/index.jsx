// Shows the account beside an issue, in Atlassian's own components:
// https://developer.atlassian.com/platform/forge/ui-kit/components/
import React, { useEffect, useState } from 'react';
import ForgeReconciler, {
  Heading,
  Inline,
  Link,
  Lozenge,
  SectionMessage,
  Spinner,
  Stack,
  Tag,
  Text,
  useProductContext,
} from '@forge/react';
import { invokeRemote, requestJira } from '@forge/bridge';

const PATH = [[ ("/frames/" ~ facts.install) | tojson ]];
const LOOKS = { risk: 'removed', warning: 'moved', growth: 'success' };
const SIGNS = { risk: '▲ ', warning: '▲ ', growth: '● ' };

const Words = ({ part }) => <Text>{(SIGNS[part.severity] || '') + part.text}</Text>;

const Row = ({ part }) => (
  <Text>
    {part.label}: {SIGNS[part.severity] || ''}
    {part.url ? <Link href={part.url}>{part.value}</Link> : part.value}
    {part.note ? ` (${part.note})` : ''}
  </Text>
);

const Badges = ({ badges }) => (
  <Inline space="space.050" shouldWrap>
    {badges.map((badge, place) => (
      <Tag key={place} text={badge.label} />
    ))}
  </Inline>
);

const Signal = ({ part }) => (
  <Stack space="space.050">
    <Lozenge appearance={LOOKS[part.severity] || 'default'}>{part.word}</Lozenge>
    <Heading size="xsmall">{part.headline}</Heading>
    {part.detail ? <Text>{part.detail}</Text> : null}
    {part.play ? <Text>→ {part.play}</Text> : null}
    {part.why.map((why, place) => (
      <Text key={place}>{why.text}</Text>
    ))}
  </Stack>
);

const Part = ({ part }) => {
  switch (part.type) {
    case 'row':
      return <Row part={part} />;
    case 'badges':
      return <Badges badges={part.badges} />;
    case 'signal':
      return <Signal part={part} />;
    case 'link':
      return <Link href={part.url}>{part.text}</Link>;
    case 'divider':
      return null;
    default:
      return <Words part={part} />;
  }
};

const Section = ({ section, gaps }) => (
  <Stack space="space.050">
    {section.title ? <Heading size="small">{section.title}</Heading> : null}
    {section.components.map((part, place) => (
      <Part key={place} part={part} />
    ))}
    {gaps.map((gap, place) => (
      <Words key={place} part={gap} />
    ))}
  </Stack>
);

const View = ({ view }) => (
  <Stack space="space.150">
    <Heading size="medium">{view.header.title}</Heading>
    <Badges badges={view.header.badges} />
    {view.header.match ? <Text>{view.header.match}</Text> : null}
    {view.header.banner ? <Words part={{ severity: 'warning', text: view.header.banner }} /> : null}
    {view.sections.map((section) => (
      <Section
        key={section.id}
        section={section}
        gaps={view.gaps.filter((gap) => gap.section === section.id)}
      />
    ))}
    {view.link ? <Link href={view.link.url}>{view.link.text}</Link> : null}
  </Stack>
);

const issue = async (key) => {
  const answer = await requestJira(`/rest/api/3/issue/${encodeURIComponent(key)}?fields=summary,reporter`);
  return answer.ok ? (await answer.json()).fields : {};
};

const ask = async (key) => {
  const fields = await issue(key);
  const reporter = fields.reporter || {};
  const answer = await invokeRemote({
    path: PATH,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: {
      ticket: { id: key, subject: fields.summary || '' },
      requester: { name: reporter.displayName || '', email: reporter.emailAddress || '' },
    },
  });
  return answer.body || answer;
};

const Panel = () => {
  const context = useProductContext();
  const [view, setView] = useState(null);
  const [failed, setFailed] = useState(false);
  const key = context && context.extension.issue.key;

  useEffect(() => {
    let current = true;
    if (key) {
      ask(key)
        .then((found) => current && (setFailed(false), setView(found)))
        .catch(() => current && setFailed(true));
    }
    return () => {
      current = false;
    };
  }, [key]);

  if (failed) {
    return (
      <SectionMessage appearance="warning" title="The account cannot be shown now">
        <Text>The issue itself is not affected. Reload it in a moment.</Text>
      </SectionMessage>
    );
  }
  return view ? <View view={view} /> : <Spinner label="Loading the account" />;
};

ForgeReconciler.render(
  <React.StrictMode>
    <Panel />
  </React.StrictMode>,
);

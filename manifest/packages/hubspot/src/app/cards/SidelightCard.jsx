// Shows the account beside a HubSpot ticket, in HubSpot's own components.
import React, { useEffect, useState } from 'react';
import {
  Accordion,
  Alert,
  DescriptionList,
  DescriptionListItem,
  Divider,
  ErrorState,
  Flex,
  Heading,
  Link,
  LoadingSpinner,
  StatusTag,
  Tag,
  Text,
  Tile,
  hubspot,
} from '@hubspot/ui-extensions';
import { useAssociations, useCrmProperties } from '@hubspot/ui-extensions/crm';

const ADDRESS = [[ facts.frame_url | tojson ]];
const PATIENCE = 10000; // ms; HubSpot itself waits for 15 s
const STATUS = { risk: 'danger', warning: 'warning', growth: 'success' };
const BADGE = { risk: 'error', warning: 'warning', growth: 'success' };
const SIGNS = { risk: '▲ ', warning: '▲ ', growth: '● ' };
const BOLD = { fontWeight: 'bold' };

const MaybeLink = ({ text, url }) => (url ? <Link href={url}>{text}</Link> : <>{text}</>);

const Row = ({ part }) => (
  <DescriptionList direction="row">
    <DescriptionListItem label={part.label}>
      <Text format={part.severity in SIGNS ? BOLD : undefined}>
        {SIGNS[part.severity] || ''}
        <MaybeLink text={part.value} url={part.url} />
        {part.note ? ` (${part.note})` : ''}
      </Text>
    </DescriptionListItem>
  </DescriptionList>
);

const Badges = ({ badges }) => (
  <Flex direction="row" gap="xs" wrap="wrap">
    {badges.map((badge, place) => (
      <Tag key={place} variant={BADGE[badge.severity] || 'default'}>
        {badge.label}
      </Tag>
    ))}
  </Flex>
);

const Reason = ({ why }) => (
  <Accordion title={why.text} size="small">
    <Parts parts={why.rows.concat(why.items)} />
  </Accordion>
);

const Signal = ({ part }) => (
  <Tile compact={true}>
    <Flex direction="column" gap="xs">
      <StatusTag variant={STATUS[part.severity] || 'default'}>{part.word}</StatusTag>
      <Text format={BOLD}>{part.headline}</Text>
      {part.detail ? <Text>{part.detail}</Text> : null}
      {part.play ? <Text>→ {part.play}</Text> : null}
      <Text variant="microcopy">{[part.owner, part.since].filter(Boolean).join(' · ')}</Text>
      {part.why.map((why, place) => (
        <Reason key={place} why={why} />
      ))}
    </Flex>
  </Tile>
);

const Words = ({ part }) => (
  <Text format={part.strong ? BOLD : undefined}>
    {SIGNS[part.severity] || ''}
    {part.text}
  </Text>
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
      return <Divider />;
    default:
      return <Words part={part} />;
  }
};

const Parts = ({ parts }) => (
  <Flex direction="column" gap="xs">
    {parts.map((part, place) => (
      <Part key={place} part={part} />
    ))}
  </Flex>
);

const Section = ({ section, gaps }) => {
  const inside = (
    <>
      <Parts parts={section.components} />
      {gaps.map((gap, place) => (
        <Words key={place} part={gap} />
      ))}
    </>
  );
  if (section.folded && section.title) {
    return <Accordion title={section.title}>{inside}</Accordion>;
  }
  return (
    <Flex direction="column" gap="xs">
      {section.title ? <Heading>{section.title}</Heading> : null}
      {inside}
    </Flex>
  );
};

export const View = ({ view }) => (
  <Flex direction="column" gap="sm">
    <Heading>
      <MaybeLink text={view.header.title} url={view.link && view.link.url} />
    </Heading>
    <Badges badges={view.header.badges} />
    {view.header.match ? <Text variant="microcopy">{view.header.match}</Text> : null}
    {view.header.banner ? <Alert title={view.header.banner} variant="warning" /> : null}
    {view.sections.map((section) => (
      <Section
        key={section.id}
        section={section}
        gaps={view.gaps.filter((gap) => gap.section === section.id)}
      />
    ))}
    <Text variant="microcopy">
      {view.sources
        .map((source) => `${source.name} ${source.age}`)
        .concat(view.judged || [])
        .join(' · ')}
    </Text>
  </Flex>
);

const question = (context, ticket, contact) => ({
  ticket: { id: String(context.crm.objectId), subject: ticket.subject || '' },
  requester: contact
    ? {
        id: String(contact.toObjectId),
        email: contact.properties.email || '',
        name: [contact.properties.firstname, contact.properties.lastname].filter(Boolean).join(' '),
      }
    : {},
  locale: context.user.locale || 'en',
});

const ask = async (asked) => {
  const answer = await hubspot.fetch(ADDRESS, { method: 'POST', timeout: PATIENCE, body: asked });
  if (!answer.ok) {
    throw new Error(`status ${answer.status}`);
  }
  return answer.json();
};

export const SidelightCard = ({ context }) => {
  const ticket = useCrmProperties(['subject']);
  const contacts = useAssociations({
    toObjectType: '0-1',
    properties: ['email', 'firstname', 'lastname'],
    pageLength: 1,
  });
  const [view, setView] = useState(null);
  const [failed, setFailed] = useState(false);
  const ready = !ticket.isLoading && !contacts.isLoading;
  const asked = ready ? JSON.stringify(question(context, ticket.properties, contacts.results[0])) : '';

  useEffect(() => {
    let current = true; // an answer that a later question has overtaken is dropped
    if (asked) {
      ask(JSON.parse(asked))
        .then((found) => current && (setFailed(false), setView(found)))
        .catch(() => current && setFailed(true));
    }
    return () => {
      current = false;
    };
  }, [asked]);

  if (failed) {
    return (
      <ErrorState title="The account cannot be shown now">
        <Text>The ticket itself is not affected. Reload it in a moment.</Text>
      </ErrorState>
    );
  }
  return view ? <View view={view} /> : <LoadingSpinner label="Loading the account …" />;
};

hubspot.extend(({ context }) => <SidelightCard context={context} />);

// Shows the account beside an issue, in Atlassian's own components. Written without tags, so that
// it runs as it stands: `h(Text, {…}, 'words')` is <Text …>words</Text>.
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
const h = React.createElement;

const sign = (part) => SIGNS[part.severity] || '';
const stack = (space, ...inside) => h(Stack, { space }, ...inside);
const maybeText = (text) => (text ? h(Text, {}, text) : null);
const words = (part) => h(Text, {}, `${sign(part)}${part.text}`);
const link = (part) => h(Link, { href: part.url }, part.text);

const row = (part) => {
  const value = part.url ? h(Link, { href: part.url }, part.value) : part.value;
  return h(Text, {}, `${part.label}: ${sign(part)}`, value, part.note ? ` (${part.note})` : '');
};

const badges = (part) =>
  h(Inline, { space: 'space.050', shouldWrap: true }, ...part.badges.map((one) => h(Tag, { text: one.label })));

const signal = (part) =>
  stack(
    'space.050',
    h(Lozenge, { appearance: LOOKS[part.severity] || 'default' }, part.word),
    h(Heading, { size: 'xsmall' }, part.headline),
    maybeText(part.detail),
    maybeText(part.play && `→ ${part.play}`),
    maybeText([part.owner, part.since].filter(Boolean).join(' · ')),
    ...part.why.map((why) => h(Text, {}, why.text)),
  );

const DRAWN = { badges, divider: () => null, link, row, signal };
const draw = (part) => (DRAWN[part.type] || words)(part);

const section = (part, gaps) =>
  stack(
    'space.050',
    part.title ? h(Heading, { size: 'small' }, part.title) : null,
    ...part.components.map(draw),
    ...gaps.map(words),
  );

export const View = ({ view }) => {
  const head = view.header;
  const gapsOf = (part) => view.gaps.filter((gap) => gap.section === part.id);
  const ages = view.sources.map((source) => `${source.name} ${source.age}`);
  return stack(
    'space.150',
    head.title ? h(Heading, { size: 'medium' }, head.title) : null,
    badges(head),
    maybeText(head.match),
    head.banner ? words({ severity: 'warning', text: head.banner }) : null,
    ...view.sections.map((part) => section(part, gapsOf(part))),
    view.link ? link(view.link) : null,
    maybeText(ages.concat(view.judged || []).join(' · ')),
  );
};

const issue = async (key) => {
  const wanted = `/rest/api/3/issue/${encodeURIComponent(key)}?fields=summary,reporter`;
  try {
    const answer = await requestJira(wanted);
    return (answer.ok && (await answer.json()).fields) || {};
  } catch {
    return {}; // an issue that Jira does not tell is asked for all the same
  }
};

// The bridge resolves with the error where a call is refused or lost: it never throws.
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/invokeRemote/
const viewOf = (answer) => {
  const { status = 200, body } = answer || {};
  const isView = body && body.header && [body.sections, body.gaps, body.sources].every(Array.isArray);
  if (status !== 200 || !isView) throw new Error('no account came back');
  return body;
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
  return viewOf(answer);
};

const useAnswer = (key) => {
  const [state, setState] = useState({});
  useEffect(() => {
    let current = true; // an answer that a later question has overtaken is dropped
    if (key) {
      ask(key).then(
        (view) => current && setState({ view }),
        () => current && setState({ failed: true }),
      );
    }
    return () => {
      current = false;
    };
  }, [key]);
  return state;
};

export const Panel = () => {
  const context = useProductContext();
  const { view, failed } = useAnswer(context && context.extension.issue.key);
  if (failed) {
    const calm = h(Text, {}, 'The issue itself is not affected. Reload it in a moment.');
    return h(SectionMessage, { appearance: 'warning', title: 'The account cannot be shown now' }, calm);
  }
  return view ? h(View, { view }) : h(Spinner, { label: 'Loading the account' });
};

ForgeReconciler.render(h(Panel, {}));

// Shows the account beside a HubSpot ticket, in HubSpot's own components. Written without tags,
// so that it runs as it stands: `h(Text, {…}, 'words')` is <Text …>words</Text>.
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
const h = React.createElement;

const sign = (part) => SIGNS[part.severity] || '';
const quiet = (words) => (words ? h(Text, { variant: 'microcopy' }, words) : null);
const column = (gap, ...inside) => h(Flex, { direction: 'column', gap }, ...inside);
const maybeLink = (text, url) => (url ? h(Link, { href: url }, text) : text);

const words = (part) =>
  h(Text, part.strong ? { format: BOLD } : {}, `${sign(part)}${part.text}`);

const row = (part) => {
  const note = part.note ? ` (${part.note})` : '';
  const value = h(Text, sign(part) ? { format: BOLD } : {}, sign(part), maybeLink(part.value, part.url), note);
  return h(DescriptionList, { direction: 'row' }, h(DescriptionListItem, { label: part.label }, value));
};

const badges = (part) =>
  h(
    Flex,
    { direction: 'row', gap: 'xs', wrap: 'wrap' },
    ...part.badges.map((badge) => h(Tag, { variant: BADGE[badge.severity] || 'default' }, badge.label)),
  );

const reason = (why) =>
  h(Accordion, { title: why.text, size: 'small' }, column('xs', ...why.rows.concat(why.items).map(draw)));

const signal = (part) =>
  h(
    Tile,
    { compact: true },
    column(
      'xs',
      h(StatusTag, { variant: STATUS[part.severity] || 'default' }, part.word),
      h(Text, { format: BOLD }, part.headline),
      part.detail ? h(Text, {}, part.detail) : null,
      part.play ? h(Text, {}, `→ ${part.play}`) : null,
      quiet([part.owner, part.since].filter(Boolean).join(' · ')),
      ...part.why.map(reason),
    ),
  );

const DRAWN = {
  badges,
  divider: () => h(Divider, {}),
  link: (part) => h(Link, { href: part.url }, part.text),
  row,
  signal,
};

function draw(part) {
  return (DRAWN[part.type] || words)(part);
}

const section = (part, gaps) => {
  const inside = column('xs', ...part.components.map(draw), ...gaps.map(words));
  if (part.folded && part.title) {
    return h(Accordion, { title: part.title }, inside);
  }
  return column('xs', part.title ? h(Heading, {}, part.title) : null, inside);
};

export const View = ({ view }) => {
  const head = view.header;
  const gapsOf = (part) => view.gaps.filter((gap) => gap.section === part.id);
  const ages = view.sources.map((source) => `${source.name} ${source.age}`);
  return column(
    'sm',
    head.title ? h(Heading, {}, head.title) : null,
    badges(head),
    quiet(head.match),
    head.banner ? h(Alert, { title: head.banner, variant: 'warning' }) : null,
    ...view.sections.map((part) => section(part, gapsOf(part))),
    view.link ? h(Link, { href: view.link.url }, view.link.text) : null,
    quiet(ages.concat(view.judged || []).join(' · ')),
  );
};

const requester = (contact) => {
  if (!contact) {
    return {};
  }
  const { email, firstname, lastname } = contact.properties;
  const name = [firstname, lastname].filter(Boolean).join(' ');
  return { id: String(contact.toObjectId), email: email || '', name };
};

const question = (context, ticket, contact) => ({
  ticket: { id: String(context.crm.objectId), subject: ticket.subject || '' },
  requester: requester(contact),
  locale: context.user.locale || 'en',
});

const ask = async (asked) => {
  const answer = await hubspot.fetch(ADDRESS, { method: 'POST', timeout: PATIENCE, body: asked });
  if (!answer.ok) {
    throw new Error(`status ${answer.status}`);
  }
  return answer.json();
};

const useAnswer = (asked) => {
  const [state, setState] = useState({});
  useEffect(() => {
    let current = true; // an answer that a later question has overtaken is dropped
    if (asked) {
      ask(JSON.parse(asked)).then(
        (view) => current && setState({ view }),
        () => current && setState({ failed: true }),
      );
    }
    return () => {
      current = false;
    };
  }, [asked]);
  return state;
};

export const SidelightCard = ({ context }) => {
  const ticket = useCrmProperties(['subject']);
  const properties = ['email', 'firstname', 'lastname'];
  const contacts = useAssociations({ toObjectType: '0-1', properties, pageLength: 1 });
  const ready = !ticket.isLoading && !contacts.isLoading;
  const asked = ready ? question(context, ticket.properties, contacts.results[0]) : null;
  const { view, failed } = useAnswer(asked && JSON.stringify(asked));
  if (failed) {
    const calm = h(Text, {}, 'The ticket itself is not affected. Reload it in a moment.');
    return h(ErrorState, { title: 'The account cannot be shown now' }, calm);
  }
  return view ? h(View, { view }) : h(LoadingSpinner, { label: 'Loading the account …' });
};

hubspot.extend(({ context }) => h(SidelightCard, { context }));

// Shows the account beside a Freshdesk ticket. Freshworks hosts this page and its SDK:
// https://developers.freshworks.com/docs/app-sdk/v3.0/
(function () {
  'use strict';

  var TALLEST = 700; // px that Freshdesk allows
  var SIGNS = {risk: '▲ ', warning: '▲ ', growth: '● '};
  var place = document.getElementById('place');
  var asked = 0;

  function element(name, text, look) {
    var made = document.createElement(name);
    if (text) { made.textContent = text; }
    if (look) { made.className = look; }
    return made;
  }

  function link(text, url) {
    if (!/^https:\/\//.test(url || '')) { return element('span', text); }
    var made = element('a', text);
    made.href = url;
    made.target = '_blank';
    made.rel = 'noopener noreferrer';
    return made;
  }

  function row(part) {
    var list = element('dl');
    var value = element('dd', '', part.severity);
    list.append(element('dt', part.label), value);
    value.append((SIGNS[part.severity] || ''), link(part.value, part.url));
    if (part.note) { value.append(' ', element('span', part.note, 'muted')); }
    return list;
  }

  function badges(part) {
    var made = element('p');
    part.badges.forEach(function (badge) {
      made.append(element('span', badge.label, 'badge ' + badge.severity));
    });
    return made;
  }

  function reason(why) {
    var made = element('details');
    made.append(element('summary', why.text));
    why.rows.concat(why.items).forEach(function (part) { made.append(draw(part)); });
    return made;
  }

  function signal(part) {
    var made = element('section', '', 'signal ' + part.severity);
    made.append(element('p', (SIGNS[part.severity] || '') + part.word, 'word'));
    made.append(element('p', part.headline, 'strong'));
    if (part.detail) { made.append(element('p', part.detail)); }
    if (part.play) { made.append(element('p', '→ ' + part.play)); }
    var quiet = [part.owner, part.since].filter(Boolean).join(' · ');
    if (quiet) { made.append(element('p', quiet, 'muted')); }
    part.why.forEach(function (why) { made.append(reason(why)); });
    return made;
  }

  function text(part) {
    var look = part.severity + (part.strong ? ' strong' : '');
    return element('p', (SIGNS[part.severity] || '') + part.text, look);
  }

  function draw(part) {
    switch (part.type) {
      case 'row': return row(part);
      case 'badges': return badges(part);
      case 'signal': return signal(part);
      case 'link': return link(part.text, part.url);
      case 'divider': return element('hr');
      default: return text(part);
    }
  }

  function section(part, folded) {
    var made = element(folded ? 'details' : 'section');
    if (part.title) { made.append(element(folded ? 'summary' : 'h2', part.title)); }
    part.components.forEach(function (one) { made.append(draw(one)); });
    return made;
  }

  function header(view) {
    var made = element('header');
    var title = element('h1');
    title.append(view.link ? link(view.header.title, view.link.url) : view.header.title);
    if (view.header.title) { made.append(title); }
    made.append(badges(view.header));
    if (view.header.match) { made.append(element('p', view.header.match, 'muted')); }
    if (view.header.banner) { made.append(element('p', view.header.banner, 'warning')); }
    return made;
  }

  function show(view) {
    place.replaceChildren(header(view));
    view.sections.forEach(function (part) {
      place.append(section(part, part.folded && part.title));
      view.gaps.filter(function (gap) { return gap.section === part.id; })
        .forEach(function (gap) { place.append(text(gap)); });
    });
    var ages = view.sources.map(function (one) { return one.name + ' ' + one.age; });
    place.append(element('p', ages.concat(view.judged || []).join(' · '), 'muted'));
  }

  function explain(error, again) {
    var button = element('button', 'Try again');
    button.type = 'button';
    button.addEventListener('click', again);
    place.replaceChildren(element('p', 'The account cannot be shown now.', 'strong'));
    if (error && typeof error.message === 'string') { place.append(element('p', error.message)); }
    place.append(element('p', 'The ticket itself is not affected.', 'muted'), button);
  }

  function known(client, name) {
    return client.data.get(name).then(
      function (found) { return found[name] || found; },
      function () { return {}; } // not every page knows everything
    );
  }

  function question(parts) {
    var ticket = parts[0], requester = parts[1], company = parts[2], agent = parts[3];
    var domain = parts[4], contact = agent.contact || {};
    return {
      v: 1,
      ticket_id: ticket.id,
      ticket: {subject: ticket.subject},
      requester: {id: requester.id, email: requester.email, name: requester.name},
      company_id: ticket.company_id || company.id,
      agent: {id: agent.id, email: agent.email || contact.email},
      account: typeof domain === 'string' ? domain : undefined,
      locale: agent.language || contact.language || document.documentElement.lang
    };
  }

  function ask(client) {
    var names = ['ticket', 'requester', 'company', 'loggedInUser', 'domainName'];
    var all = names.map(function (name) { return known(client, name); });
    return Promise.all(all).then(function (parts) {
      return client.request.invoke('accountContext', question(parts));
    }).then(function (answer) {
      var found = answer.response;
      return typeof found === 'string' ? JSON.parse(found) : found;
    });
  }

  function grow(client) {
    var height = Math.min(TALLEST, Math.ceil(place.getBoundingClientRect().height) + 24);
    if (height > 24) { client.instance.resize({height: height + 'px'}); }
  }

  function refresh(client) {
    var turn = asked += 1; // an answer that a later question has overtaken is dropped
    function settle(draws) {
      return function (found) {
        if (turn !== asked) { return; }
        draws(found);
        grow(client);
      };
    }
    var again = function () { refresh(client); };
    return ask(client).then(settle(show)).catch(settle(function (error) { explain(error, again); }));
  }

  app.initialized().then(function (client) {
    client.events.on('app.activated', function () { refresh(client); });
    new ResizeObserver(function () { grow(client); }).observe(place);
  });
})();

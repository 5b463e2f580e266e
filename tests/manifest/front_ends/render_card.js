// Runs a card of ours as its host would: the imports replaced by stubs, React by just enough of
// it to render, every component by an element of its name.
const fs = require('fs');
const vm = require('vm');

const [file, entry] = process.argv.slice(2);
const {host, answer} = JSON.parse(fs.readFileSync(0, 'utf8'));
const asked = [];

// React, as far as our cards use it: state and effects by their order, drawn until nothing moves.
const slots = [];
let place = 0;
let dirty = true;
const React = {
  createElement: (type, props, ...children) => ({type, props: props || {}, children: children.flat()}),
};
const useState = (first) => {
  const mine = place++;
  slots[mine] = slots[mine] || {value: first};
  return [slots[mine].value, (value) => { slots[mine].value = value; dirty = true; }];
};
const useEffect = (effect, needs) => {
  const mine = place++;
  const key = JSON.stringify(needs);
  if (slots[mine] && slots[mine].key === key) { return; }
  if (slots[mine] && slots[mine].undo) { slots[mine].undo(); }
  slots[mine] = {key, undo: effect()};
};
const draw = (node) => {
  if (node === null || node === undefined || node === false) { return []; }
  if (typeof node !== 'object') { return [String(node)]; }
  if (typeof node.type === 'function') { return draw(node.type({...node.props, children: node.children})); }
  return [{name: node.type, props: node.props, children: node.children.flatMap(draw)}];
};

const reply = async () => {
  if (answer.lost) { throw new Error('no connection'); }
  return {ok: answer.status === 200, status: answer.status, json: async () => answer.body};
};
// Forge's side of its bridge, below the package itself where `host.bridge` names it. A refused or
// lost call is no exception there: invokeRemote resolves with what stands in `error`
// (@forge/bridge 4.5 and 7.2: out/invoke-remote and out/invoke-endpoint).
const callBridge = async (name, wanted) => {
  if (name === 'fetchProduct') {
    asked.push({path: wanted.restPath});
    if (host.silent) { throw new Error('Jira does not answer'); }
    return {status: host.fields ? 200 : 404, headers: {}, body: JSON.stringify({fields: host.fields})};
  }
  asked.push(wanted);
  const {status, body, lost} = answer;
  if (lost) { return {success: false, error: {message: 'no connection'}}; }
  if (answer.nothing) { return undefined; }
  const told = {status, headers: {'content-type': ['application/json']}, body};
  return status === 200 || answer.told ? {success: true, payload: told} : {success: false, error: told};
};
const forgeBridge = () => {
  if (host.bridge) {
    globalThis.__bridge = {callBridge};
    globalThis.window = globalThis;
    const {Request} = globalThis; // a page resolves '' against its own address, Node has none
    globalThis.Request = function (url, options) { return new Request(new URL(url, 'https://acme.test'), options); };
    const {requestJira} = require(`${host.bridge}/out/fetch`);
    const place = ['invoke-remote', 'invoke-endpoint'].find((one) => fs.existsSync(`${host.bridge}/out/${one}`));
    const {invokeRemote} = require(`${host.bridge}/out/${place}`);
    return {requestJira, invokeRemote};
  }
  return {
    requestJira: async (path) => {
      const {status, body} = await callBridge('fetchProduct', {restPath: path});
      return {ok: status === 200, json: async () => JSON.parse(body)};
    },
    invokeRemote: async (wanted) => {
      const {success, payload, error} = (await callBridge('invoke', wanted)) || {};
      return {...(success ? payload : error)};
    },
  };
};
let root = null;
const named = new Proxy({}, {get: (_, name) => name});
const STUBS = {
  react: {default: React, useEffect, useState},
  '@hubspot/ui-extensions': new Proxy(
    {hubspot: {
      extend: (make) => { root = make({context: host.context}); },
      fetch: (url, options) => { asked.push({url, ...options}); return reply(); },
    }},
    {get: (own, name) => own[name] || name},
  ),
  '@hubspot/ui-extensions/crm': {
    useCrmProperties: () => host.ticket,
    useAssociations: () => host.contacts,
  },
  '@forge/react': new Proxy(
    {default: {render: (element) => { root = element; }}, useProductContext: () => host.context},
    {get: (own, name) => own[name] || named[name]},
  ),
  '@forge/bridge': forgeBridge(),
};

const IMPORT = /^import\s+(?:(\w+)\s*,?\s*)?(?:\{([^}]*)\})?\s*from\s*'([^']+)';$/gm;
const source = fs.readFileSync(file, 'utf8')
  .replace(IMPORT, (_, whole, parts, from) => [
    whole ? `const ${whole} = STUBS['${from}'].default;` : '',
    parts ? `const {${parts}} = STUBS['${from}'];` : '',
  ].join(' '))
  .replace(/^export const/gm, 'const');

(async () => {
  vm.runInNewContext(source, {STUBS, console, encodeURIComponent}, {filename: entry});
  const first = [];
  let drawn = [];
  for (let turn = 0; turn < 20; turn += 1) {
    if (dirty) {
      dirty = false;
      place = 0;
      drawn = draw(root);
      first.push(drawn);
    }
    await new Promise((done) => setImmediate(done));
  }
  console.log(JSON.stringify({asked, first: first[0], drawn}));
})();

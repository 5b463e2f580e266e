// Runs a Freshworks app's server part as their platform would: `exports` replaced, `$request` and
// `renderData` in the air, `jsonwebtoken` as the one dependency (its HS256 alone).
const crypto = require('crypto');
const fs = require('fs');
const vm = require('vm');

const [file, name] = process.argv.slice(2);
const {args, answer} = JSON.parse(fs.readFileSync(0, 'utf8'));
const sent = [];
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jsonwebtoken = {
  sign(claims, secret, options) {
    const head = encode({alg: options.algorithm, typ: 'JWT'});
    const body = encode({...claims, iat: Math.floor(Date.now() / 1000)});
    const proof = crypto.createHmac('sha256', secret).update(`${head}.${body}`);
    return `${head}.${body}.${proof.digest('base64url')}`;
  },
};
const world = {
  console: {error() {}},
  exports: {},
  require: (wanted) => ({jsonwebtoken})[wanted],
  $request: {
    invokeTemplate: async (template, options) => {
      sent.push({template, ...options});
      if (answer.status !== 200) { throw answer; }
      return answer;
    },
  },
  renderData: (error, data) => console.log(JSON.stringify({error, data, sent})),
};
vm.createContext(world);
vm.runInContext(fs.readFileSync(file, 'utf8'), world);
world.exports[name](args);

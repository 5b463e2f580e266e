// Asks a vendor's own package: what HubSpot's client signs, what Atlassian's validator refuses.
const fs = require('fs');
const [modules, what] = process.argv.slice(2);
const given = JSON.parse(fs.readFileSync(0, 'utf8'));
const ASK = {
  hubspot: async () => {
    const {Signature} = require(`${modules}/@hubspot/api-client/lib/src/utils/signature.js`);
    return Signature.getSignature('POST', 'v3', given);
  },
  forge: async () => {
    process.chdir(given.folder);
    const {validate} = require(`${modules}/@forge/manifest`);
    const {errors} = await validate(false, 'manifest.yml');
    return (errors || []).filter((one) => one.level === 'error').map((one) => one.message);
  },
};
ASK[what]().then((found) => console.log(JSON.stringify(found)));

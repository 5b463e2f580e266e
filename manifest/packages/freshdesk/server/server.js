// Signs what the ticket's page asks, with the key that browsers never see, and asks Sidelight.
const jwt = require('jsonwebtoken');

exports = {
  accountContext: async function (args) {
    const asked = claims(args);
    const token = jwt.sign(asked, args.iparams.api_key, {algorithm: 'HS256'}); // adds the time
    try {
      const answer = await $request.invokeTemplate('accountContext', {
        context: {token},
        body: JSON.stringify(asked)
      });
      renderData(null, JSON.parse(answer.response));
    } catch (error) {
      console.error('Sidelight did not answer: ' + (error.status || 'no status'));
      const unnamed = error.status === 401 && !asked.account;
      renderData({status: error.status || 500, message: unnamed ? UNNAMED : 'Sidelight did not answer.'});
    }
  }
};

// Below the exports, because Freshworks' parser refuses a function above them.
const FIELDS = ['v', 'ticket_id', 'ticket', 'requester', 'company_id', 'agent', 'locale'];

const UNNAMED = 'Freshdesk did not tell which account this is. Reload the ticket; if it stays, an admin ' +
  'updates the app, or takes `account` out of the install in Sidelight.';

function claims(args) {
  const asked = Object.fromEntries(FIELDS.map((name) => [name, args[name]]));
  const home = (args.currentHost || {}).endpoint_urls || {};
  const account = (home.freshdesk || 'https://' + (args.domain || args.account || '')).replace(/^https?:\/\//, '');
  return {...asked, account: account.replace(/\/.*$/, '')};
}

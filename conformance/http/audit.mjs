// Runs graphql-http's audit against the server at CONTINUUM_URL, signed in with CONTINUUM_KEY.
// It fails unless every one of the audits is well; a note or a warning counts as a failure.
import { auditServer } from 'graphql-http';

const audits = 61;
const { CONTINUUM_URL: url, CONTINUUM_KEY: key } = process.env;
if (!url || !key) {
  console.error('set CONTINUUM_URL and CONTINUUM_KEY: scripts/with-server does');
  process.exit(64);
}

const results = await auditServer({
  url: `${url}/graphql`,
  fetchFn: (address, init = {}) =>
    fetch(address, { ...init, headers: { ...init.headers, Authorization: `Bearer ${key}` } }),
});

const unwell = results.filter((result) => result.status !== 'ok');
for (const { id, name, status, reason } of unwell) {
  console.error(`${status} ${id} ${name}\n  ${reason}`);
}
console.log(`graphql-http: ${results.length - unwell.length} of ${results.length} audits are well`);
process.exit(unwell.length === 0 && results.length === audits ? 0 : 1);

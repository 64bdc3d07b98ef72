import { createHash, timingSafeEqual } from "node:crypto";

// A key, with the facts of its professional: the same statement, and the same refusals, as in the program.
const whoAsks = {
  name: "who asks",
  text: `SELECT k.hash, k.scopes, q.id, q.workspace_id, q.directory_scope, q.directory_right, q.institution_ids,
    ARRAY(SELECT m.unit_id FROM unit_members m WHERE m.professional_id = q.id AND m.ended_at IS NULL AND m.steward) AS stewarded,
    ARRAY(SELECT m.unit_id FROM unit_members m WHERE m.professional_id = q.id AND m.ended_at IS NULL AND NOT m.steward) AS worked
  FROM api_keys k JOIN professionals q ON q.id = k.professional_id JOIN workspaces w ON w.id = q.workspace_id
  WHERE k.id = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
    AND q.status = 'ACTIVE' AND w.status = 'ACTIVE'`,
};

// Policies know no scopes, so a key must have all that the open tables need.
const needed = [
  "PROFILES_READ", "PROFILES_WRITE", "CONTACTS_READ", "CONTACTS_WRITE", "RECORDS_READ", "RECORDS_WRITE", "WORKSPACE_READ",
];

class Refused extends Error {}

/** signIn gives the settings under which a request's statements run: as a role that policies hold, and for whom. */
export async function signIn(pool, authorization) {
  const [, id, secret] = /^Bearer ck_([0-9a-z]{26})_([0-9a-f]{64})$/.exec(authorization ?? "") ?? [];
  if (!id) throw new Refused("The key is not valid.");
  const { rows: [key] } = await pool.query({ ...whoAsks, values: [`key_${id}`] });
  const hash = createHash("sha256").update(secret).digest("hex");
  if (!key || !timingSafeEqual(Buffer.from(hash), Buffer.from(key.hash)) || !needed.every((scope) => key.scopes.includes(scope))) {
    throw new Refused("The key is not valid.");
  }
  const owns = [key.id, ...key.stewarded];
  return {
    role: "continuum_viewer",
    "continuum.me": key.id,
    "continuum.workspace": key.workspace_id,
    "continuum.owns": list(owns),
    "continuum.worked": list(key.worked),
    "continuum.principals": list([...owns, ...key.worked, key.workspace_id]),
    "continuum.directory": key.directory_right === "NONE" ? "" : key.directory_scope,
    "continuum.edits": key.directory_right === "EDIT" ? "yes" : "",
    "continuum.institutions": list(key.institution_ids),
  };
}

// Ids need no quotes in an array.
function list(ids) {
  return `{${ids.join(",")}}`;
}

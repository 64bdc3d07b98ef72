// Policies that say something else than the program make a comparison void: everybody of the demo is asked here through
// both, and must see the same rows.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import pg from "pg";

const server = process.env.CONTINUUM_TEST_POSTGRES;
const program = process.env.PROGRAM;
const run = promisify(execFile);
const started = [];
let folder, admin, database, ours, theirs, keys;

before(async () => {
  admin = new pg.Client({ connectionString: server });
  await admin.connect();
  database = `rls_${process.pid}`;
  await admin.query(`CREATE DATABASE ${database}`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  const env = { ...process.env, DSN: url.href, CONTINUUM_DATABASE: url.href, CONTINUUM_COST_PER_MINUTE: "0" };
  folder = await mkdtemp(join(tmpdir(), "rls-")); // the demo writes its keys beside where it is made
  const { stdout } = await run(program, ["seed"], { env, cwd: folder });
  keys = stdout.trim().split("\n").map((line) => ({ who: line.slice(0, line.lastIndexOf("ck_")).trim(), token: line.split(" ").at(-1) }));
  await run(process.execPath, ["apply.mjs"], { env });
  ours = await start(program, (port) => ["serve", "--listen", `127.0.0.1:${port}`], env);
  theirs = await start(process.execPath, () => ["server.mjs"], { ...env, WORKERS: "1", POOL: "2", NODE_ENV: "production", GRAPHILE_ENV: "production" });
});

after(async () => {
  for (const child of started) {
    child.kill();
    if (child.exitCode === null) await once(child, "exit");
  }
  await rm(folder, { recursive: true });
  await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
  await admin.end();
});

async function start(command, args, env) {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  const child = spawn(command, args(port), { env: { ...env, PORT: String(port) }, stdio: "ignore" });
  started.push(child);
  const at = `http://127.0.0.1:${port}/graphql`;
  while (child.exitCode === null) {
    const heard = await fetch(at, { method: "POST" }).catch(() => null);
    if (heard) return at;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error(`${command} ended before it answered`);
}

async function ask(at, token, query, variables) {
  const response = await fetch(at, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

// What there is to see, by each graph: lists of the demo fit on a page.
const lists = {
  profiles: ["{profiles(first:100){nodes{id}}}", "{allProfilesList{id:rowId}}"],
  records: ["{records(first:100){nodes{id viewerCan{read}}}}", "{allRecordsList{id:rowId}}"],
  contacts: ["{contacts(first:100){nodes{id}}}", "{allContactsList{id:rowId}}"],
  institutions: ["{institutions(first:100){nodes{id}}}", "{allInstitutionsList{id:rowId}}"],
  owners: ["{records(first:100){nodes{viewerCan{read} owner{id:name}}}}", "{allRecordsList{id:ownerName}}"],
  page: ["{profiles(first:100){nodes{id}}}", '{pageOfProfilesList(prefix:"",rows:100){id:rowId}}'],
  links: ["{profiles(first:100){nodes{records(first:10){edges{link{id}}}}}}", "{allRecordLinksList(condition:{unlinkedAt:null}){id:rowId}}"],
  kin: ["{profiles(first:100){nodes{contacts(first:10){edges{link{id}}}}}}", "{allContactLinksList(condition:{endedAt:null}){id:rowId}}"],
  points: ["{profiles(first:100){nodes{contactPoints{id}}} contacts(first:100){nodes{contactPoints{id}}}}", "{allContactPointsList{id:rowId}}"],
  addresses: ["{profiles(first:100){nodes{addresses{id}}} contacts(first:100){nodes{addresses{id}}} institutions(first:100){nodes{addresses{id}}}}", "{allAddressesList{id:rowId}}"],
};

// idsOf gathers the ids of what is to be compared; a record that is only known of is none that is read.
function idsOf(value, into = new Set()) {
  if (Array.isArray(value)) value.forEach((each) => idsOf(each, into));
  else if (value && typeof value === "object" && value.viewerCan?.read !== false) {
    if (value.id) into.add(value.id);
    Object.values(value).forEach((each) => idsOf(each, into));
  }
  return into;
}

async function seen(name, token) {
  const [query, theirQuery] = lists[name];
  const [a, b] = await Promise.all([ask(ours, token, query), ask(theirs, token, theirQuery)]);
  assert.equal(a.errors, undefined, `${name}: ${JSON.stringify(a.errors)}`);
  assert.equal(b.errors, undefined, `${name}: ${JSON.stringify(b.errors)}`);
  return [[...idsOf(a.data)].sort(), [...idsOf(b.data)].sort()];
}

const whole = () => keys.filter(({ who }) => !who.includes("integration"));

for (const name of Object.keys(lists)) {
  test(`everybody sees the same ${name} through both`, async () => {
    let rows = 0;
    for (const { who, token } of whole()) {
      const [mine, their] = await seen(name, token);
      assert.deepEqual(their, mine, who);
      rows += mine.length;
    }
    assert.ok(rows > 0, "nobody saw anything");
  });
}

test("a profile that another viewer sees is not there", async () => {
  const sights = await Promise.all(whole().map(async ({ token }) => ({ token, ids: (await seen("profiles", token))[1] })));
  let hidden = 0;
  for (const a of sights) {
    for (const id of new Set(sights.flatMap((b) => b.ids))) {
      const { data } = await ask(theirs, a.token, "query($id:String!){profileByRowId(rowId:$id){rowId}}", { id });
      assert.equal(data.profileByRowId?.rowId, a.ids.includes(id) ? id : undefined);
      if (!a.ids.includes(id)) hidden++;
    }
  }
  assert.ok(hidden > 0, "everybody sees everything");
});

test("a profile is changed by whom the program lets change it", async () => {
  const change = "mutation($id:String!,$v:Int!){updateProfileFields(input:{profile:$id,expectedVersion:$v,grade:\"7\"}){result{version}}}";
  const all = new Set();
  const sights = [];
  for (const { who, token } of whole()) {
    const { data } = await ask(ours, token, "{profiles(first:100){nodes{id viewerCan{update}}}}");
    const can = new Map(data.profiles.nodes.map(({ id, viewerCan }) => [id, viewerCan.update]));
    can.forEach((_, id) => all.add(id));
    sights.push({ who, token, can });
  }
  const outcomes = { changed: 0, refused: 0 };
  const versions = new Map([...all].map((id) => [id, 1]));
  for (const { who, token, can } of sights) {
    for (const id of all) {
      const { errors, data } = await ask(theirs, token, change, { id, v: versions.get(id) });
      assert.equal(!errors, can.get(id) ?? false, `${who}: ${id}`);
      if (data?.updateProfileFields) versions.set(id, Number(data.updateProfileFields.result.version));
      outcomes[errors ? "refused" : "changed"]++;
    }
  }
  assert.ok(outcomes.changed > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
});

test("a profile is linked to a record by whom the program lets link", async () => {
  const link = 'mutation($r:String!,$p:String!){linkProfile(input:{record:$r,profile:$p,role:"PARTICIPANT"}){result{role}}}';
  const outcomes = { linked: 0, refused: 0 };
  for (const { who, token } of whole()) {
    const { data } = await ask(ours, token, "{profiles(first:1){nodes{id}} records(first:100){nodes{id status viewerCan{link} profiles(first:20){nodes{id}}}}}");
    const [profile] = data.profiles.nodes;
    for (const record of profile ? data.records.nodes : []) {
      if (record.status !== "OPEN" || record.profiles.nodes.some(({ id }) => id === profile.id)) continue;
      const { errors } = await ask(theirs, token, link, { r: record.id, p: profile.id });
      assert.equal(!errors, record.viewerCan.link, `${who}: ${record.id}`);
      outcomes[errors ? "refused" : "linked"]++;
    }
  }
  assert.ok(outcomes.linked > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
});

test("nobody reads without a key that works, or past the open tables", async () => {
  const query = "{allProfilesList{rowId}}";
  const narrow = keys.find(({ who }) => who.includes("integration")).token;
  const wrong = `${keys[0].token.slice(0, -4)}0000`;
  for (const token of ["", "ck_x", narrow, wrong]) {
    const answer = await ask(theirs, token, query);
    assert.ok(answer.errors, token);
    assert.ok(!answer.data?.allProfilesList, token);
  }
  const { data, errors } = await ask(theirs, keys[0].token, "{allApiKeysList{hash}}");
  assert.ok(errors && !data?.allApiKeysList);
});

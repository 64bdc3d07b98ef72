import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createClient } from 'graphql-ws'
import relay from 'relay-runtime'
import WebSocket from 'ws'
import { ask, binary, changeUntil, endpoint, keyOf, makeProfiles, serve, socketEndpoint } from './house.mjs'

const { Environment, Network, Observable, RecordSource, Store } = relay
const run = promisify(execFile)
const require = createRequire(import.meta.url)
const here = fileURLToPath(new URL('.', import.meta.url))
const key = await keyOf('Sam Ouellet')

// artifact is what the compiler wrote for an operation or a fragment.
const artifact = (name, of = folder) => require(join(of, 'made', `${name}.graphql.js`))

// compile reads the schema that the server prints, and writes CommonJS: in a folder below this one, so that it finds
// relay-runtime. The compiler's paths begin where it runs.
async function compile(into, more) {
  await mkdir(join(into, 'made'))
  await writeFile(join(into, 'package.json'), '{"type":"commonjs"}')
  const { stdout: schema } = await run(binary, ['sdl'], { maxBuffer: 16 << 20 })
  await writeFile(join(into, 'schema.graphql'), schema)
  const at = `./${basename(into)}`
  await writeFile(join(into, 'relay.json'), JSON.stringify({
    src: './relay', schema: `${at}/schema.graphql`, language: 'javascript', eagerEsModules: false, artifactDirectory: `${at}/made`, ...more,
  }))
  await run(process.execPath, [require.resolve('relay-compiler/cli.js'), `${at}/relay.json`], { cwd: here })
}

const folder = await mkdtemp(join(here, 'out-'))
after(() => rm(folder, { recursive: true }))
before(() => compile(folder))

// relayOf makes an environment as a page would, and keeps what it sent.
function relayOf({ at = endpoint, token = key, body = (params, variables) => ({ query: params.text, variables }), ...more } = {}) {
  const sent = []
  const fetchOverHTTP = async (params, variables) => {
    sent.push(params.name)
    const response = await fetch(at, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json', Authorization: `Bearer ${token}`,
        Accept: 'application/graphql-response+json, application/json;q=0.9',
      },
      body: JSON.stringify(body(params, variables)),
    })
    return response.json()
  }
  const sockets = []
  const subscribe = (params, variables) => Observable.create((sink) => {
    const socket = createClient({ url: socketEndpoint, webSocketImpl: WebSocket, connectionParams: { Authorization: `Bearer ${token}` } })
    sockets.push(socket)
    return socket.subscribe({ query: params.text, operationName: params.name, variables }, sink)
  })
  const environment = new Environment({
    network: Network.create(fetchOverHTTP, subscribe), store: new Store(new RecordSource()), ...more,
  })
  return { environment, sent, close: () => Promise.all(sockets.map((s) => s.dispose())) }
}

const fetchQuery = (environment, query, variables) => relay.fetchQuery(environment, query, variables).toPromise()

// read is what a component with this fragment would show.
function read(environment, fragment, reference) {
  return environment.lookup(relay.getSingularSelector(fragment, reference)).data
}

function commit(environment, mutation, variables) {
  return new Promise((resolve, reject) => {
    relay.commitMutation(environment, { mutation, variables, onError: reject, onCompleted: (response, errors) => resolve({ response, errors }) })
  })
}

// searched reads the list of the search page, as far as it was fetched.
function searched(environment, text) {
  const request = relay.createOperationDescriptor(artifact('searchQuery'), { text, count: 2 })
  return read(environment, artifact('search_profiles'), environment.lookup(request.fragment).data).profiles
}

const names = (profiles) => profiles.edges.map((edge) => edge.node.displayName)

test('pages of a connection are joined by the pagination query', async () => {
  await makeProfiles(key, 'Relaypages', ['Ada', 'Bo', 'Cleo', 'Dan', 'Eve'])
  const { environment } = relayOf()
  const text = 'relaypages'
  const place = () => searched(environment, text).pageInfo
  await fetchQuery(environment, artifact('searchQuery'), { text, count: 2 })
  assert.deepEqual(names(searched(environment, text)), ['Ada Relaypages', 'Bo Relaypages'])
  for (const more of [true, false]) {
    const { endCursor } = place()
    await fetchQuery(environment, artifact('searchPaginationQuery'), { text, count: 2, cursor: endCursor })
    assert.equal(place().hasNextPage, more)
  }
  assert.deepEqual(names(searched(environment, text)), ['Ada', 'Bo', 'Cleo', 'Dan', 'Eve'].map((n) => `${n} Relaypages`))
})

test('a nested connection is paged through node(id:), with what stands on its edges', async () => {
  const [id] = await makeProfiles(key, 'Relayrecords', ['Ada'])
  for (const title of ['First', 'Second', 'Third']) {
    await ask(key, 'mutation ($input: CreateRecordInput!) { createRecord(input: $input) { record { id } } }',
      { input: { title, kind: 'INDIVIDUAL', profiles: [{ profileId: id, role: 'PRIMARY' }] } })
  }
  const { environment } = relayOf()
  await fetchQuery(environment, artifact('recordsQuery'), { id, count: 2 })
  const request = relay.createOperationDescriptor(artifact('recordsQuery'), { id, count: 2 })
  const shown = () => read(environment, artifact('records_profile'), environment.lookup(request.fragment).data.profile).records
  const { endCursor } = shown().pageInfo
  await fetchQuery(environment, artifact('recordsPaginationQuery'), { id, count: 2, cursor: endCursor })
  assert.deepEqual(shown().edges.map((edge) => [edge.role, edge.node.title]),
    [['PRIMARY', 'Third'], ['PRIMARY', 'Second'], ['PRIMARY', 'First']])
})

test('a fragment is fetched again by node(id:)', async () => {
  const [id] = await makeProfiles(key, 'Relaynode', ['Ada'])
  const { environment } = relayOf()
  await fetchQuery(environment, artifact('cardQuery'), { id })
  const shown = () => {
    const request = relay.createOperationDescriptor(artifact('cardQuery'), { id })
    return read(environment, artifact('card_profile'), environment.lookup(request.fragment).data.profile)
  }
  assert.equal(shown().grade, null)
  await ask(key, 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { profile { id } } }',
    { input: { id, expectedVersion: 1, grade: '4' } })
  await fetchQuery(environment, artifact('cardRefetchQuery'), { id })
  assert.deepEqual([shown().grade, shown().version], ['4', 2])
})

test('what the list brought needs no second request: missing field handlers know the id', async () => {
  const [id] = await makeProfiles(key, 'Relaymissing', ['Ada'])
  const { environment, sent } = relayOf({
    missingFieldHandlers: [{
      kind: 'linked',
      handle: (field, record, args) => (record?.getType() === relay.ROOT_TYPE && field.name === 'profile' ? args.id : undefined),
    }],
  })
  const card = relay.createOperationDescriptor(artifact('cardQuery'), { id })
  assert.equal(environment.check(card).status, 'missing')
  await fetchQuery(environment, artifact('searchQuery'), { text: 'relaymissing', count: 2 })
  assert.equal(environment.check(card).status, 'available')
  const shown = read(environment, artifact('card_profile'), environment.lookup(card.fragment).data.profile)
  assert.equal(shown.displayName, 'Ada Relaymissing')
  assert.deepEqual(sent, ['searchQuery'])
})

test('mutations add to a connection, update rows, and bring userErrors', async () => {
  await makeProfiles(key, 'Relaychange', ['Ada'])
  const { environment } = relayOf()
  const text = 'relaychange'
  await fetchQuery(environment, artifact('searchQuery'), { text, count: 2 })
  const { response } = await commit(environment, artifact('changesCreateMutation'), {
    input: { givenName: 'Bo', familyName: 'Relaychange' }, connections: [searched(environment, text).__id],
  })
  assert.deepEqual(response.createProfile.userErrors, [])
  assert.deepEqual(names(searched(environment, text)), ['Ada Relaychange', 'Bo Relaychange'])

  const { id } = response.createProfile.profile
  const shown = () => read(environment, artifact('card_profile'), searched(environment, text).edges[1].node)
  await commit(environment, artifact('changesSaveMutation'), { input: { id, expectedVersion: 1, grade: '4' } })
  assert.equal(shown().grade, '4')
  const late = await commit(environment, artifact('changesSaveMutation'), { input: { id, expectedVersion: 1, grade: '5' } })
  assert.equal(late.response.updateProfile.userErrors[0].code, 'CONFLICT')
  assert.equal(shown().grade, '4')
})

test('a mutation with a key is sent again without a second effect', async () => {
  const { environment } = relayOf()
  const variables = { input: { givenName: 'Ada', familyName: 'Relaytwice' }, key: randomUUID() }
  const ids = []
  for (let turn = 0; turn < 2; turn++) {
    const { response } = await commit(environment, artifact('changesAgainMutation'), variables)
    ids.push(response.createProfile.profile.id)
  }
  assert.equal(ids[0], ids[1])
})

test('a subscription updates what is shown', async (t) => {
  const [id] = await makeProfiles(key, 'Relayfollow', ['Ada'])
  const { environment, close } = relayOf()
  t.after(close)
  await fetchQuery(environment, artifact('searchQuery'), { text: 'relayfollow', count: 2 })
  const seen = new Promise((resolve, reject) => {
    relay.requestSubscription(environment, {
      subscription: artifact('changesSubscription'), variables: { id }, onNext: resolve, onError: reject,
    })
  })
  const { profileChanged } = await changeUntil(seen, key, id)
  const shown = read(environment, artifact('card_profile'), searched(environment, 'relayfollow').edges[0].node)
  assert.equal(shown.version, profileChanged.version)
  assert.equal(shown.grade, String(shown.version - 1))
})

test('a query that cannot run rejects, with its code', async () => {
  const { environment } = relayOf({ token: 'ck_nobody_knows' })
  await assert.rejects(fetchQuery(environment, artifact('cardQuery'), { id: 'prof_00000000000000000000000000' }),
    (error) => error.source.errors[0].extensions.code === 'UNAUTHENTICATED')
})

test('persisted queries: the map that the compiler writes is a manifest of trusted documents', async (t) => {
  const own = await mkdtemp(join(here, 'out-'))
  t.after(() => rm(own, { recursive: true }))
  const manifest = join(own, 'documents.json')
  await writeFile(manifest, '{}')
  await compile(own, { persistConfig: { file: `./${basename(own)}/documents.json`, algorithm: 'SHA256' } })
  const query = artifact('searchQuery', own)
  assert.equal(query.params.text, null)
  assert.match(JSON.parse(await readFile(manifest, 'utf8'))[query.params.id], /^query searchQuery/)

  const { url, keys } = await serve(t, ['--trusted-documents', manifest])
  const { environment } = relayOf({
    at: url, token: await keyOf('Sam Ouellet', keys),
    body: ({ id }, variables) => ({ documentId: id, variables }),
  })
  await fetchQuery(environment, query, { text: 'gauthier', count: 2 })
  assert.deepEqual(names(searched(environment, 'gauthier')), ['Rosalie Gauthier'])
})

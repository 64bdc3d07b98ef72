import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { CloseCode, createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { all, changeUntil, keyOf, makeProfiles, serve, socketEndpoint } from './house.mjs'

const key = await keyOf('Ben Tran')
const changes = 'subscription Changes($id: ID!) { profileChanged(id: $id) { id version grade } }'

function follow(t, options = {}) {
  const client = createClient({
    url: socketEndpoint, webSocketImpl: WebSocket, connectionParams: { Authorization: `Bearer ${key}` }, ...options,
  })
  t.after(() => client.dispose())
  return client
}

test('queries and mutations run over the socket too', async (t) => {
  const client = follow(t)
  const [answer, ...more] = await all(client.iterate({ query: '{ viewer { professional { name } } }' }))
  assert.equal(answer.data.viewer.professional.name, 'Ben Tran')
  assert.deepEqual(more, [])
  const mutation = 'mutation { createProfile(input: { givenName: "Ada", familyName: "Socketmutation" }) { profile { displayName } } }'
  const [made] = await all(client.iterate({ query: mutation }))
  assert.equal(made.data.createProfile.profile.displayName, 'Ada Socketmutation')
})

test('several subscriptions share a socket, and each brings its own', async (t) => {
  const ids = await makeProfiles(key, 'Socketshared', ['Ada', 'Bo'])
  let opened = 0
  const client = follow(t, { on: { opened: () => { opened++ } } })
  const streams = ids.map((id) => client.iterate({ query: changes, variables: { id } }))
  const seen = await Promise.all(ids.map((id, n) => changeUntil(streams[n].next(), key, id)))
  assert.deepEqual(seen.map(({ value }) => value.data.profileChanged.id), ids)
  assert.equal(opened, 1)
  await Promise.all(streams.map((stream) => stream.return()))
})

test('a bad key closes the socket with 4403', async (t) => {
  // The client tries again even then, unless it is told not to.
  const client = follow(t, {
    connectionParams: { Authorization: 'Bearer ck_nobody_knows' }, shouldRetry: ({ code }) => code !== CloseCode.Forbidden,
  })
  let opened = 0
  client.on('opened', () => { opened++ })
  await assert.rejects(client.iterate({ query: '{ viewer { scopes } }' }).next(), (event) => event.code === CloseCode.Forbidden)
  assert.equal(opened, 1)
})

test('a document that cannot run is an error of its own subscription', async (t) => {
  const client = follow(t)
  await assert.rejects(client.iterate({ query: 'subscription { nobodyKnowsThis }' }).next(),
    (errors) => errors[0].extensions.code === 'GRAPHQL_VALIDATION_FAILED')
  const { value } = await client.iterate({ query: '{ viewer { scopes } }' }).next()
  assert(value.data.viewer.scopes.includes('PROFILES_READ'))
})

test('what cannot be seen cannot be followed, and is like what does not exist', async (t) => {
  const client = follow(t)
  const [hidden] = await makeProfiles(await keyOf('Maya Benali'), 'Sockethidden', ['Ada'])
  const told = []
  for (const id of [hidden, 'prof_01m1byff40fghvxr6x0y1csm00']) {
    await client.iterate({ query: changes, variables: { id } }).next().then(
      ({ value }) => told.push(value.errors), (errors) => told.push(errors))
  }
  assert.equal(told[0][0].extensions.code, 'NOT_FOUND')
  assert.deepEqual(told[0], told[1])
})

test('the server answers pings', async (t) => {
  const client = follow(t, { keepAlive: 50 })
  const answered = new Promise((resolve) => { client.on('pong', (received) => received && resolve()) })
  const [id] = await makeProfiles(key, 'Socketping', ['Ada'])
  const stream = client.iterate({ query: changes, variables: { id } })
  const next = stream.next()
  await answered
  await stream.return()
  assert.deepEqual(await next, { done: true, value: undefined })
})

test('the older protocol is refused', async () => {
  const socket = new WebSocket(socketEndpoint, 'graphql-ws', { headers: { Authorization: `Bearer ${key}` } })
  await assert.rejects(once(socket, 'open'))
})

test('a client comes back after the server was stopped, with a subscription that works', async (t) => {
  const server = await serve(t)
  const own = await keyOf('Ben Tran', server.keys)
  const [id] = await makeProfiles(own, 'Socketretry', ['Ada'], server.url)
  let back
  const isBack = new Promise((resolve) => { back = resolve })
  t.after(back)
  const client = follow(t, {
    url: server.url.replace(/^http/, 'ws'), connectionParams: { Authorization: `Bearer ${own}` }, retryWait: () => isBack,
  })
  const stream = client.iterate({ query: changes, variables: { id } })
  const before = (await changeUntil(stream.next(), own, id, server.url)).value.data.profileChanged

  const closed = new Promise((resolve) => { client.on('closed', resolve) })
  await server.stop()
  assert.equal((await closed).code, 1012)

  await server.startAgain()
  back()
  const after = (await changeUntil(stream.next(), own, id, server.url, before.version)).value.data.profileChanged
  assert(after.version > before.version)
  await stream.return()
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cacheExchange, createClient, fetchExchange, gql, subscriptionExchange } from '@urql/core'
import { createClient as createSSEClient } from 'graphql-sse'
import { createClient as createSocketClient } from 'graphql-ws'
import WebSocket from 'ws'
import { changeUntil, endpoint, keyOf, makeProfiles, saveGrade, socketEndpoint } from './house.mjs'

const key = await keyOf('Ann Lavoie')
const authorization = { Authorization: `Bearer ${key}` }

// urql makes a client as a page would, and keeps what it asked and how it was answered.
function urql({ headers = authorization, subscribe, ...more } = {}) {
  const sent = []
  const exchanges = [cacheExchange, ...(subscribe ? [subscriptionExchange({ forwardSubscription: subscribe })] : []), fetchExchange]
  const client = createClient({
    url: endpoint, preferGetMethod: false, fetchOptions: { headers }, exchanges,
    fetch: async (url, options) => {
      const response = await fetch(url, options)
      sent.push({ accept: options.headers.accept, status: response.status, type: response.headers.get('content-type') })
      return response
    },
    ...more,
  })
  return { client, sent }
}

const person = gql`query Person($id: ID!) { profile(id: $id) { id version displayName grade } }`
const save = gql`
  mutation SaveGrade($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      profile { id version grade }
      userErrors { code field message currentValue }
    }
  }
`
const changes = gql`subscription Changes($id: ID!) { profileChanged(id: $id) { id version grade } }`

test('a client that accepts event streams too is answered in JSON', async () => {
  const [id] = await makeProfiles(key, 'Urqlquery', ['Ada'])
  const { client, sent } = urql()
  const { data, error } = await client.query(person, { id }).toPromise()
  assert.equal(error, undefined)
  assert.equal(data.profile.displayName, 'Ada Urqlquery')
  assert.match(sent[0].accept, /text\/event-stream/)
  assert.deepEqual([sent[0].status, sent[0].type], [200, 'application/graphql-response+json; charset=utf-8'])
})

test('queries by GET', async () => {
  const [id] = await makeProfiles(key, 'Urqlget', ['Ada'])
  const { client } = urql({ preferGetMethod: 'force' })
  const { data, error } = await client.query(person, { id }).toPromise()
  assert.equal(error, undefined)
  assert.equal(data.profile.displayName, 'Ada Urqlget')
})

test('a mutation, its userErrors, and the query that is asked again', async () => {
  const [id] = await makeProfiles(key, 'Urqlmutation', ['Ada'])
  const { client } = urql()
  await client.query(person, { id }).toPromise()
  const saved = await client.mutation(save, { input: { id, expectedVersion: 1, grade: '4' } }).toPromise()
  assert.deepEqual(saved.data.updateProfile.userErrors, [])
  assert.equal((await client.query(person, { id }).toPromise()).data.profile.grade, '4')

  const late = await client.mutation(save, { input: { id, expectedVersion: 1, grade: '5' } }).toPromise()
  assert.equal(late.error, undefined)
  const [conflict] = late.data.updateProfile.userErrors
  assert.deepEqual([conflict.code, conflict.field, JSON.parse(conflict.currentValue)], ['CONFLICT', 'grade', '4'])
})

test('absent leaves alone, null clears', async () => {
  const [id] = await makeProfiles(key, 'Urqlnull', ['Ada'])
  await saveGrade(key, id, 1, '4')
  const { client } = urql()
  const grade = async (input) => {
    const { data } = await client.mutation(save, { input: { id, ...input } }).toPromise()
    assert.deepEqual(data.updateProfile.userErrors, [])
    return data.updateProfile.profile.grade
  }
  assert.equal(await grade({ expectedVersion: 2, pronouns: 'elle', grade: undefined }), '4')
  assert.equal(await grade({ expectedVersion: 3, grade: null }), null)
})

test('errors carry their codes', async () => {
  const { client } = urql()
  const { error } = await client.query(gql`{ profiles(first: 101) { totalCount } }`, {}).toPromise()
  assert.equal(error.graphQLErrors[0].extensions.code, 'INVALID')
  const stranger = urql({ headers: { Authorization: 'Bearer ck_nobody_knows' } })
  const refused = await stranger.client.query(gql`{ viewer { scopes } }`, {}).toPromise()
  assert.equal(refused.error.graphQLErrors[0].extensions.code, 'UNAUTHENTICATED')
  assert.equal(refused.error.response.status, 401)
})

// first is the first change that a client's subscription brings.
function first(client, id) {
  return new Promise((resolve, reject) => {
    const { unsubscribe } = client.subscription(changes, { id }).subscribe(({ data, error }) => {
      queueMicrotask(() => unsubscribe())
      if (error) reject(error)
      else resolve(data.profileChanged)
    })
  })
}

test('a subscription over graphql-ws', async (t) => {
  const [id] = await makeProfiles(key, 'Urqlsocket', ['Ada'])
  const socket = createSocketClient({ url: socketEndpoint, webSocketImpl: WebSocket, connectionParams: authorization })
  t.after(() => socket.dispose())
  const { client } = urql({
    subscribe: (request) => ({ subscribe: (sink) => ({ unsubscribe: socket.subscribe(request, sink) }) }),
  })
  const changed = await changeUntil(first(client, id), key, id)
  assert.equal(changed.grade, String(changed.version - 1))
})

test('a subscription over graphql-sse', async (t) => {
  const [id] = await makeProfiles(key, 'Urqlstream', ['Ada'])
  const stream = createSSEClient({ url: endpoint, headers: authorization, retryAttempts: 0 })
  t.after(() => stream.dispose())
  const { client } = urql({
    subscribe: (request) => ({ subscribe: (sink) => ({ unsubscribe: stream.subscribe(request, sink) }) }),
  })
  const changed = await changeUntil(first(client, id), key, id)
  assert.equal(changed.grade, String(changed.version - 1))
})

test('a subscription by urql alone, over event streams', async () => {
  const [id] = await makeProfiles(key, 'Urqlfetch', ['Ada'])
  const { client, sent } = urql({ fetchSubscriptions: true })
  const changed = await changeUntil(first(client, id), key, id)
  assert.equal(changed.grade, String(changed.version - 1))
  assert.match(sent[0].type, /^text\/event-stream/)
})

import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { relayStylePagination } from '@apollo/client/utilities'
import { OperationTypeNode } from 'graphql'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { changeUntil, endpoint, keyOf, makeProfiles, saveGrade, socketEndpoint } from './house.mjs'

const key = await keyOf('Bob Gagnon')

const search = gql`
  query Search($text: String!, $after: String) {
    profiles(first: 2, after: $after, filter: { namePrefix: $text }) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id version displayName grade } }
    }
  }
`
const saveGradeMutation = gql`
  mutation SaveGrade($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      profile { id version grade }
      userErrors { code field message currentValue }
    }
  }
`

// apollo makes a client as a page would, and keeps what it sent.
function apollo({ token = key, link } = {}) {
  const sent = []
  const http = new HttpLink({
    uri: endpoint,
    headers: { Authorization: `Bearer ${token}` },
    fetch: async (uri, options) => {
      const response = await fetch(uri, options)
      sent.push({ body: JSON.parse(options.body), status: response.status, type: response.headers.get('content-type') })
      return response
    },
  })
  const cache = new InMemoryCache({
    typePolicies: { Query: { fields: { profiles: relayStylePagination(['filter', 'orderBy']) } } },
  })
  const client = new ApolloClient({ cache, link: link ? ApolloLink.from([link, http]) : http })
  return { client, cache, sent }
}

function names(data) {
  return data.profiles.edges.map((edge) => edge.node.displayName)
}

test('a query is answered in the newer type, and cached', async () => {
  const { client, sent } = apollo()
  const query = gql`query Me { viewer { professional { id name } workspace { id name } scopes } }`
  const { data } = await client.query({ query })
  assert.equal(data.viewer.professional.name, 'Bob Gagnon')
  await client.query({ query })
  assert.deepEqual(sent.map((s) => [s.status, s.type]), [[200, 'application/graphql-response+json; charset=utf-8']])
})

test('relayStylePagination joins the pages', async () => {
  await makeProfiles(key, 'Apollopages', ['Ada', 'Bo', 'Cleo', 'Dan', 'Eve'])
  const { client } = apollo()
  const watched = client.watchQuery({ query: search, variables: { text: 'apollopages' } })
  let { data } = await new Promise((resolve) => watched.subscribe((result) => result.loading || resolve(result)))
  assert.deepEqual(names(data), ['Ada Apollopages', 'Bo Apollopages'])
  for (const more of [true, false]) {
    await watched.fetchMore({ variables: { after: data.profiles.pageInfo.endCursor } })
    data = client.readQuery({ query: search, variables: { text: 'apollopages' } })
    assert.equal(data.profiles.pageInfo.hasNextPage, more)
  }
  assert.deepEqual(names(data), ['Ada', 'Bo', 'Cleo', 'Dan', 'Eve'].map((n) => `${n} Apollopages`))
  assert.equal(data.profiles.totalCount, 5)
})

test('a mutation updates what the cache shows', async () => {
  const [id] = await makeProfiles(key, 'Apollocache', ['Ada'])
  const { client, cache } = apollo()
  const variables = { text: 'apollocache' }
  await client.query({ query: search, variables })
  await client.mutate({ mutation: saveGradeMutation, variables: { input: { id, expectedVersion: 1, grade: '4' } } })
  const { node } = client.readQuery({ query: search, variables }).profiles.edges[0]
  assert.deepEqual([node.grade, node.version], ['4', 2])

  const create = gql`
    mutation Create($input: CreateProfileInput!) {
      createProfile(input: $input) {
        profile { id version displayName grade }
        userErrors { code field message }
      }
    }
  `
  await client.mutate({
    mutation: create,
    variables: { input: { givenName: 'Bo', familyName: 'Apollocache' } },
    update(_, { data: { createProfile: { profile } } }) {
      cache.updateQuery({ query: search, variables }, ({ profiles }) => ({
        profiles: { ...profiles, edges: [...profiles.edges, { __typename: 'ProfileEdge', cursor: '', node: profile }] },
      }))
    },
  })
  assert.deepEqual(names(client.readQuery({ query: search, variables })), ['Ada Apollocache', 'Bo Apollocache'])
})

test('userErrors arrive as data, CONFLICT with the present value', async () => {
  const [id] = await makeProfiles(key, 'Apolloconflict', ['Ada'])
  await saveGrade(key, id, 1, '4')
  const { client } = apollo()
  const save = (input) => client.mutate({ mutation: saveGradeMutation, variables: { input: { id, ...input } } })

  let { data } = await save({ expectedVersion: 1, grade: '5' })
  const [conflict] = data.updateProfile.userErrors
  assert.equal(data.updateProfile.profile, null)
  assert.deepEqual([conflict.code, conflict.field, JSON.parse(conflict.currentValue)], ['CONFLICT', 'grade', '4'])

  ;({ data } = await save({ expectedVersion: 2, grade: '5' }))
  assert.deepEqual(data.updateProfile.userErrors, [])
  assert.deepEqual([data.updateProfile.profile.grade, data.updateProfile.profile.version], ['5', 3])
})

test('a mutation with a key is sent again without a second effect', async () => {
  const { client } = apollo()
  const mutation = gql`
    mutation Create($input: CreateProfileInput!, $key: String!) {
      createProfile(input: $input) @idempotent(key: $key) {
        profile { id }
        userErrors { code }
      }
    }
  `
  const variables = { input: { givenName: 'Ada', familyName: 'Apollotwice' }, key: randomUUID() }
  const first = await client.mutate({ mutation, variables })
  const again = await client.mutate({ mutation, variables })
  assert.equal(again.data.createProfile.profile.id, first.data.createProfile.profile.id)
  const other = await client.mutate({ mutation, variables: { ...variables, input: { ...variables.input, givenName: 'Bo' } } })
  assert.equal(other.data.createProfile.userErrors[0].code, 'IDEMPOTENCY_MISMATCH')
})

test('errors carry their codes', async () => {
  const { client } = apollo()
  const codeOf = async (query, variables) => {
    const { error } = await client.query({ query, variables, errorPolicy: 'all' })
    assert(CombinedGraphQLErrors.is(error), String(error))
    return error.errors[0].extensions.code
  }
  assert.equal(await codeOf(gql`{ profiles(first: 101) { totalCount } }`), 'INVALID')
  assert.equal(await codeOf(gql`{ nobodyKnowsThis }`), 'GRAPHQL_VALIDATION_FAILED')
  const missing = await client.query({ query: gql`query ($id: ID!) { profile(id: $id) { id } }`, variables: { id: 'prof_00000000000000000000000000' } })
  assert.equal(missing.data.profile, null)

  // Without userErrors the same failure is an error of the operation.
  const [id] = await makeProfiles(key, 'Apollocodes', ['Ada'])
  await saveGrade(key, id, 1, '4')
  const mutation = gql`mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { profile { id } } }`
  const variables = { input: { id, expectedVersion: 1, grade: '5' } }
  const { error } = await client.mutate({ mutation, variables, errorPolicy: 'all' })
  assert(CombinedGraphQLErrors.is(error), String(error))
  assert.equal(error.errors[0].extensions.code, 'CONFLICT')
})

test('a bad key is an error with a code too, with status 401', async () => {
  const { client, sent } = apollo({ token: 'ck_nobody_knows' })
  await assert.rejects(client.query({ query: gql`{ viewer { scopes } }` }), (error) => {
    assert(CombinedGraphQLErrors.is(error), String(error))
    assert.equal(error.errors[0].extensions.code, 'UNAUTHENTICATED')
    return true
  })
  assert.equal(sent[0].status, 401)
})

test('persisted queries: the hash alone, once the server has seen the document', async () => {
  const persisted = () => new PersistedQueryLink({ sha256: (text) => createHash('sha256').update(text).digest('hex') })
  // A document that no other run has sent.
  const query = gql(`query Persisted${Date.now()} { viewer { workspace { id name } } }`)
  for (const requests of [['hash', 'hash and text'], ['hash']]) {
    const { client, sent } = apollo({ link: persisted() })
    const { data } = await client.query({ query })
    assert.equal(data.viewer.workspace.name.length > 0, true)
    assert.deepEqual(sent.map(({ body }) => (body.query ? 'hash and text' : 'hash')), requests)
    assert(sent.every(({ body }) => body.extensions.persistedQuery.sha256Hash))
  }
})

test('a subscription over graphql-ws updates what is watched', async (t) => {
  const [id] = await makeProfiles(key, 'Apollofollow', ['Ada'])
  const socket = createClient({
    url: socketEndpoint, webSocketImpl: WebSocket, connectionParams: { Authorization: `Bearer ${key}` },
  })
  t.after(() => socket.dispose())
  const { client } = apollo({
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION, new GraphQLWsLink(socket),
      new ApolloLink((operation, forward) => forward(operation))),
  })
  await client.query({ query: search, variables: { text: 'apollofollow' } })
  const changes = client.subscribe({
    query: gql`subscription ($id: ID!) { profileChanged(id: $id) { id version grade } }`, variables: { id },
  })
  const change = new Promise((resolve, reject) => changes.subscribe({ next: resolve, error: reject }))
  const { profileChanged } = (await changeUntil(change, key, id)).data
  assert.equal(profileChanged.grade, String(profileChanged.version - 1))
  const { node } = client.readQuery({ query: search, variables: { text: 'apollofollow' } }).profiles.edges[0]
  assert.equal(node.version, profileChanged.version)
})

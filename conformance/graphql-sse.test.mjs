import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NetworkError, createClient } from 'graphql-sse'
import { all, changeUntil, endpoint, keyOf, makeProfiles } from './house.mjs'

const key = await keyOf('Adam Fortin')
const changes = 'subscription Changes($id: ID!) { profileChanged(id: $id) { id version grade } }'

function follow(t, token = key) {
  const client = createClient({ url: endpoint, headers: { Authorization: `Bearer ${token}` }, retryAttempts: 0 })
  t.after(() => client.dispose())
  return client
}

test('queries are answered by one event', async (t) => {
  const [answer, ...more] = await all(follow(t).iterate({ query: '{ viewer { professional { name } } }' }))
  assert.deepEqual(answer.data, { viewer: { professional: { name: 'Adam Fortin' } } })
  assert.deepEqual(more, [])
})

test('a subscription brings the changes', async (t) => {
  const [id] = await makeProfiles(key, 'Streamfollow', ['Ada'])
  const stream = follow(t).iterate({ query: changes, variables: { id } })
  const { value } = await changeUntil(stream.next(), key, id)
  const { grade, version } = value.data.profileChanged
  assert.equal(grade, String(version - 1))
  await stream.return()
})

test('a document that cannot run says why', async (t) => {
  const { value } = await follow(t).iterate({ query: 'subscription { nobodyKnowsThis }' }).next()
  assert.equal(value.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED')
})

test('a bad key is refused with status 401', async (t) => {
  await assert.rejects(follow(t, 'ck_nobody_knows').iterate({ query: '{ viewer { scopes } }' }).next(), (error) => {
    assert(error instanceof NetworkError, String(error))
    return error.response.status === 401
  })
})

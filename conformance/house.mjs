// The server that the suite speaks to: scripts/with-server started it, with the demo in it.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'

const { CONTINUUM_URL, CONTINUUM_KEYS_FILE, CONTINUUM_BINARY } = process.env
assert(CONTINUUM_URL && CONTINUUM_KEYS_FILE && CONTINUUM_BINARY, 'run it by: make conformance')

export const binary = CONTINUUM_BINARY
export const endpoint = `${CONTINUUM_URL}/graphql`
export const socketEndpoint = endpoint.replace(/^http/, 'ws')

// keyOf is the demo's key of a person, the first one where there are several: keyOf('Bob Gagnon'). Each client of
// the suite acts as somebody of its own, so that none of them uses up what another may ask.
export async function keyOf(name, file = CONTINUUM_KEYS_FILE) {
  const line = (await readFile(file, 'utf8')).split('\n').find((l) => l.startsWith(name))
  assert(line, `the demo has no key of ${name}`)
  return line.trim().split(/\s+/).at(-1)
}

// ask sends a request without any client, to prepare what a client is to find.
export async function ask(key, query, variables, at = endpoint) {
  const answer = await fetch(at, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await answer.json()
  assert.equal(errors, undefined, JSON.stringify(errors))
  return data
}

// makeProfiles makes people of one family name, and returns their ids in the order of lists.
export async function makeProfiles(key, familyName, givenNames, at = endpoint) {
  const ids = []
  for (const givenName of givenNames) {
    const { createProfile } = await ask(key,
      'mutation ($input: CreateProfileInput!) { createProfile(input: $input) { profile { id } } }',
      { input: { givenName, familyName } }, at)
    ids.push(createProfile.profile.id)
  }
  return ids
}

export async function saveGrade(key, id, expectedVersion, grade, at = endpoint) {
  await ask(key, 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { profile { id } } }',
    { input: { id, expectedVersion, grade } }, at)
}

// changeUntil changes the grade of a new profile until the change was seen: nothing tells a client that its subscription
// has begun. Version 2 has the grade 1, version 3 the grade 2, and so on.
export async function changeUntil(seen, key, id, at = endpoint, version = 1) {
  let done = false
  const settled = seen.finally(() => { done = true }).catch(() => {})
  for (; !done; version++) {
    await saveGrade(key, id, version, String(version), at)
    await Promise.race([settled, setTimeout(100)])
  }
  return seen
}

// all is everything that a stream brings.
export async function all(stream) {
  const brought = []
  for await (const one of stream) brought.push(one)
  return brought
}

// serve starts a server of the test's own, which the test may stop and start again. It ends with the test.
export async function serve(t, flags = []) {
  const folder = await mkdtemp(join(tmpdir(), 'continuum-conformance-'))
  let server
  const stop = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const exit = once(server, 'exit')
    server.kill('SIGTERM')
    await exit
  }
  const start = async (listen) => {
    server = spawn(binary, ['serve', '--demo', '--listen', listen, '--database', `sqlite:${folder}/continuum.db`, ...flags],
      { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    server.stderr.on('data', (text) => { said += text })
    for await (const line of createInterface({ input: server.stdout })) {
      const [url] = line.match(/http:\/\/127\.0\.0\.1:\d+/) ?? []
      if (url) {
        server.stdout.resume()
        return url
      }
    }
    throw new Error(`the server did not say its address: ${said}`)
  }
  t.after(async () => {
    await stop()
    await rm(folder, { recursive: true })
  })
  const url = await start('127.0.0.1:0')
  return { url: `${url}/graphql`, keys: join(folder, 'demo-keys.txt'), stop, startAgain: () => start(new URL(url).host) }
}

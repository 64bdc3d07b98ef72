// Runs docs/partners.md: every command of the guide, in one shell, against a server of its own.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ask, keyOf, serve } from './house.mjs'
import { sdlOfTree } from './sdl.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const guide = await readFile(join(root, 'docs', 'partners.md'), 'utf8')

// steps are the commands of the guide, each with the answer that it shows, if any.
const blocks = [...guide.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, kind, text]) => ({ kind, text }))
const steps = blocks.flatMap(({ kind, text }, n) => {
  const next = blocks[n + 1]
  return kind === 'sh' ? [{ command: text, shown: next && next.kind !== 'sh' ? next : undefined }] : []
})

const mark = '\x1e' // no answer holds one

// runShell runs all commands in one shell, as a reader would, and returns what each has said.
async function runShell(commands, env) {
  const shell = spawn('bash', ['-c', commands.map((c) => `${c}printf '${mark}'\n`).join('')], { cwd: root, env: { ...process.env, ...env } })
  const said = { out: '', err: '' }
  shell.stdout.on('data', (text) => { said.out += text })
  shell.stderr.on('data', (text) => { said.err += text })
  await once(shell, 'close')
  return { said: said.out.split(mark), complaints: said.err }
}

// fits compares with what is shown, where … stands for anything.
function fits(shown, actual) {
  const pattern = shown.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*')
  return new RegExp(`^${pattern}$`, 'is').test(actual)
}

// masked puts … where the answer that is shown has one.
function masked(actual, shown) {
  if (typeof shown === 'string' && shown.includes('…') && typeof actual === 'string') return fits(shown, actual) ? shown : actual
  if (actual === null || typeof actual !== 'object') return actual
  return Array.isArray(actual)
    ? actual.map((one, n) => masked(one, shown?.[n]))
    : Object.fromEntries(Object.entries(actual).map(([name, one]) => [name, masked(one, shown?.[name])]))
}

function compare({ kind, text }, said) {
  if (kind === 'json') {
    const { extensions, ...answer } = JSON.parse(said)
    const shown = JSON.parse(text)
    assert.deepEqual(masked(answer, shown), shown)
  } else if (kind === 'http') {
    const lines = said.split(/\r?\n/)
    for (const line of text.trim().split('\n')) {
      assert(lines.some((one) => fits(line, one) || fits(`${line}…`, one)), `${line}\nis not in\n${said}`)
    }
  } else {
    assert.equal(said, text)
  }
}

test('every command of the guide answers as it shows', async (t) => {
  const server = await serve(t)
  const env = { CONTINUUM_URL: new URL(server.url).origin, CONTINUUM_KEY: await keyOf('Bob Gagnon', server.keys) }
  const { said, complaints } = await runShell(steps.map(({ command }) => command), env)
  assert(steps.length >= 18, `the guide has ${steps.length} commands`)
  for (const [n, { command, shown }] of steps.entries()) {
    await t.test(`step ${n + 1}: ${command.slice(0, 60).replaceAll('\n', ' ')}`, () => (shown ? compare(shown, said[n]) : assert.equal(said[n], '')))
  }
  assert.equal(complaints, '')
})

test('the codes of the guide are those of the SDL', async () => {
  const [, values] = (await sdlOfTree(root)).match(/enum ErrorCode \{(.*?)\n\}/s)
  const known = new Set(values.match(/^ {2}[A-Z_]+$/gm).map((code) => code.trim()))
  const [, table] = guide.match(/^\| code (.*?)\n\n/ms)
  const told = table.match(/`[A-Z_]+`/g).map((code) => code.slice(1, -1))
  assert.deepEqual(told.filter((code) => !known.has(code)), [])
})

// A network that loses the first answer to each request, after the server has done what it asks.
async function lossy(t, to) {
  const seen = new Set()
  let lost = 0
  const proxy = createServer((from, answer) => {
    let body = ''
    from.on('data', (text) => { body += text })
    from.on('end', () => {
      const onward = request(to, { method: from.method, headers: { ...from.headers, host: new URL(to).host } }, (came) => {
        const name = `${from.headers['idempotency-key']} ${body}`
        if (!seen.has(name)) {
          seen.add(name)
          lost++
          came.resume().on('end', () => answer.destroy())
          return
        }
        answer.writeHead(came.statusCode, came.headers)
        came.pipe(answer)
      })
      onward.end(body)
    })
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.after(() => proxy.close())
  return { url: `http://127.0.0.1:${proxy.address().port}`, lost: () => lost }
}

test('the program survives a network that loses every first answer, and changes nothing twice', async (t) => {
  const server = await serve(t)
  const key = await keyOf('Bob Gagnon', server.keys)
  const network = await lossy(t, server.url)
  const folder = await mkdtemp(join(tmpdir(), 'continuum-partner-'))
  t.after(() => rm(folder, { recursive: true }))
  const run = promisify(execFile)
  await run('go', ['build', '-o', join(folder, 'partner'), './examples/partner'], { cwd: root })
  const { stdout } = await run(join(folder, 'partner'), { env: { CONTINUUM_URL: network.url, CONTINUUM_KEY: key } })
  assert.match(stdout, /the first is the same: true[^]*Page 2: Bruno Registre, records 1, mother Rita Registre\n$/)
  assert(network.lost() >= 7, `${network.lost()} answers were lost`)
  const { profiles, contacts, records } = await ask(key, `{
    profiles(filter: { namePrefix: "registre" }) { totalCount }
    contacts(filter: { namePrefix: "registre" }) { totalCount }
    records(filter: { kind: [FAMILY] }) { nodes { title } }
  }`, {}, server.url)
  assert.deepEqual([profiles.totalCount, contacts.totalCount], [2, 1])
  assert.equal(records.nodes.filter(({ title }) => title === 'Arrival of two children').length, 1)
})

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { breaking } from './compatible.mjs'
import { git, sdlOfTree } from './sdl.mjs'

const sdl = await sdlOfTree(fileURLToPath(new URL('..', import.meta.url)))

// doctored is the SDL with one change.
function doctored(from, to) {
  assert(sdl.includes(from), `the SDL has no ${from}`)
  return sdl.replace(from, to)
}

const pronouns = '  "Pronouns."\n  pronouns: String\n'

test('what breaks clients is found, and nothing else', async () => {
  assert.deepEqual(await breaking(sdl, sdl), [])
  assert.deepEqual(await breaking(sdl, doctored(pronouns, '')), ["Field 'pronouns' was removed from object type 'Profile'"])
  assert.equal((await breaking(sdl, doctored('  grade: String\n', '  grade: Int\n'))).length, 1)
  assert.equal((await breaking(sdl, doctored('  givenName: String!\n  "Middle name, at', '  givenName: String!\n  "New."\n  newField: Int!\n  "Middle name, at'))).length, 1)
  assert.equal((await breaking(sdl, doctored('  "A family."\n  FAMILY\n', ''))).length, 1)
  assert.deepEqual(await breaking(sdl, doctored(pronouns, `${pronouns}  "New."\n  newField: String\n`)), [])
})

test('what was deprecated may go', async () => {
  const deprecated = doctored(pronouns, pronouns.replace('String\n', 'String @deprecated(reason: "Gone after 2027-01-31.")\n'))
  assert.deepEqual(await breaking(sdl, deprecated), [])
  assert.deepEqual(await breaking(deprecated, doctored(pronouns, '')), [])
})

// compatible runs the program, as make does.
async function compatible(folder) {
  const program = spawn(process.execPath, [fileURLToPath(new URL('compatible.mjs', import.meta.url)), folder])
  let said = ''
  for (const stream of [program.stdout, program.stderr]) stream.on('data', (text) => { said += text })
  const [code] = await once(program, 'close')
  return { code, said }
}

test('the tree is compared with the newest tag, and a clone without tags is told apart', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'continuum-compatible-'))
  t.after(() => rm(folder, { recursive: true }))
  const origin = join(folder, 'origin')
  const write = (text) => writeFile(join(origin, 'schema', 'all.graphql'), text)
  const commit = async () => {
    await git(origin, 'add', '.')
    await git(origin, '-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '--message', 'test')
  }
  await mkdir(join(origin, 'schema'), { recursive: true })
  await git(origin, 'init', '--quiet')
  await write(doctored(pronouns, ''))
  await commit()
  assert.match((await compatible(origin)).said, /^There is no tag v\*/)
  await git(origin, 'tag', 'v0.9.0')
  await write(sdl)
  await commit()
  await git(origin, 'tag', 'v0.10.0')
  assert.deepEqual(await compatible(origin), { code: 0, said: 'The SDL breaks no client of v0.10.0.\n' })

  await write(doctored(pronouns, ''))
  const broken = await compatible(origin)
  assert.equal(broken.code, 1)
  assert.match(broken.said, /breaks clients of v0\.10\.0:\n- Field 'pronouns' was removed/)

  await commit()
  await git(folder, 'clone', '--quiet', '--depth=1', '--no-tags', `file://${origin}`, 'shallow')
  const shallow = await compatible(join(folder, 'shallow'))
  assert.equal(shallow.code, 1)
  assert.match(shallow.said, /git fetch --unshallow --tags/)
})

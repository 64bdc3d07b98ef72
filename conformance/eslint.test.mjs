import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ESLint } from 'eslint'
import { binary } from './house.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const { stdout: sdl } = await promisify(execFile)(binary, ['sdl'], { maxBuffer: 16 << 20 })
const folder = await mkdtemp(join(here, 'out-'))
after(() => rm(folder, { recursive: true }))

// lint says what the rules find in a schema. The parser takes the schema from the settings, so each has its own.
async function lint(name, text) {
  const file = join(folder, `${name}.graphql`)
  await writeFile(file, text)
  const eslint = new ESLint({
    cwd: here, overrideConfig: { languageOptions: { parserOptions: { graphQLConfig: { schema: file } } } },
  })
  const [{ messages }] = await eslint.lintFiles([file])
  return messages.map(({ ruleId, line, message }) => `${ruleId?.replace('@graphql-eslint/', '')} ${line}: ${message}`)
}

test('the SDL keeps the rules', async () => {
  assert.deepEqual(await lint('schema', sdl), [])
})

test('the rules find what is wrong', async () => {
  const doctored = sdl
    .replace(/(type ProfileConnection \{[^}]*)pageInfo: PageInfo!/, '$1pageInfo: PageInfo')
    .replace(/(type ProfileEdge \{[^}]*)node: Profile!/, '$1node: [Profile!]')
    .replace(/"""\n[^"]*"""\n(type Viewer )/, '$1')
  const rules = new Set((await lint('doctored', doctored)).map((found) => found.split(' ')[0]))
  assert.deepEqual(rules, new Set(['relay-connection-types', 'relay-edge-types', 'require-description']))
})

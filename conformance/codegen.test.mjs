import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { preset } from '@graphql-codegen/client-preset'
import { codegen } from '@graphql-codegen/core'
import { buildASTSchema, parse } from 'graphql'
import { binary, keyOf, serve } from './house.mjs'

const run = promisify(execFile)
const here = fileURLToPath(new URL('.', import.meta.url))
const documents = await readFile(join(here, 'codegen', 'page.graphql'), 'utf8')
const folder = await mkdtemp(join(here, 'out-'))
after(() => rm(folder, { recursive: true }))

// generate writes what the client preset makes of a document, as graphql-codegen's own command does. That command is
// left out: it brings seventy packages, some of which want a newer Node.
async function generate(text) {
  const { stdout: sdl } = await run(binary, ['sdl'], { maxBuffer: 16 << 20 })
  const files = await preset.buildGeneratesSection({
    baseOutputDir: `${folder}/gql/`, schema: parse(sdl), schemaAst: buildASTSchema(parse(sdl)),
    documents: [{ location: 'page.graphql', document: parse(text), rawSDL: text }],
    plugins: [], pluginMap: {}, pluginContext: {},
    presetConfig: { persistedDocuments: { hashAlgorithm: 'sha256' } },
    config: { scalars: { Date: 'string', DateTime: 'string' }, strictScalars: true, useTypeImports: true },
  })
  await mkdir(join(folder, 'gql'), { recursive: true })
  for (const file of files) await writeFile(file.filename, await codegen(file))
}

const compile = () => run(join(here, 'node_modules', '.bin', 'tsc'), ['--noEmit', '--project', folder])

test('the types that are generated fit what a page does', async () => {
  await generate(documents)
  await cp(join(here, 'codegen', 'page.ts'), join(folder, 'page.ts'))
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({
    compilerOptions: { strict: true, module: 'preserve', moduleResolution: 'bundler', target: 'es2022', lib: ['es2023', 'dom'], types: [] },
    include: ['*.ts', 'gql/*.ts'],
  }))
  await compile()
})

test('a document that does not fit the schema generates nothing', async () => {
  await assert.rejects(generate(documents.replace('displayName', 'nobodyKnowsThis')))
})

test('the persisted documents that are generated are a manifest of trusted documents', async (t) => {
  await generate(documents)
  const manifest = join(folder, 'gql', 'persisted-documents.json')
  const [id] = Object.entries(JSON.parse(await readFile(manifest, 'utf8'))).find(([, text]) => text.includes('query ProfilePage'))
  const { url, keys } = await serve(t, ['--trusted-documents', manifest])
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${await keyOf('Bob Gagnon', keys)}` },
    body: JSON.stringify({ documentId: id, variables: { id: 'prof_01m1byff40fghvxr6x0y1csm5f' } }),
  })
  assert.equal((await answer.json()).data.profile.displayName, 'Léa Fontaine')
})

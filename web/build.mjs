// Writes web/dist: the page, our script, and GraphiQL with what it needs, each a file of an exact version from
// package-lock.json. Nothing is bundled or rewritten, so what runs in the browser is what its authors published.
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const here = import.meta.dirname
const dist = join(here, 'dist')

const published = {
  'react.js': 'react/umd/react.production.min.js',
  'react-dom.js': 'react-dom/umd/react-dom.production.min.js',
  'graphql-ws.js': 'graphql-ws/umd/graphql-ws.min.js',
  'graphiql.js': 'graphiql/graphiql.min.js',
  'graphiql.css': 'graphiql/graphiql.min.css',
}

await mkdir(dist, { recursive: true })
for (const name of await readdir(dist)) {
  // The placeholder is committed: the Go program embeds the folder even when it was never built.
  if (name !== '.gitkeep') await rm(join(dist, name), { recursive: true })
}

for (const [name, source] of Object.entries(published)) {
  const text = await readFile(join(here, 'node_modules', source), 'utf8')
  // Source maps stay behind (4.7 MB); without their last line no browser asks for them.
  await writeFile(join(dist, name), text.replace(/\n\/\/# sourceMappingURL=\S*\s*$/, '\n'))
}
for (const name of await readdir(join(here, 'src'))) {
  await copyFile(join(here, 'src', name), join(dist, name))
}

console.log(`web/dist: ${(await readdir(dist)).filter((name) => name !== '.gitkeep').join(', ')}`)

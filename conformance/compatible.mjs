// Says what in the SDL breaks clients of the last release, the newest tag v*: node compatible.mjs [FOLDER]
//
// A clone without history cannot tell a project without releases from one whose tags were left behind, and is refused.
import { DiffRule, diff } from '@graphql-inspector/core'
import { buildASTSchema, parse } from 'graphql'
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { git, sdlOfCommit, sdlOfTree } from './sdl.mjs'

const schemaOf = (sdl) => buildASTSchema(parse(sdl))

// breaking lists what in the newer SDL breaks those who use the older one. What was deprecated may go.
export async function breaking(older, newer) {
  const changes = await diff(schemaOf(older), schemaOf(newer), [DiffRule.suppressRemovalOfDeprecatedField])
  return changes.filter((change) => change.criticality.level === 'BREAKING').map((change) => change.message)
}

async function main(folder) {
  const [tag] = (await git(folder, 'tag', '--list', 'v[0-9]*', '--sort=-version:refname')).split('\n')
  if (!tag) {
    if (await git(folder, 'rev-parse', '--is-shallow-repository') === 'true') {
      console.error('This clone is shallow and has no tag v*, so the last release is not known: git fetch --unshallow --tags')
      return 1
    }
    console.log('There is no tag v* here: nothing was released, and the SDL was compared with nothing.')
    return 0
  }
  const broken = await breaking(await sdlOfCommit(folder, tag), await sdlOfTree(folder))
  if (broken.length > 0) {
    console.error([`The SDL breaks clients of ${tag}:`, ...broken].join('\n- '))
    return 1
  }
  console.log(`The SDL breaks no client of ${tag}.`)
  return 0
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)))
}

// The SDL, as it stands in schema/*.graphql of this tree or of a commit.
import { execFile } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export async function git(folder, ...args) {
  const { stdout } = await run('git', ['-C', folder, ...args], { maxBuffer: 64 << 20 })
  return stdout.trim()
}

const ofSDL = (names) => names.filter((name) => name.endsWith('.graphql')).sort()

export async function sdlOfTree(folder) {
  const files = ofSDL(await readdir(join(folder, 'schema')))
  return (await Promise.all(files.map((file) => readFile(join(folder, 'schema', file), 'utf8')))).join('\n')
}

export async function sdlOfCommit(folder, commit) {
  const files = ofSDL((await git(folder, 'ls-tree', '--name-only', commit, 'schema/')).split('\n'))
  return (await Promise.all(files.map((file) => git(folder, 'show', `${commit}:${file}`)))).join('\n')
}

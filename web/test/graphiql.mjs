// Drives GraphiQL in a real browser against a running server, as a visitor would: paste the key, read the schema, run
// the welcome query. Fails when the page asks another server for anything, breaks its own content policy, writes an
// error to the console, or leaves the key somewhere that outlives the page.
//
//   CONTINUUM_URL   the server, http://127.0.0.1:8080 unless set
//   CONTINUUM_KEY   a key that may read the demo data
//   CHROMIUM        the browser, /usr/bin/chromium unless set
//   SCREENSHOT      where the picture goes, test/graphiql.png unless set
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const server = new URL(process.env.CONTINUUM_URL ?? 'http://127.0.0.1:8080')
const key = process.env.CONTINUUM_KEY
const screenshot = process.env.SCREENSHOT ?? join(import.meta.dirname, 'graphiql.png')
assert(key, 'CONTINUUM_KEY is not set')

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
})
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
  const complaints = watch(page)
  await page.goto(new URL('/', server).href)

  const headers = page.locator('section[aria-label="Headers"] .graphiql-editor:not(.hidden) .CodeMirror')
  await headers.waitFor({ state: 'visible' })
  assert.match(await headers.innerText(), /Bearer ck_\.\.\./, 'the headers pane shows the template')

  await page.getByRole('region', { name: 'Examples' }).getByText('See a person whole').waitFor()
  await runWithoutKey(page)
  await pasteKey(page, headers)
  await readDocumentation(page)
  await openDialogs(page)
  await runWelcomeQuery(page)
  await followAPerson(page)
  await page.screenshot({ path: screenshot })

  await assertKeyIsNotKept(page)
  assert.deepEqual(complaints, [])
  console.log(`GraphiQL works at ${server.origin}; picture in ${screenshot}`)
} finally {
  await browser.close()
}

// watch collects everything that must not happen.
function watch(page) {
  const complaints = []
  const local = new Set([server.origin, server.origin.replace(/^http/, 'ws')])
  const note = (url) => {
    const { protocol, origin } = new URL(url)
    if (protocol !== 'data:' && protocol !== 'blob:' && !local.has(origin)) complaints.push(`left the server: ${url}`)
    if (url.includes(key)) complaints.push(`the key is in an address: ${url}`)
  }
  page.on('request', (request) => note(request.url()))
  page.on('websocket', (socket) => note(socket.url()))
  page.on('response', (answer) => {
    if (answer.status() >= 400) complaints.push(`${answer.status()} for ${answer.url()}`)
  })
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`))
  // A broken content policy arrives here too, as an error.
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`)
  })
  return complaints
}

function answerShows(page, pattern) {
  return page.waitForFunction(
    ({ source, flags }) => new RegExp(source, flags).test(
      document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue() ?? ''),
    { source: pattern.source, flags: pattern.flags },
    { timeout: 15_000 },
  )
}

// runWithoutKey expects advice, not a failed request.
async function runWithoutKey(page) {
  await page.locator('.graphiql-execute-button').click()
  await answerShows(page, /Paste your API key/)
}

async function pasteKey(page, headers) {
  await headers.click()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText(JSON.stringify({ Authorization: `Bearer ${key}` }))
  await page.locator('.continuum-status[data-state="ready"]').waitFor({ timeout: 15_000 })
}

// readDocumentation expects the schema to be there since the key is, with no reload.
async function readDocumentation(page) {
  await page.getByRole('button', { name: /Documentation Explorer/ }).click()
  await page.locator('.graphiql-doc-explorer').getByText('Query', { exact: true }).waitFor()
}

// openDialogs looks for styles and scripts that only a dialog adds, and that the policy might refuse.
async function openDialogs(page) {
  for (const name of [/settings dialog/i, /short keys dialog/i]) {
    await page.getByRole('button', { name }).click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
}

async function runWelcomeQuery(page) {
  await page.locator('.graphiql-execute-button').click()
  await answerShows(page, /"profiles"[^]*"displayName": "[^"]+"/)
}

// followAPerson runs the subscription among the examples, changes the person from outside, and expects to be told.
async function followAPerson(page) {
  await page.getByRole('button', { name: 'Show Examples' }).click()
  await page.getByRole('region', { name: 'Examples' }).getByRole('button', { name: 'Follow a person' }).click()
  await page.getByRole('tab', { name: 'FollowAPerson' }).waitFor()
  const subscribed = page.waitForEvent('websocket').then((socket) =>
    socket.waitForEvent('framesent', ({ payload }) => payload.includes('"subscribe"')))
  await page.locator('.graphiql-execute-button').click()
  await subscribed
  const id = 'prof_01m1byff40fghvxr6x0y1csm5f'
  // The server may take the change before the subscription; so change her until it is heard of.
  let grade = 3
  const heard = answerShows(page, /"profileChanged"[^]*"grade": "(4|5|6|7|8)"/).then(() => (grade = 8))
  while (grade < 8) {
    await ask('mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { userErrors { message } } }',
      { input: { id, expectedVersion: await versionOf(id), grade: String(++grade) } })
    await Promise.race([heard, page.waitForTimeout(1_000)])
  }
  await heard
  await page.locator('.graphiql-execute-button').click() // stop
}

async function versionOf(id) {
  return (await ask('query ($id: ID!) { profile(id: $id) { version } }', { id })).profile.version
}

// ask speaks to the server past the page.
async function ask(query, variables) {
  const answer = await fetch(new URL('/graphql', server), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await answer.json()
  assert(!errors, JSON.stringify(errors))
  return data
}

async function assertKeyIsNotKept(page) {
  await page.waitForTimeout(1_000) // GraphiQL saves its tabs half a second after the last change
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]))
  assert(!kept.includes(key), 'the key outlives the page')
}

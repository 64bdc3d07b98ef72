// Drives the example page in a real browser, as people would: Bob of the school, Ben of the clinic who follows the same
// girl, and Ann who does not. Builds the page first. Needs a server that allows the page's origin and knows the documents
// of src/gql/persisted-documents.json; `make browser` has one. Fails when somebody sees what is not theirs, and when a
// page writes an error to the console, breaks its content policy, asks another server than these two, or sends a document
// that is not trusted.
//
//   CONTINUUM_URL         the server, with the demo's data
//   CONTINUUM_KEYS_FILE   the file of the demo's keys
//   SPA_ORIGIN            where to serve the page, http://127.0.0.1:4173 unless set
//   SCREENSHOTS           a folder for pictures, this one unless set
//   CHROMIUM              the browser, /usr/bin/chromium unless set
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { build, preview } from 'vite'

const server = new URL(process.env.CONTINUUM_URL ?? 'http://127.0.0.1:8080').origin
const spa = new URL(process.env.SPA_ORIGIN ?? 'http://127.0.0.1:4173')
const pictures = process.env.SCREENSHOTS ?? import.meta.dirname
const keys = (await readFile(process.env.CONTINUUM_KEYS_FILE, 'utf8')).trim().split('\n').map((line) => line.split(/ {2,}/))
const keyOf = (name, workspace) => keys.find((key) => key[0] === name && key[1] === workspace).at(-1)

const complaints = []
let trusted = 0 // requests that named their document
process.env.VITE_CONTINUUM_URL = server // for the build, and for the content policy
const root = join(import.meta.dirname, '..')
await build({ root, logLevel: 'error' })
const site = await preview({
  root,
  preview: { host: spa.hostname, port: Number(spa.port), strictPort: true },
  logLevel: 'error',
})
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
})
try {
  await refuseWrongKey()
  const bob = await signIn('Bob Gagnon', 'school')
  const ben = await signIn('Ben Tran', 'clinic')
  const ann = await signIn('Ann Lavoie', 'clinic')
  const sam = await signIn('Sam Ouellet', 'school')

  const lea = await findLea(bob)
  await seeHerFromTheClinic(ben, lea)
  await assertNobodyThere(ann, lea)
  await changeMeetsChange(bob, ben)
  await linkToRecord(bob, ann, lea)
  await shareWithSam(bob, sam, lea)
  await takeBack(bob, ben)
  await loseSight(ann, lea)

  await takePictures(bob)
  await assertNothingIsKept(bob)
  assert.deepEqual(complaints, [])
  assert(trusted > 20, `${trusted} requests named a trusted document`)
  console.log(`the page at ${spa.origin} works with ${server}; pictures in ${pictures}`)
} catch (error) {
  if (complaints.length > 0) console.error(complaints)
  throw error
} finally {
  await browser.close()
  await site.close()
}

// open opens a window of its own, with nothing in common with the others, and collects all that must not happen.
async function open() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en-CA', timezoneId: 'America/Toronto' })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const known = new Set([spa.origin, server, server.replace(/^http/, 'ws')])
  const note = (url) => {
    if (!known.has(new URL(url).origin) && !url.startsWith('data:')) complaints.push(`left for ${url}`)
    if (/ck_|Fontaine|L%C3%A9a/i.test(url)) complaints.push(`a key or a name is in an address: ${url}`)
  }
  const sent = (text) => {
    const { query, extensions } = JSON.parse(text)
    if (query) complaints.push(`sent the text of a document: ${query.slice(0, 80)}`)
    else if (extensions?.persistedQuery?.sha256Hash) trusted++
  }
  page.on('request', (request) => {
    note(request.url())
    if (request.method() === 'POST') sent(request.postData())
  })
  page.on('websocket', (socket) => {
    note(socket.url())
    socket.on('framesent', ({ payload }) => {
      const message = JSON.parse(payload)
      if (message.type === 'subscribe') sent(JSON.stringify(message.payload))
    })
  })
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`))
  // A broken content policy and a request that CORS refuses arrive here too, as errors.
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !page.expected?.test(message.text())) complaints.push(`console: ${message.text()}`)
  })
  return page
}

async function enter(page, key) {
  await page.goto(spa.href)
  await page.getByLabel('Your key').fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

async function refuseWrongKey() {
  const page = await open()
  page.expected = /status of 401/ // Chromium reports the answer itself
  await enter(page, 'ck_aaaaaaaaaaaaaaaaaaaaaaaa_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb')
  await page.getByRole('alert').getByText('does not take this key').waitFor()
  await page.context().close()
}

async function signIn(name, workspace) {
  const page = await open()
  await enter(page, keyOf(name, workspace))
  await page.getByLabel('Signed in as').getByText(name).waitFor()
  return page
}

async function findLea(page) {
  await page.getByLabel('Find a person').fill('fontaine')
  await page.getByRole('link', { name: 'Léa Fontaine' }).click()
  await page.getByRole('heading', { name: 'Léa Fontaine' }).waitFor()
  await saysLive(page)
  for (const text of ['École primaire du Ruisseau', 'Lea.Fontaine@eleves.example.org', 'E-2041']) await page.getByText(text).first().waitFor()
  const around = page.getByRole('region', { name: 'Around them' })
  await around.getByText('Sophie Fontaine').waitFor()
  await around.getByText('Mother').waitFor()
  assert.deepEqual(await recordsOn(page), ['Support between two homes', 'Learning assessment'])
  await page.screenshot({ path: join(pictures, 'spa.png') })
  return new URL(page.url()).hash
}

// The same person, another record, and the clinic's own file.
async function seeHerFromTheClinic(page, lea) {
  await page.goto(spa.origin + '/' + lea)
  await page.getByRole('heading', { name: 'Léa Fontaine' }).waitFor()
  await page.getByText('C-0317').waitFor()
  assert.deepEqual(await recordsOn(page), ['Speech therapy'])
  await assertUnseen(page, ['E-2041', 'Learning assessment', 'Support between two homes', 'Bob'])
}

async function assertNobodyThere(page, lea) {
  await page.goto(spa.origin + '/' + lea)
  await page.getByText('There is nobody here whom you may see.').waitFor()
  await page.getByLabel('Find a person').fill('fontaine')
  await page.getByText('Nobody whom you may see has this name.').waitFor()
  await assertUnseen(page, ['Léa', 'Fontaine'])
  await page.screenshot({ path: join(pictures, 'nobody.png') })
}

// Bob and Ben edit her at the same time: different fields both stand, and for the same one the second is asked.
async function changeMeetsChange(bob, ben) {
  for (const page of [bob, ben]) await page.getByRole('button', { name: 'Edit' }).click()
  await bob.getByLabel('Grade').fill('4')
  await bob.getByRole('button', { name: 'Save' }).click()
  await bob.getByRole('dialog').waitFor({ state: 'detached' })
  await fact(ben, 'Grade', '4') // live, behind the open form

  await ben.getByLabel('Grade').fill('5')
  await ben.getByLabel('Pronouns').fill('she')
  await ben.getByRole('button', { name: 'Save' }).click()
  const conflict = ben.getByRole('group', { name: 'Grade: somebody else changed it meanwhile' })
  await conflict.waitFor()
  assert.match(await conflict.innerText(), /Yours\s+5[^]*Theirs\s+4/)
  assert(await ben.getByRole('button', { name: 'Save' }).isDisabled(), 'nothing is saved before a choice')
  await fact(bob, 'Grade', '4')
  await ben.screenshot({ path: join(pictures, 'conflict.png') })
  await conflict.getByRole('radio', { name: 'Yours' }).check()
  await ben.getByRole('button', { name: 'Save' }).click()
  await ben.getByRole('dialog').waitFor({ state: 'detached' })
  await fact(bob, 'Grade', '5')
  await fact(bob, 'Pronouns', 'she')
  await bob.getByText('Updated just now').waitFor()
}

// Ann reads one of Bob's records by a share. Once Léa is part of it, Ann sees her and none of her other records.
async function linkToRecord(bob, ann, lea) {
  await bob.getByRole('button', { name: 'Link to a record' }).click()
  const dialog = bob.getByRole('dialog', { name: 'Link Léa Fontaine to a record' })
  const record = dialog.getByLabel('Record')
  await record.locator('option', { hasText: 'Attention and organisation' }).waitFor({ state: 'attached' })
  assert(!(await record.innerText()).includes('Learning assessment'), 'a record that links her already is offered')
  await record.selectOption({ label: await record.locator('option', { hasText: 'Attention and organisation' }).innerText() })
  await dialog.getByLabel('Why').fill('They work in pairs.')
  await bob.screenshot({ path: join(pictures, 'link.png') })
  await dialog.getByRole('button', { name: 'Link' }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.deepEqual(await recordsOn(bob), ['Attention and organisation', 'Support between two homes', 'Learning assessment'])

  await ann.getByLabel('Find a person').fill('')
  await ann.getByLabel('Find a person').fill('font')
  await ann.getByRole('link', { name: 'Léa Fontaine' }).waitFor()
  await ann.getByRole('button', { name: 'Look again' }).click()
  await ann.getByRole('heading', { name: 'Léa Fontaine' }).waitFor()
  assert(ann.url().endsWith(lea), 'the same row under the same id')
  assert.deepEqual(await recordsOn(ann), ['Attention and organisation'])
  await assertUnseen(ann, ['E-2041', 'Learning assessment', 'Speech therapy', 'Support between two homes'])
}

// Sam's window shows the record at the moment when Bob shares it.
async function shareWithSam(bob, sam, lea) {
  await sam.goto(spa.origin + '/' + lea)
  await sam.getByRole('heading', { name: 'Léa Fontaine' }).waitFor()
  await saysLive(sam)
  assert.deepEqual(await recordsOn(sam), ['Support between two homes'])

  await bob.getByRole('listitem', { name: 'Learning assessment' }).getByRole('button', { name: 'Share' }).click()
  const dialog = bob.getByRole('dialog', { name: 'Share Learning assessment' })
  await dialog.getByLabel('With').selectOption({ label: 'Sam Ouellet, Social worker' })
  const preview = dialog.getByRole('region', { name: 'What will follow' })
  await preview.getByText('Léa Fontaine becomes visible with the record.').waitFor()
  await preview.getByText('Read by Sam Ouellet.').waitFor()
  await bob.screenshot({ path: join(pictures, 'share.png') })
  assert.deepEqual(await recordsOn(sam), ['Support between two homes'], 'a preview shares nothing')
  await dialog.getByRole('button', { name: 'Share' }).click()
  await dialog.waitFor({ state: 'detached' })
  await bob.getByText('Shared with Sam Ouellet (read)').waitFor()
  await sam.getByRole('listitem', { name: 'Learning assessment' }).waitFor()
  await assertUnseen(sam, ['Speech therapy', 'Attention and organisation', 'C-0317'])
}

// Escape closes a form and saves nothing; Enter saves. Clearing a field is seen elsewhere at once.
async function takeBack(bob, ben) {
  await bob.getByRole('button', { name: 'Edit' }).press('Enter')
  await bob.getByLabel('Grade').fill('9')
  await bob.keyboard.press('Escape')
  await bob.getByRole('dialog').waitFor({ state: 'detached' })
  await bob.getByRole('button', { name: 'Edit' }).press('Enter')
  assert.equal(await bob.getByLabel('Grade').inputValue(), '5')
  await bob.getByLabel('Pronouns').fill('')
  await bob.keyboard.press('Enter')
  await bob.getByRole('dialog').waitFor({ state: 'detached' })
  await ben.getByRole('term').getByText('Pronouns').waitFor({ state: 'detached' })
}

// Bob takes Léa out of the record that Ann reads. Her window forgets Léa by itself, the list beside the page included.
async function loseSight(ann, lea) {
  await saysLive(ann)
  const answer = await fetch(new URL('/graphql', server), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${keyOf('Bob Gagnon', 'school')}` },
    body: JSON.stringify({
      query: `mutation ($input: UnlinkProfileInput!) { unlinkProfile(input: $input) { userErrors { message } } }`,
      variables: { input: { recordId: 'rec_01m1byff40ew1bccg0q5hsac71', profileId: lea.slice(2) } },
    }),
  })
  assert.deepEqual(await answer.json().then(({ data, errors }) => errors ?? data.unlinkProfile.userErrors), [])
  await ann.getByText('There is nobody here whom you may see.').waitFor()
  await ann.getByRole('link', { name: 'Léa Fontaine' }).waitFor({ state: 'detached' })
  await assertUnseen(ann, ['Léa', 'Fontaine'])
}

async function takePictures(page) {
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.screenshot({ path: join(pictures, 'dark.png') })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.emulateMedia({ colorScheme: 'light' })
  assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is wider than a telephone')
  await page.screenshot({ path: join(pictures, 'phone.png') })
}

async function assertNothingIsKept(page) {
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]))
  assert.equal(kept, '[{},{},""]')
  await page.reload()
  await page.getByLabel('Your key').waitFor()
}

function recordsOn(page) {
  return page.getByRole('region', { name: /^Their records/ }).locator('li strong').allInnerTexts()
}

function saysLive(page) {
  return page.locator('.live[data-state="live"]').waitFor()
}

async function fact(page, name, value) {
  await page.locator('dl > div', { has: page.getByText(name, { exact: true }) }).getByText(value, { exact: true }).waitFor()
}

// assertUnseen looks at all that the page holds, shown or not.
async function assertUnseen(page, words) {
  const text = await page.locator('body').innerHTML()
  for (const word of words) assert(!text.includes(word), `somebody sees “${word}”`)
}

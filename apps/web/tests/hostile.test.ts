/** What those write who mean harm, through a server, in the app: shown as what it is, and nobody else is the worse for it. */
import { type Client, createNodeClient, ProblemError } from '@recado/client'
import type { ConversationId } from '@recado/protocol'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findLastingOverflow } from './layout.ts'
import { password, type Seat } from './seat.ts'
import { setTable, type Table } from './table.ts'

const markup = '<img src=x onerror=alert(1)><b>Mal</b>'
const asRead = 'gpj.exe and this goes on'
const turned = `The file is called \u202E${asRead}`
const turnedInBold = `**The file** is called \u202E${asRead}`
const word = 'x'.repeat(10_000)
const last = 'Everybody had an emoji of their own.'
const groupName = `<script>alert(1)</script>${'group'.repeat(15)}`
const emojis = Array.from({ length: 1_000 }, (_, index) => String.fromCodePoint(0x1f300 + index)).filter(emoji =>
  /^\p{Emoji_Presentation}$/u.test(emoji),
)
/** With as many emojis each as one person may leave on a message: a thousand reactions. */
const crowd = Array.from({ length: 50 }, (_, index) => [`one-${index}`, `One ${index}`] as const)
const emojisEach = 20

let table: Table
let chat: string
beforeAll(async () => {
  table = await setTable()
  chat = `/app/chats/${await furnish(table.url)}`
}, 180_000)
afterAll(() => table?.[Symbol.asyncDispose]())

async function isSent(client: Client): Promise<void> {
  await vi.waitUntil(() => client.getSnapshot().outbox.waiting === 0, { timeout: 60_000 })
}

async function signUp(url: string, username: string, displayName: string): Promise<Client> {
  const client = createNodeClient({ url, receipts: 'none' })
  await client.signUp({ username, password, displayName })
  return client
}

/** Mal, whose name is mark-up, writes to Ana what nobody should, and a crowd reacts with all that it has. */
async function furnish(url: string): Promise<number> {
  await using owned = new AsyncDisposableStack()
  const people: Client[] = []
  for (const [username, name] of [['ana', 'Ana'], ['mal', markup], ...crowd]) {
    people.push(owned.use(await signUp(url, username ?? '', name ?? '')))
  }
  const [ana, mal, ...others] = people
  const ids = people.flatMap(client => client.getSnapshot().me?.id ?? [])
  if (!ana || !mal) throw new Error('Both have signed up.')
  const group = await mal.createGroup(groupName, ids)
  for (const body of [markup, turned, turnedInBold, word, '[x](javascript:alert(1))', last]) {
    await mal.send({ conversationId: group.id, body })
    await isSent(mal)
  }
  const { items } = await mal.call('message.list', { conversationId: group.id })
  const sequence = items.find(({ body }) => body === last)?.sequence
  if (sequence === undefined) throw new Error('It was sent.')
  await Promise.all(others.map((other, index) => reactWithMuch(other, { conversationId: group.id, sequence }, index)))
  return group.id
}

interface Place {
  readonly conversationId: ConversationId
  readonly sequence: number
}

async function reactWithMuch(client: Client, place: Place, index: number): Promise<void> {
  for (let each = 0; each < emojisEach; each += 1) {
    const emoji = emojis[(index * emojisEach + each) % emojis.length] ?? ''
    await client.call('message.react', { ...place, key: `${index}.${each}`, emoji })
  }
}

describe.each(['desktop', 'phone'] as const)(
  'hostile content on a %s',
  { tags: ['browser'], timeout: 120_000 },
  size => {
    it('is shown as what it is, fits, and is no fault for assistive technology', async () => {
      const seat = await table.seat({ size })
      await seat.signIn('ana')
      await seat.row(groupName).waitFor()
      await expectHarmless(seat)
      await seat.page.goto(table.url + chat)
      await seat.message('Everybody had an emoji').waitFor()
      await seat.page.getByRole('button', { name: /more/ }).first().waitFor()
      await seat.shoot(`hostile in the app, ${size}`)
      await expectHarmless(seat)
      await seat.message('goes on').first().scrollIntoViewIfNeeded()
      const turnedOnes = await seat.message(asRead).all()
      expect(turnedOnes.length).toBe(2)
      for (const message of turnedOnes) {
        expect(await message.locator('[id$="-what"] p').evaluate(readFromLeft, asRead.length)).toBe(asRead)
      }
      await seat.shoot(`hostile in the app, above, ${size}`)
      await expectHarmless(seat)
      await seat.page.goto(`${table.url}${chat}?details=true`)
      await seat.page.getByText('@mal').first().waitFor()
      await expectHarmless(seat)
      seat.expectNoComplaints()
      await seat.context.close()
    })
  },
)

/** In the page: the last characters of a text, in the order in which they stand on screen; all of them in one line. */
function readFromLeft(element: Element, count: number): string {
  const places: { character: string; left: number }[] = []
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode as Text
    for (let at = 0; at < node.data.length; at += 1) {
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + 1)
      places.push({ character: node.data[at] ?? '', left: range.getBoundingClientRect().left })
    }
  }
  const last = places.slice(-count).toSorted((a, b) => a.left - b.left)
  return last.map(({ character }) => character).join('')
}

async function expectHarmless(seat: Seat): Promise<void> {
  expect(await seat.page.locator('img[src=x], article img, a[href^="javascript:"]').count()).toBe(0)
  expect(await findLastingOverflow(seat.page)).toEqual([])
  await seat.expectAccessible()
}

describe('a name', { tags: ['browser'], timeout: 60_000 }, () => {
  it('of nothing that can be seen is refused, for people and groups, with the field that is wrong', async () => {
    await using client = createNodeClient({ url: table.url })
    const refusal = (attempt: Promise<unknown>) =>
      attempt.then(
        () => null,
        (error: unknown) => (error instanceof ProblemError ? [error.code, error.problem.errors?.[0]?.path] : error),
      )
    for (const name of ['\u00ad', '\u3164', '\u2800', '\u200d']) {
      const signUp = client.signUp({ username: 'nobody', password, displayName: name })
      expect(await refusal(signUp), JSON.stringify(name)).toEqual(['invalid-input', '/displayName'])
    }
    await client.signUp({ username: 'somebody', password, displayName: 'Somebody' })
    for (const name of ['\u00ad\u00ad', 'a\u202eb']) {
      expect(await refusal(client.createGroup(name, [])), JSON.stringify(name)).toEqual(['invalid-input', '/name'])
    }
  })

  it('that cannot be seen is told before it is sent', async () => {
    const seat = await table.seat()
    const { page } = seat
    await page.goto(`${table.url}/app/sign-up`)
    await page.getByLabel('Your name').fill('\u200d\u00ad')
    await page.getByLabel('Username').fill('invisible')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign up' }).click()
    expect(await page.getByLabel('Your name').evaluate((one: HTMLInputElement) => one.validity.patternMismatch)).toBe(
      true,
    )
    // What looks like a letter to the browser, and is none, the server refuses in words.
    await page.getByLabel('Your name').fill('\u3164')
    await page.getByRole('button', { name: 'Sign up' }).click()
    await page.getByText('The server does not accept this. Check what you wrote.').waitFor()
    seat.expectNoComplaints()
    await seat.context.close()
  })
})

/** Mark-up in messages through the browser: shown, never trusted, copied as it was written, and nothing jumps. */
import { createNodeClient } from '@recado/client'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { password, type Seat, type SeatOptions } from './seat.ts'
import { setTable, type Table } from './table.ts'

const letter = [
  '**Decided** today:',
  '',
  '1. Paper: *warm white*',
  '2. See [the proof](https://example.org/proof), @olga',
  '',
  '> It did last week.',
  'No.',
  '',
  '```js',
  `const sheets = ${'1 + '.repeat(60)}1 // long`,
  '```',
].join('\n')

const hostile =
  '<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![cat](https://example.org/cat.png) **[https://bank.example](https://evil.example)**'

interface SitOptions extends Omit<SeatOptions, 'url'> {
  readonly workerless?: boolean
}

let table: Table
let seat: Seat
let chat: string

beforeAll(async () => {
  table = await setTable()
  chat = `/app/chats/${await writeLetters(table.url)}`
}, 120_000)
afterAll(() => table?.[Symbol.asyncDispose]())
afterEach(async () => {
  await seat.context.close()
  seat.expectNoComplaints()
})

/** Pia writes to Olga: plain lines, and between them what is marked up. */
async function writeLetters(url: string): Promise<number> {
  await using pia = createNodeClient({ url })
  await using olga = createNodeClient({ url, receipts: 'none' })
  await pia.signUp({ username: 'pia', password, displayName: 'Pia' })
  await olga.signUp({ username: 'olga', password, displayName: 'Olga' })
  const peer = olga.getSnapshot().me
  if (!peer) throw new Error('Signing up signs in.')
  const { id } = await pia.openDirect(peer.id)
  for (let number = 1; number <= 30; number += 1) {
    await pia.send({
      conversationId: id,
      body: number % 3 === 0 ? `- Line ${number}.\n\n\n\n- **more**` : `Line ${number}.`,
    })
  }
  await pia.send({ conversationId: id, body: letter, mentions: [peer.id] })
  await pia.send({ conversationId: id, body: hostile })
  await pia.send({ conversationId: id, body: '🎉🎉' })
  await vi.waitUntil(() => pia.getSnapshot().outbox.waiting === 0, { timeout: 60_000 })
  return id
}

/** `workerless`: what the page asks for is the network's to answer, which a test can hold up. */
async function sitDown({ workerless = false, ...options }: SitOptions = {}): Promise<void> {
  seat = await table.seat(options)
  if (workerless) await seat.withoutWorker()
  await seat.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await seat.signIn('olga')
  await seat.page.getByRole('link', { name: /Pia/ }).waitFor()
}

/** Reads what the system's clipboard holds. */
function clipboard(): Promise<string> {
  return seat.page.evaluate(() => navigator.clipboard.readText())
}

const looks = [
  { size: 'desktop', theme: 'light' },
  { size: 'phone', theme: 'dark' },
] as const

describe.each(looks)('mark-up on a $size', { tags: ['browser'], timeout: 90_000 }, ({ size, theme }) => {
  it('is shown as elements, with links that say where they lead, and is accessible', async () => {
    await sitDown({ size, theme })
    const { page } = seat
    await page.goto(`${table.url}${chat}?at=32`)
    const message = seat.message('Decided')
    await message.locator('strong', { hasText: 'Decided' }).waitFor()
    expect(await message.locator('ol > li').count()).toBe(2)
    expect(await message.locator('blockquote').innerText()).toBe('It did last week.')
    // The mention is one as soon as it is known who is mentioned.
    await expect.poll(() => message.locator('bdi', { hasText: '@olga' }).count()).toBe(1)
    const link = message.getByRole('link', { name: 'the proof' })
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer nofollow')
    await message.getByText('(example.org)').waitFor()
    await message.locator('pre span', { hasText: 'const' }).waitFor()

    const danger = seat.message('onerror')
    await danger.getByText('(evil.example)').waitFor()
    expect(await danger.locator('img, script, a[href^="javascript"]').count()).toBe(0)
    const large = seat.message('🎉🎉').locator('p')
    expect(await large.evaluate(element => Number.parseFloat(getComputedStyle(element).fontSize))).toBeGreaterThan(30)
    await seat.shoot(`markup-${size}-${theme}`)
    await seat.expectAccessible()
  })

  it('scrolls long lines of code inside, and never the page', async () => {
    await sitDown({ size, theme })
    await seat.page.goto(`${table.url}${chat}?at=32`)
    const code = seat.message('Decided').locator('pre')
    await code.waitFor()
    expect(await code.evaluate(element => element.scrollWidth > element.clientWidth)).toBe(true)
    const bubble = await seat.message('Decided').boundingBox()
    const width = seat.page.viewportSize()?.width ?? 0
    expect((bubble?.x ?? 0) + (bubble?.width ?? width + 1)).toBeLessThanOrEqual(width)
    await code.focus()
    await seat.page.keyboard.press('ArrowRight')
    await expect.poll(() => code.evaluate(element => element.scrollLeft)).toBeGreaterThan(0)
  })
})

describe('copying', { tags: ['browser'], timeout: 90_000 }, () => {
  it('gives the source: of a selection, of several messages, of a message, of a block of code', async () => {
    await sitDown()
    const { page } = seat
    await page.goto(`${table.url}${chat}?at=32`)
    const message = seat.message('Decided')
    await message.locator('ol').waitFor()
    await message.locator('li').last().selectText()
    await page.keyboard.press('Control+c')
    expect(await clipboard()).toBe('2. See [the proof](https://example.org/proof), @olga')

    await page.evaluate(() => {
      const [first, last] = ['29', '30'].map(sequence =>
        document.querySelector(`[data-sequence="${Number(sequence) + 1}"]`),
      )
      if (first && last) document.getSelection()?.setBaseAndExtent(first, 0, last, last.childNodes.length)
    })
    await page.keyboard.press('Control+c')
    expect(await clipboard()).toBe('Line 29.\n- Line 30.\n\n\n\n- **more**')

    await message.getByRole('button', { name: 'Copy code' }).click()
    await page.getByText('Copied.').waitFor()
    expect(await clipboard()).toMatch(/^const sheets = (1 \+ ){60}1 \/\/ long$/)
    await message.locator('strong').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Copy text' }).click()
    await expect.poll(clipboard).toBe(letter)
  })
})

/** The first message in view that is whole: what is above it may change its height, and it may not move. */
function findFirstLine(): Promise<string> {
  return seat.page.getByTestId('messages').evaluate(list => {
    const lines = [...list.querySelectorAll('article')].filter(line => /Line \d+\./.test(line.innerText))
    const top = list.getBoundingClientRect().top
    const first = lines.find(line => line.getBoundingClientRect().top >= top)
    return /Line \d+\./.exec(first?.innerText ?? '')?.[0] ?? ''
  })
}

describe('a preview', { tags: ['browser'], timeout: 90_000 }, () => {
  it('shows the words without the mark-up: in the list, quotes, pins, saved messages, and notices', async () => {
    await sitDown()
    const { page } = seat
    await page.goto(table.url + chat)
    await seat.field.fill('**Paper** and `ink`: _warm_ white')
    await seat.field.press('Enter')
    const words = 'Paper and ink: warm white'
    await seat.row('Pia').getByText(words).waitFor()
    const sent = seat.message(words)
    await sent.hover()
    await page.getByRole('button', { name: 'Reply' }).click()
    await page.getByRole('form', { name: 'Write a message' }).getByText(words).waitFor()
    await seat.send('An answer')
    await seat.message('An answer').getByRole('button').getByText(words).waitFor()
    for (const entry of ['Pin', 'Save']) {
      await sent.first().locator('[id$="-what"]').click({ button: 'right' })
      await page.getByRole('menuitem', { name: entry, exact: true }).click()
    }
    await page.getByRole('region', { name: 'Pinned messages' }).getByText(words).waitFor()
    // Shown once it is stored.
    await sent.first().getByText('Saved').waitFor({ state: 'attached' })
    await seat.shoot('previews without mark-up')
    await page.getByRole('link', { name: 'Saved messages' }).click()
    await page.getByRole('heading', { level: 1, name: 'Saved messages' }).waitFor()
    await page.getByRole('main').getByText(words).waitFor()

    await using pia = createNodeClient({ url: table.url })
    await pia.signIn({ login: 'pia', password })
    await pia.caughtUp()
    const [view] = pia.getSnapshot().conversations
    if (view) await pia.send({ conversationId: view.id, body: '- **one**\n- ~~two~~' })
    await page.getByRole('dialog').getByText('• one • two').waitFor()
    await page.getByRole('link', { name: 'Back to the chats' }).click()
    await seat.row('Pia').getByText('• one • two').waitFor()
  })
})

describe('mark-up that comes late', { tags: ['browser'], timeout: 90_000 }, () => {
  it('does not move what is being read', async () => {
    await sitDown({ workerless: true })
    const { page } = seat
    const held = Promise.withResolvers<void>()
    await page.route(/parse-markup|markup-body/, async route => {
      await held.promise
      await route.continue()
    })
    await page.goto(`${table.url}${chat}?at=20`)
    await seat.message('**more**').first().waitFor()
    const place = (line: string) =>
      seat.message(line).evaluate(element => Math.round(element.getBoundingClientRect().top))
    const places: number[] = []
    await vi.waitUntil(async () => places.push(await place('Line 20.')) > 1 && places.at(-1) === places.at(-2), {
      interval: 400,
      timeout: 10_000,
    })
    const reading = await findFirstLine()
    const before = await place(reading)
    held.resolve()
    await seat.message('Line 18.').locator('strong').waitFor()
    await expect.poll(() => place(reading)).toBe(before)
  })

  it('leaves the text as written when it cannot come at all', async () => {
    await sitDown({ workerless: true })
    const { page } = seat
    await page.route(/parse-markup|markup-body/, route => route.abort())
    await page.goto(`${table.url}${chat}?at=32`)
    await seat.message('**Decided** today').waitFor()
    expect(await seat.message('Decided').getByRole('link').getAttribute('href')).toBe('https://example.org/proof')
    await seat.field.fill('still here')
    await seat.row('Pia').getByText('still here').waitFor()
  })
})

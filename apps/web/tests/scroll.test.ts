/**
 * C3: how a long conversation of very unequal messages scrolls. Positions are looked at frame by frame, as painted: no message
 * may move but by what the reader did, not even for one frame.
 */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Frame, recordFrames, rest } from './frames.ts'
import { type LongConversation, startLongConversation } from './long-conversation.ts'
import type { Seat } from './seat.ts'

const count = 3_000
let long: LongConversation
let seat: Seat

beforeAll(async () => {
  long = await startLongConversation({ count })
}, 120_000)
afterAll(() => long?.[Symbol.asyncDispose]())
afterEach(async () => {
  await seat.context.close()
  seat.expectNoComplaints()
})

/** Opens the conversation, at its newest message or at another. */
async function read(options: { readonly at?: number; readonly size?: 'phone' } = {}): Promise<Page> {
  const { at, size = 'desktop' } = options
  seat = await long.seat({ size })
  await seat.signIn('ana')
  await seat.row('Long letters').waitFor()
  const where = at === undefined ? '' : `?at=${long.sequenceOf(at)}`
  await seat.page.goto(`${long.url}/app/chats/${long.id}${where}`)
  await article(at ?? count).waitFor()
  await rest(seat.page)
  const list = seat.page.getByTestId('messages')
  if (size === 'desktop') await list.hover()
  return seat.page
}

const article = (number: number) => seat.page.locator(`article[data-sequence="${long.sequenceOf(number)}"]`)

async function wheel(page: Page, by: number, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    await page.mouse.wheel(0, by)
    await page.evaluate(() => new Promise(requestAnimationFrame))
  }
}

/** The first message that begins on screen. */
function readingPlace(frame: Frame): readonly [string, number] {
  const first = Object.entries(frame.tops).sort(([, a], [, b]) => a - b)[1]
  if (!first) throw new Error('Nothing is on screen.')
  return first
}

/** How far the message that was read first moved away from where it was, at the most. */
function drift(frames: readonly Frame[]): number {
  const [first] = frames
  if (!first) throw new Error('No frame was painted.')
  const [sequence, top] = readingPlace(first)
  return Math.max(...frames.map(frame => Math.abs((frame.tops[sequence] ?? Number.POSITIVE_INFINITY) - top)))
}

function distanceFromEnd(page: Page): Promise<number> {
  return page
    .getByTestId('messages')
    .evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)
}

/** What the button to the newest message counts; other tests may have left some. */
async function unreadBelow(page: Page): Promise<number> {
  const words = await page.getByRole('button', { name: 'Go to the newest message' }).innerText()
  return Number(/\d+/.exec(words)?.[0] ?? 0)
}

/** Bob's messages in the document that end above what is read, and one far above. */
async function bobsAbove(page: Page): Promise<readonly number[]> {
  const [frame] = await recordFrames(page, async () => undefined)
  if (!frame) throw new Error('No frame was painted.')
  const [sequence] = readingPlace(frame)
  const drawn = await page
    .locator('article[data-sequence]')
    .evaluateAll(articles => articles.map(each => Number((each as HTMLElement).dataset['sequence'])))
  const first = long.sequenceOf(1)
  const above = drawn.filter(each => each < Number(sequence) && Math.floor((each - first + 1) / 3) % 2 === 1)
  return [long.sequenceOf(1_001), ...above]
}

describe('scrolling through unequal messages', { tags: ['browser'], timeout: 120_000 }, () => {
  it('moves by exactly what the wheel says, both ways, through many pages', async () => {
    const page = await read()
    for (const by of [-120, -300, 120]) {
      const times = 100
      const frames = await recordFrames(page, () => wheel(page, by, times))
      const moved = frames.map(frame => frame.moved ?? [Number.NaN, Number.NaN])
      expect(moved.filter(([least, most]) => !(Math.abs(least - most) <= 1))).toEqual([])
      expect(moved.filter(([least]) => Math.abs(Math.round(least) % by) !== 0)).toEqual([])
      expect(moved.reduce((sum, [least]) => sum + least, 0)).toBeCloseTo(-by * times, -1)
    }
  })

  it('keeps what is read in place while messages above it grow, shrink and go', async () => {
    const page = await read({ at: 1_510 })
    const { bob, id } = long
    const sequences = await bobsAbove(page)
    expect(sequences.length).toBeGreaterThan(3)
    const newest = String(sequences.at(-1))
    const frames = await recordFrames(page, async () => {
      const last = page.locator(`article[data-sequence="${newest}"]`)
      for (const sequence of sequences) await bob.react(id, sequence, '🎉')
      await last.getByText('🎉').waitFor({ state: 'attached' })
      for (const sequence of sequences) await bob.edit(id, sequence, `Grown.\n\n${'- and it grew\n'.repeat(30)}`)
      await last.getByText('Grown').waitFor({ state: 'attached' })
      for (const sequence of sequences) await bob.edit(id, sequence, 'Short.')
      await last.getByText('Short').waitFor({ state: 'attached' })
      for (const sequence of sequences) await bob.delete(id, sequence)
      await last.getByText('Message deleted').waitFor({ state: 'attached' })
    })
    expect(drift(frames)).toBeLessThanOrEqual(1)
  })

  it('keeps it in place too when the window becomes narrower and wider', async () => {
    const page = await read({ at: 1_200 })
    const frames = await recordFrames(page, async () => {
      await page.getByRole('button', { name: 'Details' }).click()
      await page.getByRole('complementary', { name: 'Details' }).waitFor()
    })
    expect(drift(frames)).toBeLessThanOrEqual(1)
  })
})

describe('reading among unequal messages', { tags: ['browser'], timeout: 120_000 }, () => {
  it('keeps what has the focus in the document, wherever one scrolls', async () => {
    const page = await read({ at: 1_410 })
    await article(1_410).focus()
    await wheel(page, 300, 20)
    await rest(page)
    expect(await article(1_410).evaluate(element => element === document.activeElement)).toBe(true)
  })

  it('scrolls by touch as by the wheel, and by the keys of pages', async () => {
    const page = await read({ size: 'phone' })
    const session = await page.context().newCDPSession(page)
    const flung = await recordFrames(page, async () => {
      const gesture = {
        x: 200,
        y: 300,
        yDistance: 3_000,
        speed: 4_000,
        gestureSourceType: 'touch',
        preventFling: false,
      }
      await session.send('Input.synthesizeScrollGesture', { ...gesture, gestureSourceType: 'touch' })
    })
    const moved = flung.flatMap(frame => (frame.moved ? [frame.moved] : []))
    expect(moved.filter(([least, most]) => most - least > 1)).toEqual([])
    expect(moved.filter(([least]) => least < -1)).toEqual([])
    await page.getByTestId('messages').locator('article').last().focus()
    const paged = await recordFrames(page, async () => {
      for (let press = 0; press < 5; press += 1) {
        await page.keyboard.press('PageUp')
        await rest(page)
      }
    })
    const steps = paged.flatMap(frame => (frame.moved ? [frame.moved] : []))
    expect(steps.filter(([least, most]) => most - least > 1 || least < -1)).toEqual([])
    expect(steps.reduce((sum, [least]) => sum + least, 0)).toBeGreaterThan(1_500)
  })

  it('stays at the end, and only there, whatever comes', async () => {
    const page = await read()
    const { bob, id } = long
    for (let number = 1; number <= 5; number += 1) {
      await bob.send({ conversationId: id, body: `${number} new\n\n${'- a line\n'.repeat(number * 4)}` })
      await seat.message(`${number} new`).waitFor()
      await rest(page)
      expect(await distanceFromEnd(page)).toBeLessThanOrEqual(1)
    }
    await wheel(page, -120, 5)
    await rest(page)
    const frames = await recordFrames(page, async () => {
      for (let number = 6; number <= 10; number += 1) await bob.send({ conversationId: id, body: `${number} new` })
      await seat.row('Long letters').getByText('10 new').waitFor()
    })
    expect(drift(frames)).toBeLessThanOrEqual(1)
    await page.getByRole('button', { name: /newest message/ }).click()
    await seat.message('10 new').waitFor()
    await rest(page)
    expect(await distanceFromEnd(page)).toBeLessThanOrEqual(1)
  })

  it('keeps the newest message in sight while the composer grows, for text and for an answer', async () => {
    const page = await read()
    await long.bob.send({ conversationId: long.id, body: 'A short one.' })
    const last = seat.message('A short one.')
    await last.waitFor()
    await rest(page)
    const frames = await recordFrames(page, async () => {
      for (let line = 0; line < 8; line += 1) {
        await seat.field.pressSequentially('more')
        await seat.field.press('Shift+Enter')
      }
      await last.hover()
      await page.getByRole('button', { name: 'Reply' }).click()
      await page.getByRole('button', { name: 'Do not reply to it' }).waitFor()
    })
    expect(frames.length).toBeGreaterThan(10)
    await expect.poll(() => distanceFromEnd(page)).toBeLessThan(2)
    const [newest, composer] = await Promise.all([last.boundingBox(), page.locator('main form').boundingBox()])
    expect((newest?.y ?? Number.NaN) + (newest?.height ?? 0)).toBeLessThanOrEqual(composer?.y ?? 0)
    await page.getByRole('button', { name: 'Do not reply to it' }).click()
    await seat.field.fill('')
    await expect.poll(() => distanceFromEnd(page)).toBeLessThan(2)

    // Elsewhere the place that is read stays, whatever the composer does.
    await page.getByTestId('messages').hover()
    await wheel(page, -300, 3)
    await rest(page)
    const away = await recordFrames(page, () => seat.field.fill('more\n'.repeat(8)))
    expect(drift(away)).toBeLessThan(1)
  })

  it('brings back to where one read, whatever came meanwhile', async () => {
    const page = await read({ at: 1_310 })
    await wheel(page, 120, 7)
    await rest(page)
    const before = await unreadBelow(page)
    const [left] = await recordFrames(page, async () => undefined)
    if (!left) throw new Error('No frame was painted.')
    const [sequence, top] = readingPlace(left)
    await seat.field.press('Escape')
    await page.getByText(/^Choose a chat/).waitFor()
    await long.bob.send({ conversationId: long.id, body: 'came meanwhile' })
    await seat.row('Long letters').getByText('came meanwhile').waitFor()
    await seat.row('Long letters').click()
    await page.locator(`article[data-sequence="${sequence}"]`).waitFor()
    await rest(page)
    const [back] = await recordFrames(page, async () => undefined)
    expect(Math.abs((back?.tops[sequence] ?? Number.NaN) - top)).toBeLessThanOrEqual(1)
    await expect.poll(() => unreadBelow(page)).toBe(before + 1)
  })
})

describe('a busy conversation', { tags: ['browser'], timeout: 120_000 }, () => {
  it('is not taken from under the reader', async () => {
    const page = await read({ at: 2_700 })
    const frames = await recordFrames(page, async () => {
      for (let number = 1; number <= 800; number += 1) {
        await long.bob.send({ conversationId: long.id, body: `busy ${number}` })
      }
      await seat.row('Long letters').getByText('busy 800').waitFor({ timeout: 60_000 })
    })
    expect(drift(frames)).toBeLessThanOrEqual(1)
  })

  it('stays at the end when more comes in a moment than is held', async () => {
    const page = await read({ at: count })
    await page.getByRole('button', { name: /newest message/ }).click()
    await seat.message('busy 800').waitFor()
    await rest(page)
    const { bob, id } = long
    for (let number = 1; number <= 3_000; number += 1) await bob.send({ conversationId: id, body: `burst ${number}.` })
    await seat.message('burst 3000.').waitFor({ timeout: 60_000 })
    await rest(page)
    expect(await distanceFromEnd(page)).toBeLessThanOrEqual(1)
  })
})

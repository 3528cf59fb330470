/** C3: days of a long conversation: what stands above them, the calendar, links to far away, and midnight. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { rest } from './frames.ts'
import { type LongConversation, startLongConversation } from './long-conversation.ts'
import type { Seat } from './seat.ts'

const count = 3_000
/** Four a day: more than two years. */
const everySeconds = 6 * 3_600
let long: LongConversation
let seat: Seat

beforeAll(async () => {
  long = await startLongConversation({ count, everySeconds })
}, 120_000)
afterAll(() => long?.[Symbol.asyncDispose]())
afterEach(async () => {
  await seat.context.close()
  seat.expectNoComplaints()
})

async function open(
  options: { readonly size?: 'phone'; readonly locale?: string; readonly at?: number } = {},
): Promise<Page> {
  const { at, ...seatOptions } = options
  seat = await long.seat(seatOptions)
  await seat.signIn('ana')
  await seat.row('Long letters').waitFor()
  const where = at === undefined ? '' : `?at=${long.sequenceOf(at)}`
  await seat.page.goto(`${long.url}/app/chats/${long.id}${where}`)
  await article(at ?? count).waitFor()
  await rest(seat.page)
  return seat.page
}

const article = (number: number) => seat.page.locator(`article[data-sequence="${long.sequenceOf(number)}"]`)

function isInView(number: number): Promise<boolean> {
  return article(number).evaluate(element => {
    const { top, bottom } = element.getBoundingClientRect()
    return bottom > 60 && top < window.innerHeight
  })
}

/** The day of a message, where the seat is, and the number of that day's first message. */
async function dayOf(number: number): Promise<{ readonly day: string; readonly first: number }> {
  const { items } = await long.bob.call('message.list', {
    conversationId: long.id,
    around: long.sequenceOf(number),
    limit: 20,
  })
  const zone = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Sao_Paulo', dateStyle: 'short' })
  const days = items.map(({ createdAt }) => zone.format(new Date(createdAt)))
  const day = days[items.findIndex(({ sequence }) => sequence === long.sequenceOf(number))] ?? ''
  return { day, first: (items[days.indexOf(day)]?.sequence ?? 0) - long.sequenceOf(0) }
}

describe('a day of a conversation', { tags: ['browser'], timeout: 120_000 }, () => {
  it('is reached from the separator above a message, by keyboard alone', async () => {
    const page = await open()
    await seat.page
      .getByRole('button', { name: /go to a date/ })
      .last()
      .focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Go to a date' })
    await dialog.getByRole('grid').waitFor()
    await expect.poll(() => dialog.locator('[data-day]:focus').count()).toBe(1)
    await seat.expectAccessible('[role=dialog]')
    const opened = await dialog.locator('[data-day]:focus').getAttribute('data-day')
    await page.keyboard.press('PageUp')
    await page.keyboard.press('ArrowUp')
    const chosen = (await dialog.locator('[data-day]:focus').getAttribute('data-day')) ?? ''
    expect(chosen < (opened ?? '')).toBe(true)
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await page.waitForURL(/at=\d+/)
    const sequence = Number(new URL(page.url()).searchParams.get('at'))
    const number = sequence - long.sequenceOf(0)
    const { day, first } = await dayOf(number)
    expect({ day, first }).toEqual({ day: chosen, first: number })
    await expect.poll(() => isInView(number)).toBe(true)
    await page.getByRole('button', { name: 'Go to the newest message' }).click()
    await expect.poll(() => isInView(count)).toBe(true)
  })

  it('is reached by a command of the palette, also the very first', async () => {
    const page = await open()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('go to a date')
    await page.getByRole('option', { name: /Go to a date in Long letters/ }).click()
    await page.getByRole('button', { name: 'To the beginning' }).click()
    await article(1).waitFor()
    await expect.poll(() => isInView(1)).toBe(true)
    await page.getByText('This is where it begins.').waitFor()
  })

  it('stands at the top while one scrolls, on a phone too, and opens the calendar there', async () => {
    const page = await open({ size: 'phone', at: 1_200 })
    const { day } = await dayOf(1_200)
    const sticky = page.locator('[data-sticky-day]')
    await page.getByTestId('messages').evaluate(keepScrolling)
    await sticky.getByRole('button').waitFor()
    const shown = (await sticky.locator('time').getAttribute('datetime')) ?? ''
    expect(Math.abs(Date.parse(shown) - Date.parse(`${day}T12:00:00-03:00`))).toBeLessThan(10 * 86_400_000)
    await sticky.getByRole('button').click()
    await page.getByRole('dialog', { name: 'Go to a date' }).getByRole('grid').waitFor()
  })

  it('that is linked to from far away comes to the screen, glows, and does not call back', async () => {
    const page = await open({ at: 40 })
    await expect.poll(() => isInView(40)).toBe(true)
    await article(40).locator('.animate-flash').waitFor()
    await page.getByRole('button', { name: 'Go to the newest message' }).click()
    await expect.poll(() => isInView(count)).toBe(true)
    await rest(page)
    expect(await isInView(count)).toBe(true)
  })

  it('is called today until midnight, without a reload', async () => {
    seat = await long.seat()
    await seat.page.clock.install()
    await seat.signIn('ana')
    await seat.row('Long letters').click()
    await long.bob.send({ conversationId: long.id, body: 'just before midnight' })
    await seat.message('just before midnight').waitFor()
    const days = seat.page.getByRole('feed').getByRole('button', { name: /go to a date/ })
    await expect.poll(() => days.last().textContent()).toBe('Today')
    await seat.page.clock.fastForward('24:00:00')
    await expect.poll(() => days.last().textContent()).toBe('Yesterday')
  })
})

/** In the page: the day leaves a second after the list has come to rest. */
function keepScrolling(list: Element): void {
  list.scrollBy(0, -200)
  setInterval(() => list.scrollBy(0, -1), 50)
}

/** What a person does all day: taps, opens, types, scrolls and searches. */
import type { Page } from 'playwright-core'
import { recordFrames, rest } from '../tests/frames.ts'
import { recordAnswers } from './answers.ts'
import { type Figure, percentile } from './figures.ts'
import type { House } from './house.ts'
import { traced } from './trace.ts'

export async function measureTaps({ browser, page, url }: House, times: number): Promise<readonly Figure[]> {
  await page.goto(`${url}/app/chats`)
  const filters = page.getByRole('region', { name: 'Chats' }).getByRole('button', { name: /^(All|Unread|Groups)$/ })
  await filters.first().waitFor()
  // By place: the driver's own way of clicking looks at the page before and after, which would count as the app's work.
  const places = await Promise.all([2, 0].map(index => filters.nth(index).boundingBox()))
  const tap = async () => {
    for (let number = 0; number < times; number += 1) {
      const { x = 0, y = 0, width = 0, height = 0 } = places[number % 2] ?? {}
      await page.mouse.click(x + width / 2, y + height / 2)
      await pause(page, 60)
    }
  }
  const trace = await traced(browser, page, tap)
  return answerFigures('a tap', 16.7, trace.busyAfter('pointerdown'), await recordAnswers(page, 'click', tap))
}

/** In the page: one that waits in the driver would be late by what the driver does. */
function pause(page: Page, ms: number): Promise<void> {
  return page.evaluate(wanted => new Promise<void>(resolve => setTimeout(resolve, wanted)), ms)
}

function answerFigures(
  name: string,
  bound: number,
  work: readonly number[],
  clock: readonly number[],
): readonly Figure[] {
  const how = 'work of the main thread until it is at rest'
  const seen = 'by the clock, on this machine'
  return [
    { name: `${name}, p50`, unit: 'ms', value: percentile(work, 0.5), bound, how },
    { name: `${name}, p95`, unit: 'ms', value: percentile(work, 0.95), bound, how },
    { name: `${name} until it is painted, p50`, unit: 'ms', value: percentile(clock, 0.5), how: seen },
    { name: `${name} until it is painted, p95`, unit: 'ms', value: percentile(clock, 0.95), how: seen },
  ]
}

export async function measureOpening(house: House, times: number): Promise<readonly Figure[]> {
  const { page, url, seat, long, short } = house
  const stored: Opened[] = []
  const again: Opened[] = []
  for (let run = 0; run < times; run += 1) {
    await page.goto(`${url}/app/chats`)
    await seat.row('Long letters').waitFor()
    stored.push(await opens(house, long))
    await opens(house, short)
    again.push(await opens(house, long))
  }
  return [
    ...openingFigures('a conversation opens from the device', stored, 'first time after a reload, from IndexedDB'),
    ...openingFigures('a conversation opens again', again, 'from memory'),
  ]
}

interface Opened {
  /** From the tap until messages are painted, by the clock. */
  readonly ms: number
  /** What the main thread did in that time. */
  readonly work: number
}

function openingFigures(name: string, opened: readonly Opened[], how: string): readonly Figure[] {
  const median = (part: keyof Opened) =>
    percentile(
      opened.map(each => each[part]),
      0.5,
    )
  return [
    { name: `${name}, median`, unit: 'ms', value: median('ms'), bound: 100, how },
    { name: `${name}: work of the main thread, median`, unit: 'ms', value: median('work') },
  ]
}

async function opens({ browser, page }: House, id: number): Promise<Opened> {
  let ms = 0
  const trace = await traced(browser, page, async () => {
    ms = await page.evaluate(tapChat, id)
  })
  return { ms, work: trace.busyBetween('tapped', 'painted')[0] ?? Number.NaN }
}

/** In the page. Messages are there once one stands within the list, and has been painted. */
function tapChat(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const row = document.querySelector<HTMLElement>(`a[href^="/app/chats/${wanted}"]`)
    if (!row) return reject(new Error('the chat is not in the list'))
    const before = document.querySelector('article[data-sequence]')
    const { startTime: from } = performance.mark('tapped')
    row.click()
    const isThere = () => {
      const list = document.querySelector('[data-testid=messages]')?.getBoundingClientRect()
      const articles = [...document.querySelectorAll('article[data-sequence]')]
      if (!list || articles.includes(before as Element)) return false
      return articles.some(article => {
        const { top, bottom } = article.getBoundingClientRect()
        return bottom > list.top && top < list.bottom
      })
    }
    const painted = new MessageChannel()
    painted.port1.onmessage = () => resolve(performance.mark('painted').startTime - from)
    const look = () => (isThere() ? painted.port2.postMessage(null) : requestAnimationFrame(look))
    requestAnimationFrame(look)
  })
}

export async function measureTyping(house: House, keys: number): Promise<readonly Figure[]> {
  const { browser, page, seat } = house
  await openLong(house)
  await seat.field.focus()
  const type = async () => {
    for (let key = 0; key < keys; key += 1) {
      await page.keyboard.press('abcdefgh '.charAt(key % 9) || 'a')
      await pause(page, 40)
    }
  }
  const trace = await traced(browser, page, type)
  const figures = answerFigures('a key', 16, trace.busyAfter('keydown'), await recordAnswers(page, 'keydown', type))
  await seat.field.fill('')
  return figures
}

export async function measureScrolling(house: House, frames: number): Promise<readonly Figure[]> {
  const { browser, page } = house
  await openLong(house)
  await page.getByTestId('messages').hover()
  const turn = async (by: number, times: number) => {
    for (let step = 0; step < times; step += 1) {
      await page.mouse.wheel(0, by)
      await page.evaluate(() => new Promise(requestAnimationFrame))
    }
  }
  const figures: Figure[] = []
  for (const [way, by] of [
    ['back', -240],
    ['forth', 240],
  ] as const) {
    const seen = await recordFrames(page, () => turn(by, frames))
    const trace = await traced(browser, page, () => turn(by, Math.ceil(frames / 4)))
    const work = trace.busyAfter('scroll')
    const times = seen.map(({ ms }) => ms)
    const shaken = seen.filter(({ moved }) => moved && moved[1] - moved[0] > 1).length
    const how = `${frames} turns of the wheel of 240 px`
    figures.push(
      { name: `a frame while scrolling ${way}, p50`, unit: 'ms', value: percentile(times, 0.5), bound: 17, how },
      { name: `a frame while scrolling ${way}, p95`, unit: 'ms', value: percentile(times, 0.95), bound: 17, how },
      { name: `work of the main thread in it, p95`, unit: 'ms', value: percentile(work, 0.95) },
      { name: `the longest frame while scrolling ${way}`, unit: 'ms', value: Math.max(...times) },
      { name: `frames in which messages moved apart, ${way}`, unit: '', value: shaken, bound: 0 },
    )
  }
  return figures
}

async function openLong({ page, seat, url, long }: House): Promise<void> {
  await page.goto(`${url}/app/chats/${long}`)
  await seat.field.waitFor()
  await page.locator('article[data-sequence]').last().waitFor()
  await rest(page)
}

export async function measureSearch({ page, url }: House): Promise<readonly Figure[]> {
  await page.goto(`${url}/app/chats`)
  await page.locator('a[href^="/app/chats/"]').first().waitFor()
  const search = async (words: string) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').last().waitFor()
    const from = performance.now()
    await page.keyboard.insertText(words)
    await page
      .getByRole('option')
      .filter({ hasText: words.split(' ')[0] ?? '' })
      .filter({ hasText: 'line' })
      .first()
      .waitFor()
    const taken = performance.now() - from
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    // What lies on top is an entry of the history: the next one would go with it while it is still being left.
    await page.waitForFunction(() => !(history.state?.overlays?.length > 0))
    return taken
  }
  const first = await search('usual line')
  const later: number[] = []
  for (const words of ['busy line', 'usual day line', 'line busy', 'usual busy line', 'day line'])
    later.push(await search(words))
  return [
    {
      name: 'the first search on the device',
      unit: 'ms',
      value: first,
      how: 'over all messages that the device keeps',
    },
    { name: 'the next searches, median', unit: 'ms', value: percentile(later, 0.5) },
  ]
}

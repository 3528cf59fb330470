/** What a person does all day: taps, opens, types, scrolls and searches. */
import type { Page } from 'playwright-core'
import { recordFrames, rest } from '../tests/frames.ts'
import { type Figure, percentile } from './figures.ts'
import type { House } from './house.ts'
import { traced } from './trace.ts'

export async function measureTaps({ browser, page, url }: House, times: number): Promise<readonly Figure[]> {
  await page.goto(`${url}/app/chats`)
  const filters = page.getByRole('region', { name: 'Chats' }).getByRole('button', { name: /^(All|Unread|Groups)$/ })
  await filters.first().waitFor()
  // By place: the driver's own way of clicking looks at the page before and after, which would count as the app's work.
  const places = await Promise.all([2, 0].map(index => filters.nth(index).boundingBox()))
  const trace = await traced(browser, page, async () => {
    for (let tap = 0; tap < times; tap += 1) {
      const { x = 0, y = 0, width = 0, height = 0 } = places[tap % 2] ?? {}
      await page.mouse.click(x + width / 2, y + height / 2)
      await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 60)))
    }
  })
  const busy = trace.busyAfter('pointerdown')
  const how = 'work of the main thread until it is at rest'
  return [
    { name: 'a tap, p50', unit: 'ms', value: percentile(busy, 0.5), bound: 16.7, how },
    { name: 'a tap, p95', unit: 'ms', value: percentile(busy, 0.95), bound: 16.7, how },
  ]
}

export async function measureOpening(house: House, times: number): Promise<readonly Figure[]> {
  const { page, url, seat, long, short } = house
  const stored: number[] = []
  const again: number[] = []
  for (let run = 0; run < times; run += 1) {
    await page.goto(`${url}/app/chats`)
    await seat.row('Long letters').waitFor()
    stored.push(await opens(page, long))
    await opens(page, short)
    again.push(await opens(page, long))
  }
  return [
    {
      name: 'a conversation opens from the device, median',
      unit: 'ms',
      value: percentile(stored, 0.5),
      bound: 100,
      how: 'first time after a reload, from IndexedDB',
    },
    {
      name: 'a conversation opens again, median',
      unit: 'ms',
      value: percentile(again, 0.5),
      bound: 100,
      how: 'from memory',
    },
  ]
}

/** Milliseconds from the tap until messages are painted. */
function opens(page: Page, id: number): Promise<number> {
  return page.evaluate(
    wanted =>
      new Promise<number>((resolve, reject) => {
        const row = document.querySelector<HTMLElement>(`a[href^="/app/chats/${wanted}"]`)
        if (!row) return reject(new Error('the chat is not in the list'))
        const before = document.querySelector('article[data-sequence]')
        const from = performance.now()
        row.click()
        const look = () => {
          const first = document.querySelector('article[data-sequence]')
          const there = first !== null && first !== before && location.pathname === `/app/chats/${wanted}`
          if (there) setTimeout(() => resolve(performance.now() - from))
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      }),
    id,
  )
}

export async function measureTyping(house: House, keys: number): Promise<readonly Figure[]> {
  const { browser, page, seat } = house
  await openLong(house)
  await seat.field.focus()
  const trace = await traced(browser, page, async () => {
    for (let key = 0; key < keys; key += 1) {
      await page.keyboard.press('abcdefgh '.charAt(key % 9) || 'a')
      await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 40)))
    }
  })
  await seat.field.fill('')
  const busy = trace.busyAfter('keydown')
  const how = 'work of the main thread until the next key'
  return [
    { name: 'a key, p50', unit: 'ms', value: percentile(busy, 0.5), bound: 16, how },
    { name: 'a key, p95', unit: 'ms', value: percentile(busy, 0.95), bound: 16, how },
  ]
}

export async function measureScrolling(house: House, frames: number): Promise<readonly Figure[]> {
  const { page } = house
  await openLong(house)
  await page.getByTestId('messages').hover()
  const figures: Figure[] = []
  for (const [way, by] of [
    ['back', -240],
    ['forth', 240],
  ] as const) {
    const seen = await recordFrames(page, async () => {
      for (let step = 0; step < frames; step += 1) {
        await page.mouse.wheel(0, by)
        await page.evaluate(() => new Promise(requestAnimationFrame))
      }
    })
    const times = seen.map(({ ms }) => ms)
    const shaken = seen.filter(({ moved }) => moved && moved[1] - moved[0] > 1).length
    const how = `${frames} turns of the wheel of 240 px`
    figures.push(
      { name: `a frame while scrolling ${way}, p50`, unit: 'ms', value: percentile(times, 0.5), bound: 17, how },
      { name: `a frame while scrolling ${way}, p95`, unit: 'ms', value: percentile(times, 0.95), bound: 17, how },
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

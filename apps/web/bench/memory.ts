/**
 * What the page still holds after collecting garbage: after messages as fast as they go, and after an hour by the clock, in
 * which somebody uses it.
 */
import type { CDPSession } from 'playwright-core'
import { rest } from '../tests/frames.ts'
import type { Figure } from './figures.ts'
import type { House } from './house.ts'

interface Held {
  readonly megabytes: number
  readonly nodes: number
}

export async function measureMemory(house: House, rounds: number, perRound: number): Promise<readonly Figure[]> {
  const devtools = await openLong(house)
  const held: Held[] = []
  for (let round = 0; round <= rounds; round += 1) {
    await house.write(perRound, `round ${round}`)
    await house.seat.message(`round ${round} ${perRound}:`).waitFor({ timeout: 120_000 })
    held.push(await weigh(house, devtools))
  }
  await devtools.detach()
  return heldFigures(
    `after ${(rounds * perRound).toLocaleString('en')} more messages`,
    `after each ${perRound.toLocaleString('en')} messages`,
    held,
  )
}

const perMinute = 420

/**
 * By the clock: seven messages a second come into the open conversation, and each minute its reader writes, scrolls back,
 * goes to another chat and returns. The first twelfth of the time is the measure of the rest.
 */
export async function measureHour(house: House, minutes: number): Promise<readonly Figure[]> {
  const devtools = await openLong(house)
  const held: Held[] = []
  const between = minutes / 12
  for (let minute = 1; minute <= minutes; minute += 1) {
    const over = new Promise(resolve => setTimeout(resolve, 60_000))
    await Promise.all([
      over,
      house.write(perMinute, `minute ${minute}`, 60_000 / perMinute),
      livesThrough(house, minute),
    ])
    await house.seat.message(`minute ${minute} ${perMinute}:`).waitFor()
    if (minute % between === 0) held.push(await weigh(house, devtools))
  }
  await devtools.detach()
  return heldFigures(`after ${minutes} minutes by the clock`, `each ${between} minutes`, held)
}

async function livesThrough({ page, seat, long, short }: House, minute: number): Promise<void> {
  const chat = (id: number) => page.locator(`a[href^="/app/chats/${id}"]`).first()
  await seat.send(`mine of minute ${minute}`)
  await page.getByTestId('messages').hover()
  for (let turn = 0; turn < 60; turn += 1) {
    await page.mouse.wheel(0, -400)
    await page.evaluate(() => new Promise(requestAnimationFrame))
  }
  await chat(short).click()
  await page.waitForURL(new RegExp(`/${short}$`))
  await chat(long).click()
  await page.waitForURL(new RegExp(`/${long}$`))
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog').filter({ has: page.getByRole('combobox') })
  await palette.getByRole('combobox').pressSequentially('line')
  await page.keyboard.press('Escape')
  await palette.waitFor({ state: 'detached' })
  await seat.send(`mine again of minute ${minute}`)
}

async function openLong({ page, url, long }: House): Promise<CDPSession> {
  await page.goto(`${url}/app/chats/${long}`)
  await page.locator('article[data-sequence]').last().waitFor()
  await rest(page)
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  return devtools
}

async function weigh({ page }: House, devtools: CDPSession): Promise<Held> {
  await rest(page)
  for (let twice = 0; twice < 2; twice += 1) await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  const { metrics } = await devtools.send('Performance.getMetrics')
  return { megabytes: usedSize / 2 ** 20, nodes: metrics.find(({ name }) => name === 'Nodes')?.value ?? 0 }
}

function heldFigures(when: string, each: string, held: readonly Held[]): readonly Figure[] {
  const [first, last] = [held[0], held.at(-1)]
  if (!first || !last) throw new Error('nothing was measured')
  const series = held.map(({ megabytes }) => megabytes.toFixed(1)).join(', ')
  const ratio = (part: keyof Held) => last[part] / first[part]
  return [
    {
      name: `heap ${when}, of what it was`,
      ...{ unit: '×', value: ratio('megabytes'), bound: 1.2 },
      how: `${each}: ${series} MB`,
    },
    { name: 'nodes of the document then, of what they were', unit: '×', value: ratio('nodes'), bound: 1.2 },
  ]
}

/** An hour of a busy conversation, as fast as it goes: what the page still holds after collecting garbage. */
import { rest } from '../tests/frames.ts'
import type { Figure } from './figures.ts'
import type { House } from './house.ts'

interface Held {
  readonly megabytes: number
  readonly nodes: number
}

export async function measureMemory(house: House, rounds: number, perRound: number): Promise<readonly Figure[]> {
  const { page, seat, url, long } = house
  await page.goto(`${url}/app/chats/${long}`)
  await page.locator('article[data-sequence]').last().waitFor()
  await rest(page)
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  const held: Held[] = []
  for (let round = 0; round <= rounds; round += 1) {
    await house.write(perRound, `round ${round}`)
    await seat.message(`round ${round} ${perRound}:`).waitFor({ timeout: 120_000 })
    await rest(page)
    for (let twice = 0; twice < 2; twice += 1) await devtools.send('HeapProfiler.collectGarbage')
    const { usedSize } = await devtools.send('Runtime.getHeapUsage')
    const { metrics } = await devtools.send('Performance.getMetrics')
    held.push({ megabytes: usedSize / 2 ** 20, nodes: metrics.find(({ name }) => name === 'Nodes')?.value ?? 0 })
  }
  await devtools.detach()
  const [first, last] = [held[0], held.at(-1)]
  if (!first || !last) throw new Error('nothing was measured')
  const series = held.map(({ megabytes }) => megabytes.toFixed(1)).join(', ')
  const how = `after each ${perRound.toLocaleString('en')} messages: ${series} MB`
  return [
    {
      name: `heap after ${(rounds * perRound).toLocaleString('en')} more messages, of what it was`,
      unit: '×',
      value: last.megabytes / first.megabytes,
      bound: 1.2,
      how,
    },
    { name: 'nodes of the document then, of what they were', unit: '×', value: last.nodes / first.nodes, bound: 1.2 },
  ]
}

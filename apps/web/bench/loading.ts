/** From an address to an app that can be used: the first time, again, and without a network. */
import type { Page } from 'playwright-core'
import { type Figure, percentile } from './figures.ts'
import type { House } from './house.ts'

export async function measureLoading({ page, url, seat }: House, times: number): Promise<readonly Figure[]> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.setBypassServiceWorker', { bypass: true })
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true })
  const cold = await loads(page, `${url}/app/chats`, times)
  const kilobytes = await page.evaluate(() => {
    const scripts = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
    return (
      scripts.filter(({ name }) => name.endsWith('.js')).reduce((sum, each) => sum + each.encodedBodySize, 0) / 1_024
    )
  })
  await devtools.send('Network.setBypassServiceWorker', { bypass: false })
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: false })
  const warm = await loads(page, `${url}/app/chats`, times)
  await seat.context.setOffline(true)
  const offline = await loads(page, `${url}/app/chats`, times)
  await seat.context.setOffline(false)
  await devtools.detach()
  const median = (values: readonly number[]) => percentile(values, 0.5)
  return [
    { name: 'JavaScript until the chats stand, compressed', unit: 'KB', value: kilobytes, bound: 200 },
    {
      name: 'usable, nothing cached',
      unit: 'ms',
      value: median(cold),
      bound: 1_500,
      how: 'signed in, no HTTP cache, no service worker',
    },
    { name: 'usable, next time', unit: 'ms', value: median(warm), bound: 1_500, how: 'from the service worker' },
    {
      name: 'usable without a network',
      unit: 'ms',
      value: median(offline),
      bound: 1_000,
      how: 'from the service worker and IndexedDB',
    },
  ]
}

/** Milliseconds from asking for the page until the first chat can be tapped. */
async function loads(page: Page, address: string, times: number): Promise<readonly number[]> {
  const taken: number[] = []
  for (let run = 0; run < times; run += 1) {
    await page.goto(address, { waitUntil: 'commit' })
    taken.push(await page.evaluate(untilUsable))
  }
  return taken
}

/** In the page. */
function untilUsable(): Promise<number> {
  return new Promise(resolve => {
    const look = () => {
      if (document.querySelector('a[href^="/app/chats/"]')) setTimeout(() => resolve(performance.now()))
      else requestAnimationFrame(look)
    }
    look()
  })
}

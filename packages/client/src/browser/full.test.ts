import { expect, test } from 'vitest'
import { openBrowser } from '../../testing/chromium.ts'

const origin = 'http://localhost'

test('S2: in a browser whose storage is full, messages make room for text', {
  timeout: 120_000,
  tags: ['browser'],
}, async () => {
  await using browser = await openBrowser('browser/full-page.ts')
  const page = await browser.openTab()
  const debugging = await page.context().newCDPSession(page)
  await debugging.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 20_000_000 })
  const figures = await page.evaluate(() => window.fillUp())
  expect(figures.stored).toBeGreaterThan(10)
  expect(figures).toMatchObject({ unsent: 1, givenUp: false })
  expect(figures.left).toBeLessThan(figures.stored)
})

test('S2: whoever has a cache open hears that the browser cleared it, and writes no more', {
  timeout: 60_000,
  tags: ['browser'],
}, async () => {
  await using browser = await openBrowser('browser/full-page.ts')
  const page = await browser.openTab()
  const debugging = await page.context().newCDPSession(page)
  const ended = page.evaluate(() => window.awaitTheEnd())
  await expect.poll(() => page.title()).toBe('open')
  await debugging.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
  expect(await ended).toBe('CacheGoneError')
})

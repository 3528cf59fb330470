import { expect, test } from 'vitest'
import { openBrowser } from '../../testing/chromium.ts'

test('100,000 stored messages are searched while the page goes on', {
  timeout: 180_000,
  tags: ['browser'],
}, async () => {
  await using browser = await openBrowser('browser/search-page.ts')
  const page = await browser.openTab()
  const figures = await page.evaluate(() => window.measureSearch(100, 1_000))
  expect(figures.bodies).toEqual([expect.stringContaining('zebra')])
  expect(figures.firstHitsMs).toBeLessThan(figures.firstMs)
  // Far above what it takes, because tests share their machine: the reading of 100,000 rows would take ten times as long.
  expect(figures.rareMs).toBeLessThan(figures.firstMs / 4)
  expect(figures.blockedMs).toBeLessThan(1_000)
})

import { expect, test } from 'vitest'
import { openBrowser } from '../../testing/chromium.ts'
import { cacheContract } from '../cache/cache.contract.ts'

test('IndexedDB in Chromium keeps the contract of the cache port', { timeout: 60_000, tags: ['browser'] }, async () => {
  await using browser = await openBrowser('browser/contract-page.ts')
  const page = await browser.openTab()
  const outcomes = await page.evaluate(() => window.runContract())
  expect(outcomes).toEqual(Object.fromEntries(cacheContract.map(({ name }) => [name, null])))
})

test('a cache from before there was mail keeps what it holds', { timeout: 60_000, tags: ['browser'] }, async () => {
  await using browser = await openBrowser('browser/contract-page.ts')
  const page = await browser.openTab()
  expect(await page.evaluate(() => window.migrate())).toEqual([1, 1, 0])
})

/** Runs the cache contract inside a page; the test that opened the page reads the outcome. */
import { cacheContract } from '../cache/cache.contract.ts'
import { createIndexedDbCaches } from './indexeddb-cache.ts'

declare global {
  interface Window {
    runContract: () => Promise<Record<string, string | null>>
  }
}

/** By the name of each case: null, or why it failed. */
window.runContract = async () => {
  const outcomes: Record<string, string | null> = {}
  for (const { name, run } of cacheContract) {
    outcomes[name] = await run(createIndexedDbCaches()).then(
      () => null,
      (error: unknown) => String(error instanceof Error ? error.stack : error),
    )
  }
  return outcomes
}

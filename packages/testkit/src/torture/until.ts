import { setTimeout as delay } from 'node:timers/promises'

const pollMs = 20

/** Waits for a condition; resolves to how long it took, or null if it did not come true in time. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs: number): Promise<number | null> {
  const startedAt = performance.now()
  for (;;) {
    if (await condition()) return performance.now() - startedAt
    if (performance.now() - startedAt > withinMs) return null
    await delay(pollMs)
  }
}

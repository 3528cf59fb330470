/** That the check can fail: each fault, planted at a port, is found within a few seeds. */
import { expect, test } from 'vitest'
import { runSeed } from './run.ts'
import type { Planted } from './world.ts'

/** What is wrong, how it is planted, and what the check says of it. */
export type PlantedFault = readonly [string, () => Planted, RegExp]

const seedsToTry = 100
const withinMs = 300_000

/** `firstSeeds` are the first to be tried, where those from 1 on do not meet what it takes. */
export function findPlanted(faults: readonly PlantedFault[], firstSeeds: Readonly<Record<string, number>> = {}): void {
  test.each(faults)('finds %s', { timeout: withinMs }, async (name, plant, expected) => {
    const found: string[] = []
    const first = firstSeeds[name] ?? 1
    for (let seed = first; seed < first + seedsToTry && !found.some(failure => expected.test(failure)); seed++) {
      found.push(...(await runSeed(String(seed), plant())).failures)
    }
    expect(found.join('\n')).toMatch(expected)
  })
}

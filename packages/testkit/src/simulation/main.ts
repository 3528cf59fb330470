/**
 * Runs seeds of the simulation:
 *
 *     npm run simulate -- --seeds 1000 --from 1
 *     npm run simulate -- --seed 42
 */
import { parseArgs } from 'node:util'
import { type Run, runSeed } from './run.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '500' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
})

const seeds =
  values.seed === undefined
    ? Array.from({ length: Number(values.seeds) }, (_, index) => String(Number(values.from) + index))
    : [values.seed]
const startedAt = performance.now()
const totals = { steps: 0, virtualMs: 0, failed: 0 }
const counts = new Map<string, number>()

for (const seed of seeds) {
  const run = await runSeed(seed)
  totals.steps += run.steps
  totals.virtualMs += run.virtualMs
  for (const [what, count] of run.counts) counts.set(what, (counts.get(what) ?? 0) + count)
  if (run.failures.length > 0) {
    totals.failed += 1
    report(run)
  }
}

const seconds = (performance.now() - startedAt) / 1000
console.log(
  `${seeds.length} seeds, ${totals.failed} failed, ${(seeds.length / seconds).toFixed(1)} seeds/s, ` +
    `${Math.round(totals.steps / seeds.length)} steps and ${Math.round(totals.virtualMs / seeds.length / 1000)} s of virtual time each`,
)
for (const [what, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(`  ${count} ${what}`)
if (totals.failed > 0) process.exitCode = 1

function report({ seed, failures }: Run): void {
  console.log(`seed ${seed} failed; again: npm run simulate -- --seed ${seed}`)
  for (const failure of failures.slice(0, 12)) console.log(`  ${failure}`)
  if (failures.length > 12) console.log(`  and ${failures.length - 12} more`)
}

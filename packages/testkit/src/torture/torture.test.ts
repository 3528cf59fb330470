import { expect, test } from 'vitest'
import { formatReport } from './report.ts'
import { runTorture } from './torture.ts'

/** The run is bounded; starting people and processes and waiting for the last recovery come on top of it. */
const runSeconds = 10
const withinMs = 300_000

test(
  'L2 L3 what was acknowledged survives killed processes and cut connections, once and in order',
  async () => {
    const report = await runTorture({
      seed: 20_261,
      seconds: runSeconds,
      leastFaults: 3,
      senders: 4,
      readers: 1,
      rate: 100,
      calmMs: 500,
      slack: 5,
      say: () => undefined,
    })
    expect(report.violations, formatReport(report)).toEqual([])
    expect(report.acknowledged).toBeGreaterThan(100)
    expect(report.mails).toBeGreaterThan(5)
    expect(report.readings).toBeGreaterThan(5)
    expect([...report.faults.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(2)
  },
  withinMs,
)

/**
 * One run: a server started on an empty database, the scenario's people made, one driver process, the check of what is
 * stored, everything stopped. The servers take turns, so that a machine that slows down slows both.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { DriverReport, Job, Outcome } from './driver/job.ts'
import type { Options, TargetName } from './options.ts'
import type { Scenario } from './scenarios.ts'
import type { NodeOptions, Target } from './targets/target.ts'

/** Beyond the measured time: connecting, draining, closing. */
const driverSlackMs = 180_000

export type Starters = Readonly<Record<TargetName, (nodeOptions: NodeOptions) => Promise<Target>>>

export interface ScenarioResults {
  readonly scenario: Scenario
  readonly results: Readonly<Record<TargetName, readonly Outcome['result'][]>>
  readonly acknowledged: number
}

/** The servers did something that must not happen. */
export class Failed extends Error {}

export class Driver implements AsyncDisposable {
  readonly #child: ChildProcess = fork(fileURLToPath(new URL('./driver/main.ts', import.meta.url)))
  readonly #exited = once(this.#child, 'exit')

  async run(job: Job, signal: AbortSignal): Promise<Outcome> {
    this.#child.send(job)
    const [message]: unknown[] = await once(this.#child, 'message', { signal }).catch(error => {
      throw signal.aborted ? signal.reason : error
    })
    const report = message as DriverReport
    if (report.kind === 'crashed') throw new Failed(`the driver failed: ${report.message}`)
    return report.outcome
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL')
    await this.#exited
  }
}

async function runOnce(scenario: Scenario, start: Starters[TargetName], options: Options, signal: AbortSignal) {
  await using target = await start(scenario.nodeOptions)
  signal.throwIfAborted()
  const job = await scenario.prepare(target)
  signal.throwIfAborted()
  const timeout = AbortSignal.timeout((options.seconds + options.warmUpSeconds) * 1_000 + driverSlackMs)
  await using driver = new Driver()
  const outcome = await driver.run(job, AbortSignal.any([signal, timeout]))
  const failures = [...outcome.failures, ...(await target.checkStored(outcome.acknowledged))]
  if (failures.length > 0) throw new Failed(`${scenario.id} against ${target.dialect}:\n  ${failures.join('\n  ')}`)
  return outcome
}

export type Progress = (line: string) => void

export async function runScenario(
  scenario: Scenario,
  parts: { starters: Starters; options: Options; signal: AbortSignal; progress: Progress },
): Promise<ScenarioResults> {
  const { starters, options, signal, progress } = parts
  const results: Record<TargetName, Outcome['result'][]> = { yardstick: [], recado: [] }
  let acknowledged = 0
  for (let run = 1; run <= options.runs; run++) {
    for (const target of options.targets) {
      const outcome = await runOnce(scenario, starters[target], options, signal)
      results[target].push(outcome.result)
      acknowledged += outcome.acknowledged.reduce((sum, { count }) => sum + count, 0)
      const figures = scenario.figures.map(({ name, digits, of }) => `${name} ${of(outcome.result).toFixed(digits)}`)
      progress(`${scenario.id} ${target} ${run}/${options.runs}: ${figures.join(' · ')}`)
    }
  }
  return { scenario, results, acknowledged }
}

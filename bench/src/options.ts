import { parseArgs } from 'node:util'

export const scenarioNames = ['A', 'B', 'C', 'D', 'E', 'F'] as const
export type ScenarioName = (typeof scenarioNames)[number]

export const targetNames = ['yardstick', 'recado'] as const
export type TargetName = (typeof targetNames)[number]

export interface Options {
  readonly scenarios: readonly ScenarioName[]
  readonly targets: readonly TargetName[]
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly runs: number
  /** Scales the counts of D, E and F down as well; its figures are for trying things out. */
  readonly quick: boolean
  /** Where the report goes besides the screen. */
  readonly output: string | null
}

export const usage = `npm run bench -- [options]
  --scenario A,B   only these of A, B, C, D, E, F
  --target recado  only this server: recado or yardstick
  --seconds 10     measured time of a run
  --runs 3         runs of each, of which the median counts
  --quick          one short run of each with fewer people, to see that all works
  --output FILE    write the report there (a full run writes bench/RESULTS.md)`

export class UsageError extends Error {}

function positive(name: string, value: string): number {
  const number = Number(value)
  if (!(number > 0 && number <= 600)) throw new UsageError(`--${name} takes a number from 1 to 600`)
  return number
}

function choice<Name extends string>(option: string, value: string | undefined, names: readonly Name[]): Name[] {
  if (value === undefined) return [...names]
  const wanted = value.toLowerCase().split(',')
  const unknown = wanted.find(name => !names.some(known => known.toLowerCase() === name))
  if (unknown !== undefined) throw new UsageError(`--${option} knows ${names.join(', ')}, not ${unknown}`)
  return names.filter(name => wanted.includes(name.toLowerCase()))
}

export function parseOptions(args: readonly string[], resultsFile: string): Options {
  const { values } = parse(args)
  const quick = values.quick === true
  const scenarios = choice('scenario', values.scenario, scenarioNames)
  const targets = choice('target', values.target, targetNames)
  const seconds = values.seconds === undefined ? (quick ? 2 : 10) : positive('seconds', values.seconds)
  const full = !quick && scenarios.length === scenarioNames.length && targets.length === targetNames.length
  return {
    scenarios,
    targets,
    seconds,
    warmUpSeconds: Math.min(seconds, quick ? 1 : 3),
    runs: values.runs === undefined ? (quick ? 1 : 3) : positive('runs', values.runs),
    quick,
    output: values.output ?? (full ? resultsFile : null),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        scenario: { type: 'string' },
        target: { type: 'string' },
        seconds: { type: 'string' },
        runs: { type: 'string' },
        quick: { type: 'boolean' },
        output: { type: 'string' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** `npm run bench`: the scenarios against the yardstick and Recado in turn, a table, and an exit code that tells of losses. */
import { readdirSync } from 'node:fs'
import { type Options, parseOptions, UsageError, usage } from './options.ts'
import { createReport } from './report.ts'
import { resultsFile, writeSection } from './results-file.ts'
import { Failed, runScenario, type ScenarioResults, type Starters } from './run.ts'
import { defineScenarios } from './scenarios.ts'
import { startRecado } from './targets/recado.ts'
import { startYardstick } from './targets/yardstick.ts'

async function run(options: Options): Promise<void> {
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => interrupted.abort(new Failed(`stopped by ${signal}`)))
  }
  const starters: Starters = { yardstick: startYardstick, recado: startRecado }
  const results: ScenarioResults[] = []
  for (const scenario of defineScenarios(options)) {
    const parts = { starters, options, signal: interrupted.signal, progress: (line: string) => console.log(line) }
    results.push(await runScenario(scenario, parts))
  }
  const report = createReport(results, options)
  console.log(`\n${report}`)
  if (options.output !== null) await writeSection(options.output, 'server', report)
}

try {
  readdirSync('/proc/self')
  await run(parseOptions(process.argv.slice(2), resultsFile))
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${usage}`)
  else if (error instanceof Failed) console.error(error.message)
  else console.error(error)
  process.exitCode = 1
}

/** The table: medians, ratios, and whether each ratio holds. */
import { cpus, release, totalmem } from 'node:os'
import type { Options, TargetName } from './options.ts'
import type { ScenarioResults } from './run.ts'
import type { Bound, Figure } from './scenarios.ts'

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

function value(results: ScenarioResults, target: TargetName, figure: Figure): number {
  return median(results.results[target].map(result => figure.of(result)))
}

function show(number: number, digits: number): string {
  if (Number.isNaN(number)) return '–'
  return number.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

interface Verdict {
  readonly ratio: number
  readonly must: string
  readonly verdict: string
}

function judge(bound: Bound, recado: number, reference: number): Verdict {
  const ratio = recado / reference
  const must = `${bound.kind === 'at-least' ? '≥' : '≤'} ${bound.ratio}× ${bound.against}`
  if (Number.isNaN(ratio)) return { ratio, must, verdict: 'not measured' }
  const holds = bound.kind === 'at-least' ? ratio >= bound.ratio : ratio <= bound.ratio
  return { ratio, must, verdict: holds ? 'pass' : '**FAIL**' }
}

function verdictOf(figure: Figure, results: ScenarioResults, all: readonly ScenarioResults[]): Verdict {
  const recado = value(results, 'recado', figure)
  const yardstick = value(results, 'yardstick', figure)
  const bound = figure.bounds[0]
  if (!bound) return { ratio: recado / yardstick, must: '', verdict: '' }
  if (bound.against === 'yardstick') return judge(bound, recado, yardstick)
  const inB = all.find(({ scenario }) => scenario.id === 'B')
  return judge(bound, recado, inB ? value(inB, 'recado', figure) : Number.NaN)
}

function rows(results: ScenarioResults, all: readonly ScenarioResults[]): string[] {
  return results.scenario.figures.map((figure, index) => {
    const { ratio, must, verdict } = verdictOf(figure, results, all)
    const name = index === 0 ? `**${results.scenario.id}** ${results.scenario.title}` : ''
    const figures = (['yardstick', 'recado'] as const).map(target =>
      show(value(results, target, figure), figure.digits),
    )
    return `| ${[name, figure.name, ...figures, show(ratio, 2), must, verdict].join(' | ')} |`
  })
}

function runs(results: ScenarioResults): string[] {
  const figure = results.scenario.figures[0]
  if (!figure) return []
  return (['yardstick', 'recado'] as const)
    .filter(target => results.results[target].length > 0)
    .map(target => {
      const values = results.results[target].map(result => show(figure.of(result), figure.digits))
      return `- ${results.scenario.id}, ${target}, ${figure.name}: ${values.join(', ')}`
    })
}

export function createReport(all: readonly ScenarioResults[], options: Options): string {
  const processors = cpus()
  const acknowledged = all.reduce((sum, results) => sum + results.acknowledged, 0)
  const machine = `${processors.length} × ${processors[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`
  return `Measured ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC on ${machine}, Linux ${release()}, Node ${process.versions.node}, with
\`npm run bench\`: medians of ${options.runs} run${options.runs === 1 ? '' : 's'} of ${options.seconds} s each, driver, servers and databases on the same processors over loopback.
All ${acknowledged.toLocaleString('en')} acknowledged messages were found in the database afterwards, each once and in order.
What each figure includes is in [docs/benchmarks.md](../docs/benchmarks.md). Absolute values drift with the machine: the ratios count.

| Scenario | Figure | Yardstick | Recado | Ratio | Must be | |
|---|---|--:|--:|--:|---|---|
${all.flatMap(results => rows(results, all)).join('\n')}

The single runs of each scenario's first figure:

${all.flatMap(runs).join('\n')}
`
}

import { cpus, loadavg, release, totalmem } from 'node:os'
import { type Figure, holds } from './figures.ts'

export interface ReportInput {
  readonly figures: readonly Figure[]
  readonly browser: string
  readonly count: number
  /** Processes that waited for a processor before anything was measured. */
  readonly load: number
}

export function createReport({ figures, browser, count, load }: ReportInput): string {
  const processors = cpus()
  const machine = `${processors.length} × ${processors[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`
  const rows = figures.map(figure => {
    const { name, unit, value, bound, how = '' } = figure
    const must = bound === undefined ? '' : `≤ ${bound}${unit && ` ${unit}`}`
    const verdict = bound === undefined ? '' : holds(figure) ? 'pass' : '**FAIL**'
    return `| ${name} | ${value.toFixed(value < 10 ? 2 : 1)}${unit && ` ${unit}`} | ${must} | ${verdict} | ${how} |`
  })
  return `Measured ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC on ${machine}, Linux ${release()}, with \`npm run bench:web\` in Chromium ${browser}
(headless, 1440 × 900, software rendering), server, database and browser on the same processors; load before it began ${load.toFixed(1)}.
The long conversation holds ${count.toLocaleString('en')} messages of very unequal heights. What each figure includes is in
[docs/benchmarks.md](../docs/benchmarks.md).

| Figure | Measured | Must be | | |
|---|--:|---|---|---|
${rows.join('\n')}
`
}

export const loadNow = (): number => loadavg()[0] ?? 0

/** What a run found, for people. */
import type { ViolationKind } from './evidence.ts'
import type { TortureReport } from './torture.ts'

const kinds: readonly ViolationKind[] = [
  'lost',
  'doubled',
  'reordered',
  'altered',
  'leaked',
  'miscounted',
  'late',
  'broken',
]
const shownViolations = 40

export function formatReport(report: TortureReport): string {
  const { faults, recoveriesMs, settledMs, violations } = report
  const total = [...faults.values()].reduce((sum, count) => sum + count, 0)
  const count = (kind: ViolationKind) => violations.filter(violation => violation.kind === kind).length
  return [
    `faults           ${total}`,
    ...[...faults].sort(([, a], [, b]) => b - a).map(([name, times]) => `  ${String(times).padStart(5)}  ${name}`),
    `acknowledged     ${report.acknowledged} events, ${report.stored} stored in conversations, ${report.shown} shown`,
    `mail             ${report.mails} acknowledged, ${report.readings} readings`,
    `caught up        median ${seconds(median(recoveriesMs))}, at most ${seconds(Math.max(0, ...recoveriesMs))}, ${recoveriesMs.length} times`,
    `at rest          ${settledMs === null ? 'never' : `${seconds(settledMs)} after the last fault and the last text`}`,
    ...kinds.map(kind => `${kind.padEnd(16)} ${count(kind)}`),
    ...violations.slice(0, shownViolations).map(({ kind, detail }) => `  ${kind}: ${detail}`),
    ...(violations.length > shownViolations ? [`  … and ${violations.length - shownViolations} more`] : []),
  ].join('\n')
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}

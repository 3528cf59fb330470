/** What a test run amounts to, from Vitest's JSON report and exit code. */

export type Counts = { passed: number; failed: number; skipped: number }

export const nothing: Counts = { passed: 0, failed: 0, skipped: 0 }

/** The part of Vitest's report that is counted here. */
export type Report = { testResults: { status: string; assertionResults: { status: string }[] }[] }

/**
 * A file that fails outside its tests (on import, in a hook, by a leak) is one failure, and so is a run that fails outside
 * its files, that leaves no report or that runs nothing.
 */
export function countTests(report: Report | undefined, exitCode: number): Counts {
  const counts = { ...nothing }
  for (const file of report?.testResults ?? []) {
    const failedBefore = counts.failed
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed += 1
      else if (status === 'failed') counts.failed += 1
      else counts.skipped += 1
    }
    if (file.status === 'failed' && counts.failed === failedBefore) counts.failed += 1
  }
  if (counts.failed === 0 && (exitCode !== 0 || counts.passed === 0)) counts.failed = 1
  return counts
}

export function sum(all: Counts[]): Counts {
  return all.reduce((a, b) => ({
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  }))
}

export function formatCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

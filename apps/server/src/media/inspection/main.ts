/** The process that looks at uploaded files: one assignment after the other, each answered by a report. */
import { inspect } from './inspect.ts'
import type { Assignment, Report } from './report.ts'

process.on('message', (assignment: Assignment) => {
  inspect(assignment).then(tell, (error: unknown) =>
    tell({
      number: assignment.number,
      failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }),
  )
})
process.on('disconnect', () => process.exit(0))

function tell(report: Report): void {
  process.send?.(report)
}

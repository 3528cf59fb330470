/** The driver's process: takes one job, does it, reports, ends. */
import { runCatchUp } from './catch-up.ts'
import type { Door } from './connect.ts'
import { dialects } from './dialect.ts'
import { runIdle } from './idle.ts'
import type { DriverReport, Job, Outcome } from './job.ts'
import { runMessages } from './messages.ts'
import { createReadBuffer } from './raw-socket.ts'

function run(job: Job, door: Door): Promise<Outcome> {
  switch (job.kind) {
    case 'messages':
      return runMessages(job, door)
    case 'idle':
      return runIdle(job, door)
    case 'catch-up':
      return runCatchUp(job, door)
  }
}

async function report(job: Job): Promise<DriverReport> {
  const door = { port: job.port, dialect: dialects[job.dialect], buffer: createReadBuffer() }
  try {
    return { kind: 'done', outcome: await run(job, door) }
  } catch (error) {
    return { kind: 'crashed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

process.on('SIGINT', () => {})
process.on('disconnect', () => process.exit(1))
process.once('message', async (job: Job) => {
  const result = await report(job)
  process.send?.(result, () => process.exit(0))
})

/** `npm run torture`: the torture test for as long as one likes. Ends with 1 if anything was not as promised. */
import { parseArgs } from 'node:util'
import { formatReport } from './report.ts'
import { runTorture } from './torture.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    senders: { type: 'string', default: '12' },
    readers: { type: 'string', default: '2' },
    rate: { type: 'string', default: '400' },
    'calm-ms': { type: 'string', default: '2000' },
  },
})

/** What a run may still need after an exception: to catch up, settle and be judged. */
const endWithinMs = 5 * 60_000

/** Ends the run early, with its report: a second signal ends it at once. */
const stopping = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort())
/** Nobody waits for it, so nobody would clean up; a run that cannot even be ended any more is left as it is. */
process.on('uncaughtException', error => {
  console.error(error)
  process.exitCode = 1
  stopping.abort()
  setTimeout(() => process.exit(1), endWithinMs).unref()
})

const command = Object.entries(values)
  .map(([name, value]) => `--${name} ${value}`)
  .join(' ')
console.log(`npm run torture -- ${command}`)
try {
  const report = await runTorture({
    seed: number('seed'),
    seconds: 60 * number('minutes'),
    senders: number('senders'),
    readers: number('readers'),
    rate: number('rate'),
    calmMs: number('calm-ms'),
    signal: stopping.signal,
    say: line => console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`),
  })
  console.log(`\n${formatReport(report)}\n`)
  console.log(`Replay: npm run torture -- ${command}`)
  process.exit(report.violations.length === 0 ? process.exitCode : 1)
} catch (error) {
  // Clients, timers and sockets that are still there would keep the process for ever.
  console.error(error)
  process.exit(1)
}

function number(name: keyof typeof values): number {
  const value = Number(values[name])
  if (Number.isFinite(value) && value >= 0) return value
  throw new Error(`--${name} takes a number, not ${values[name]}`)
}

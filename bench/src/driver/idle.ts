/**
 * Scenario D: how fast people sign in, and what one who is only there costs. A fifth of them stay connected before
 * anything is measured, so that code is warm and the heap has no room left from people who went: the figures are of the
 * others.
 */
import { memoryBytes } from '../processes.ts'
import { connectAll, type Door } from './connect.ts'
import { openInspector } from './inspector.ts'
import type { IdleJob, Outcome } from './job.ts'

const connectAtOnce = 100
/** What signing in still has to do when its reply is out. */
const settleMs = 3_000

export async function runIdle(job: IdleJob, door: Door): Promise<Outcome> {
  const guests = job.tickets.map(ticket => ({ ticket, conversation: null }))
  using inspector = await openInspector(job.server)
  const settledMemory = async () => {
    await new Promise(resolve => setTimeout(resolve, settleMs))
    await inspector.fillNewSpace()
    await inspector.collectGarbage()
    return memoryBytes(job.processes)
  }
  const early = await connectAll(door, guests.slice(0, job.early), connectAtOnce)
  const before = await settledMemory()
  const begin = performance.now()
  const late = await connectAll(door, guests.slice(job.early), connectAtOnce)
  const seconds = (performance.now() - begin) / 1_000
  const after = await settledMemory()
  const clients = [...early, ...late]
  const lost = clients.filter(client => client.closedBecause !== null)
  for (const client of clients) client.destroy()
  return {
    result: {
      kind: 'idle',
      connectsPerSecond: late.length / seconds,
      bytesPerConnection: (after - before) / late.length,
    },
    acknowledged: [],
    failures: lost.length > 0 ? [`${lost.length} idle connections were lost: ${lost[0]?.closedBecause}`] : [],
  }
}

/** What search costs those who write: scenario A with its tail at work and with it held, in turns on one server. */
import type { MessagesResult } from '../driver/job.ts'
import { Driver } from '../run.ts'
import { startRecado } from '../targets/recado.ts'

export interface Appending {
  readonly held: readonly MessagesResult[]
  readonly working: readonly MessagesResult[]
  /** Messages a second that the tail brought up to date once nobody wrote any more. */
  readonly indexedPerSecond: number
}

const rounds = 3
const warmUpMs = 2_000

export async function measureAppending(seconds: number): Promise<Appending> {
  await using target = await startRecado([])
  const send = async (): Promise<MessagesResult> => {
    const rooms = await target.createRooms({ rooms: 100, members: 2, senders: 1 })
    await using driver = new Driver()
    const { result, failures } = await driver.run(
      {
        kind: 'messages',
        port: target.port,
        dialect: target.dialect,
        processes: [target.server.pid],
        rooms,
        pace: { kind: 'in-flight', perSender: 8 },
        warmUpMs,
        durationMs: seconds * 1_000,
        drainMs: 20_000,
      },
      AbortSignal.timeout(seconds * 1_000 + 180_000),
    )
    if (failures.length > 0) throw new Error(failures.join('\n'))
    if (result.kind !== 'messages') throw new Error('the driver did something else')
    return result
  }
  const measured = { held: [] as MessagesResult[], working: [] as MessagesResult[] }
  for (let round = 0; round < rounds; round++) {
    for (const state of ['held', 'free'] as const) {
      await target.holdSearch(state)
      measured[state === 'held' ? 'held' : 'working'].push(await send())
    }
  }
  return { ...measured, indexedPerSecond: await measureIndexing(target.countSearched, seconds) }
}

async function measureIndexing(count: () => Promise<number>, seconds: number): Promise<number> {
  const [from, before] = [performance.now(), await count()]
  await new Promise(resolve => setTimeout(resolve, seconds * 1_000))
  const after = await count()
  return ((after - before) * 1_000) / (performance.now() - from)
}

/**
 * What can go wrong, by name. Each fault ends healed: processes run again and are ready, the network passes everything on;
 * only connections that died in between stay dead.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Violation } from './evidence.ts'
import type { Person } from './person.ts'
import type { SeededRandom } from './random.ts'
import { type ServerProcess, signal, stopWithinMs } from './server-process.ts'
import { StoredReader } from './stored.ts'

export interface Scene {
  readonly server: ServerProcess
  readonly people: readonly Person[]
  readonly random: SeededRandom
  /** How many times as long as promised things may take. */
  readonly slack: number
  readonly report: (violation: Violation) => void
}

type Fault = (scene: Scene) => Promise<void>

/** What a signal does to a database takes a moment; being ready before that says nothing. */
const takesEffectMs = 100

const serverFaults = {
  /** SIGKILL of the server; its database goes on as an orphan until the next start. */
  'server killed': async ({ server, random }) => {
    await server.kill()
    await delay(random.integer(0, 1_000))
    server.start()
    await server.ready()
  },
  /** SIGKILL of PostgreSQL's main process; the server starts it again by itself. */
  'database killed': async ({ server }) => {
    await server.killPostmaster()
    await delay(takesEffectMs)
    await server.ready()
  },
  'both killed': async ({ server, random }) => {
    const database = server.killPostmaster()
    if (random.chance(0.5)) await database
    await Promise.all([server.kill(), database])
    server.start()
    await server.ready()
  },
  'server stopped': async ({ server, slack, report }) => {
    const { ms, code } = await server.terminate()
    if (ms > slack * stopWithinMs) report({ kind: 'late', detail: `SIGTERM took ${Math.round(ms)} ms` })
    if (code !== 0) {
      const detail = `SIGTERM ended the server with code ${code} after ${Math.round(ms)} ms:\n${await server.logTail()}`
      report({ kind: 'broken', detail })
    }
    server.start()
    await server.ready()
  },
  /** SIGSTOP: everything stands still, connections stay open. */
  'server frozen': async ({ server, random }) => {
    server.freeze()
    await delay(random.integer(200, 3_000))
    server.thaw()
    await server.ready()
  },
  /** A connection that commits is ended by the database: the outcome of its transaction is unknown. */
  'writer cut off': async ({ server, random }) => {
    await withReader(server, async reader => {
      const pids = await reader.backends('recado writer')
      if (pids.length > 0) await reader.terminateBackend(random.pick(pids))
    })
    await delay(takesEffectMs)
    await server.ready()
  },
  /** SIGKILL of one of PostgreSQL's processes: it throws all connections out and recovers from its log. */
  'backend killed': async ({ server, random }) => {
    await withReader(server, async reader => {
      const pids = await reader.backends('recado %')
      if (pids.length > 0) signal(random.pick(pids), 'SIGKILL')
    })
    await delay(takesEffectMs)
    await server.ready()
  },
} satisfies Record<string, Fault>

const networkFaults = {
  'connections ended': async scene => {
    for (const { proxy } of some(scene)) proxy.cut()
  },
  'connections reset': async scene => {
    for (const { proxy } of some(scene)) proxy.reset()
  },
  /** In the middle of a frame. */
  'connections torn': async scene => {
    const affected = some(scene)
    for (const { proxy } of affected) proxy.resetAfter(scene.random.integer(1, 4_000))
    await delay(scene.random.integer(100, 800))
    for (const { proxy } of affected) proxy.reset()
  },
  'network stalled': async scene => {
    await during(scene, { from: 200, to: 4_000 }, person => person.proxy.stall())
  },
  /** Half-open: what is sent vanishes and nobody is told, until the program looks or a router answers with a reset. */
  'connections black-holed': async scene => {
    const affected = some(scene)
    for (const { proxy } of affected) proxy.blackHole()
    await delay(scene.random.integer(200, 3_000))
    for (const person of affected) {
      if (scene.random.chance(0.5)) person.client.wake()
      else person.proxy.forgetDead()
    }
  },
  'network slow': async scene => {
    await during(scene, { from: 500, to: 3_000 }, person => person.proxy.delay(scene.random.integer(10, 200)))
  },
  'network gone': async scene => {
    await during(scene, { from: 200, to: 2_000 }, person => {
      person.proxy.refuse()
      person.proxy.reset()
    })
  },
  /** The program is killed and started again with what its storage holds. */
  'client killed': async scene => {
    const affected = some(scene).slice(0, 3)
    for (const person of affected) person.kill()
    await delay(scene.random.integer(0, 500))
    await Promise.all(affected.map(person => person.restart()))
  },
} satisfies Record<string, Fault>

type ServerFault = keyof typeof serverFaults
type NetworkFault = keyof typeof networkFaults
export type FaultName = ServerFault | NetworkFault

const serverWeights: Record<ServerFault, number> = {
  'server killed': 4,
  'database killed': 4,
  'both killed': 3,
  'server stopped': 2,
  'server frozen': 2,
  'writer cut off': 4,
  'backend killed': 3,
}

const networkWeights: Record<NetworkFault, number> = {
  'connections ended': 2,
  'connections reset': 3,
  'connections torn': 4,
  'network stalled': 3,
  'connections black-holed': 3,
  'network slow': 2,
  'network gone': 2,
  'client killed': 4,
}

/** One fault, or a server's and a network's at the same time; resolves to their names once all is healed. */
export async function injectFaults(scene: Scene): Promise<FaultName[]> {
  const which = scene.random.weighted({ server: 4, network: 4, both: 3 })
  const chosen: FaultName[] = []
  const running: Promise<void>[] = []
  if (which !== 'network') {
    const name = scene.random.weighted(serverWeights)
    chosen.push(name)
    running.push(serverFaults[name]({ ...scene, random: scene.random.fork() }))
  }
  if (which !== 'server') {
    const name = scene.random.weighted(networkWeights)
    chosen.push(name)
    running.push(networkFaults[name]({ ...scene, random: scene.random.fork() }))
  }
  await Promise.all(running)
  return chosen
}

function some({ people, random }: Scene): Person[] {
  if (random.chance(0.3)) return [...people]
  const affected = people.filter(() => random.chance(0.3))
  return affected.length > 0 ? affected : [random.pick(people)]
}

async function during(
  scene: Scene,
  range: { from: number; to: number },
  begin: (person: Person) => void,
): Promise<void> {
  const affected = some(scene)
  for (const person of affected) begin(person)
  await delay(scene.random.integer(range.from, range.to))
  for (const { proxy } of affected) proxy.heal()
}

/** Nothing if the database is down just now: then another fault is at work already. */
async function withReader(server: ServerProcess, work: (reader: StoredReader) => Promise<void>): Promise<void> {
  try {
    await using reader = await StoredReader.connect(server.databaseFolder)
    await work(reader)
  } catch {
    await server.ready()
  }
}

/**
 * Recado as an operator runs it: one process that starts its own PostgreSQL, with nothing switched but the rate limits.
 *
 * People are made by the server's own store and tokens, in this process: signing up by the thousand would measure
 * argon2. Conversations are made through the API.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { createTokens } from '@recado/server/access/tokens.ts'
import { systemClock } from '@recado/server/clock.ts'
import { readPassword, superuser } from '@recado/server/store/embedded/initialise.ts'
import { layoutIn } from '@recado/server/store/embedded/layout.ts'
import { stopLeftovers } from '@recado/server/store/embedded/leftovers.ts'
import { connectDedicated, createPool, type DatabaseAddress } from '@recado/server/store/pool.ts'
import { createSqlStore } from '@recado/server/store/sql/store.ts'
import { pino } from 'pino'
import type { InspectedProcess, Room, Ticket } from '../driver/job.ts'
import { createDataFolder } from './folder.ts'
import { findFreePort } from './free-port.ts'
import { type MailboxPast, seedMailbox } from './recado-mailbox.ts'
import { createRoom } from './recado-rooms.ts'
import { countSearched, countVisible, fillSearch, holdSearch, type SearchPast, seedSearch } from './recado-search.ts'
import { seedMessages } from './recado-seed.ts'
import { checkStored } from './stored.ts'
import type { NodeOptions, Target } from './target.ts'

const startWithinMs = 30_000
/** What the server promises for SIGTERM, and a little. */
const stopWithinMs = 15_000
const tokenLifeSeconds = 3_600
const accountsPerTransaction = 100
const tailLength = 4_000
const logger = pino({ level: 'silent' })

export interface RecadoProcess extends AsyncDisposable {
  readonly server: RunningServer
  readonly address: DatabaseAddress
}

/** The server alone, on a data folder of its own. */
export async function startRecadoProcess(nodeOptions: NodeOptions): Promise<RecadoProcess> {
  await using owned = new AsyncDisposableStack()
  const folder = owned.use(await createDataFolder())
  const layout = layoutIn(folder.path)
  // What the server leaves behind if it had to be killed.
  owned.defer(async () => {
    if (existsSync(layout.folder)) await stopLeftovers(layout, logger)
  })
  const server = owned.use(await startServer(folder.path, nodeOptions))
  const address: DatabaseAddress = {
    kind: 'parts',
    host: layout.run,
    port: 5_432,
    user: superuser,
    password: await readPassword(layout),
    database: 'recado',
  }
  const running = owned.move()
  return { server, address, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

export interface RecadoTarget extends Target {
  /** Stores mails to one reader as if they had been sent long ago. */
  seedMailbox(past: MailboxPast): Promise<void>
  /** Messages with words, and nothing of them for search yet. */
  seedSearch(past: SearchPast): Promise<void>
  fillSearch(): ReturnType<typeof fillSearch>
  holdSearch(state: 'held' | 'free'): Promise<void>
  countSearched(): Promise<number>
  /** How many messages are in conversations of this person. */
  countVisible(person: Ticket): Promise<number>
}

export async function startRecado(nodeOptions: NodeOptions): Promise<RecadoTarget> {
  await using owned = new AsyncDisposableStack()
  const { server, address } = owned.use(await startRecadoProcess(nodeOptions))
  const database = await connectDedicated({ address, applicationName: 'bench', logger })
  owned.defer(() => database.end())
  const people = owned.use(await createPeople(address))
  const running = owned.move()
  return {
    dialect: 'recado',
    port: server.port,
    server,
    createTickets: count => people.create(count),
    async createRooms({ rooms, members, senders }) {
      const tickets = await people.create(rooms * members)
      const created: Room[] = []
      for (let first = 0; first < tickets.length; first += members) {
        created.push(await createRoom(server.port, tickets.slice(first, first + members), senders))
      }
      return created
    },
    seedMessages: (rooms, count) => seedMessages(database, rooms, count),
    seedMailbox: past => seedMailbox(database, past),
    seedSearch: past => seedSearch(database, past),
    fillSearch: () => fillSearch(database),
    holdSearch: state => holdSearch(database, state),
    countSearched: () => countSearched(database),
    countVisible: person => countVisible(database, person.accountId),
    checkStored: acknowledged =>
      checkStored(
        database,
        'select conversation_id as conversation, sequence as position, body from messages',
        acknowledged,
      ),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

interface RunningServer extends AsyncDisposable, InspectedProcess {
  readonly port: number
}

async function startServer(dataDir: string, nodeOptions: NodeOptions): Promise<RunningServer> {
  const port = await findFreePort()
  const main = fileURLToPath(import.meta.resolve('@recado/server/main.ts'))
  const inspectorPort = await findFreePort()
  const options = [...nodeOptions, `--inspect-port=127.0.0.1:${inspectorPort}`, ...profiling()]
  const child = spawn(process.execPath, [...options, main], {
    env: {
      ...process.env,
      RECADO_PORT: String(port),
      RECADO_HOST: '127.0.0.1',
      RECADO_DATA_DIR: dataDir,
      RECADO_RATE_LIMITS: 'off',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    // Its own group: Ctrl-C is answered here, by stopping it in order.
    detached: true,
  })
  const complaints = keepTail(child.stderr)
  const exited = once(child, 'exit')
  const dispose = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const patience = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
    await exited
    clearTimeout(patience)
  }
  const deadline = Date.now() + startWithinMs
  while (!(await isReady(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await dispose()
      throw new Error(`the server does not become ready:\n${complaints()}`)
    }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  if (child.pid === undefined) throw new Error('the server has no process')
  return { port, pid: child.pid, inspectorPort, [Symbol.asyncDispose]: dispose }
}

/** The newest of what a stream brought, for the error message. */
function keepTail(stream: Readable): () => string {
  let tail = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-tailLength)
  })
  return () => tail
}

/** `BENCH_PROFILE=folder` writes a CPU profile of the server there. */
function profiling(): string[] {
  const folder = process.env.BENCH_PROFILE
  return folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : []
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).status === 200
  } catch {
    return false
  }
}

/** Accounts with a session each, as signing up leaves them, but for a password that nobody knows. */
async function createPeople(address: DatabaseAddress) {
  await using owned = new AsyncDisposableStack()
  const pool = createPool({ address, applicationName: 'bench', maxConnections: 2, statementTimeoutMs: 0, logger })
  const store = owned.use(await createSqlStore({ address, pool, logger }))
  const writer = owned.use(await store.openWriter())
  const tokens = await createTokens({
    clock: systemClock,
    accessTokenSeconds: tokenLifeSeconds,
    secrets: store.accounts,
  })
  let made = 0
  const createSome = async (count: number): Promise<Ticket[]> => {
    const { result } = await writer.transact(async transaction => {
      const created = []
      for (let left = count; left > 0; left--) {
        const username = `bench${++made}`
        const profile = { username, displayName: username, email: null, phone: null, language: null }
        const inserted = await transaction.accounts.insertAccount({ ...profile, passwordHash: '' })
        if ('taken' in inserted) throw new Error(`${username} is taken`)
        const { account } = inserted
        await transaction.insertHeads(account.id)
        const { sessionId } = await transaction.accounts.insertSession({ accountId: account.id, device: 'bench' })
        await transaction.appendEvents([
          { stream: account.id, kind: 'account.created', actorId: account.id },
          { stream: account.id, kind: 'session.created', actorId: account.id, target: sessionId },
        ])
        created.push({ account, sessionId })
      }
      return created
    })
    return Promise.all(
      result.map(async ({ account, sessionId }) => ({
        accountId: account.id,
        token: (await tokens.issue(account, sessionId)).accessToken,
      })),
    )
  }
  const running = owned.move()
  return {
    async create(count: number): Promise<Ticket[]> {
      const tickets: Ticket[] = []
      while (tickets.length < count) {
        tickets.push(...(await createSome(Math.min(accountsPerTransaction, count - tickets.length))))
      }
      return tickets
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { connectDedicated } from '@recado/server/store/pool.ts'
import { pino } from 'pino'
import type { Room, Ticket } from '../driver/job.ts'
import type { YardstickReady } from '../yardstick/main.ts'
import { signToken } from '../yardstick/token.ts'
import { createDataFolder } from './folder.ts'
import { findFreePort } from './free-port.ts'
import { checkStored } from './stored.ts'
import type { NodeOptions, RoomPlan, Target } from './target.ts'

const tokenLifeSeconds = 3_600

export async function startYardstick(nodeOptions: NodeOptions): Promise<Target> {
  await using owned = new AsyncDisposableStack()
  const folder = owned.use(await createDataFolder())
  const secret = randomBytes(32).toString('hex')
  const inspectorPort = await findFreePort()
  const child = fork(fileURLToPath(new URL('../yardstick/main.ts', import.meta.url)), [folder.path, secret], {
    execArgv: [...nodeOptions, `--inspect-port=127.0.0.1:${inspectorPort}`],
    stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
  })
  const exited = once(child, 'exit')
  owned.defer(async () => {
    if (child.connected) child.disconnect()
    await exited
  })
  const first = await Promise.race([once(child, 'message'), exited.then(() => null)])
  if (first === null || child.pid === undefined) throw new Error('the yardstick does not start')
  const ready: YardstickReady = first[0]
  const logger = pino({ level: 'silent' })
  const database = await connectDedicated({ address: ready.database, applicationName: 'bench', logger })
  owned.defer(() => database.end())

  let lastId = 0
  const createTickets = (count: number): Ticket[] =>
    Array.from({ length: count }, () => {
      const accountId = ++lastId
      return { accountId, token: signToken(secret, accountId, tokenLifeSeconds) }
    })
  const running = owned.move()
  return {
    dialect: 'yardstick',
    port: ready.port,
    server: { pid: child.pid, inspectorPort },
    createTickets: async count => createTickets(count),
    createRooms: async ({ rooms, members, senders }: RoomPlan): Promise<Room[]> =>
      Array.from({ length: rooms }, () => ({ conversation: ++lastId, members: createTickets(members), senders })),
    async seedMessages(rooms, count) {
      // Negative ids: the server counts from where it found the table at its start.
      await database.query(
        `insert into messages (conversation, id, sender, body)
         select ($1::bigint[])[1 + n % $2], -n, 0, repeat('x', 80) from generate_series(1, $3::int) as n`,
        [rooms.map(room => room.conversation), rooms.length, count],
      )
      await database.query('vacuum analyze messages')
      await database.query('checkpoint')
    },
    checkStored: acknowledged =>
      checkStored(database, 'select conversation, id as position, body from messages', acknowledged),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

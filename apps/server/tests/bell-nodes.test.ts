/** N1, S4: of several nodes one at a time rings the bell; when it dies another goes on, and no line is lost or doubled. */
import type { ConversationId } from '@recado/protocol'
import {
  createPeople,
  createTestDatabase,
  newKey,
  openDirect,
  type Person,
  startServer,
  type TestDatabase,
  type TestServer,
} from '@recado/testkit'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { DatabaseProxy } from './database-proxy.ts'

interface Node extends AsyncDisposable {
  readonly server: TestServer
  readonly proxy: DatabaseProxy
  /** How often it has read what commits mean for the bell. */
  readings(): number
}

async function startNode(database: TestDatabase): Promise<Node> {
  await using owned = new AsyncDisposableStack()
  const proxy = owned.use(await DatabaseProxy.listen(database))
  const env = { DATABASE_URL: proxy.url, RECADO_LOG_LEVEL: 'silent' }
  const server = owned.use(await startServer({ database, env }))
  const held = owned.move()
  return {
    server,
    proxy,
    readings: () => proxy.statements.filter(statement => statement === 'read_bell_candidates').length,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

async function mention(from: Person, to: Person, conversationId: ConversationId): Promise<number> {
  const data = { conversationId, clientMessageId: newKey(), body: 'you', mentions: [to.id] }
  return (await from.call('message.send', data)).sequence
}

async function linesOf(person: Person): Promise<number[]> {
  return (await person.call('bell.list', {})).items.map(item => item.sequence).sort((a, b) => a - b)
}

test('N1, S4: one of two nodes does the work of the bell, and when it dies the other takes over', async () => {
  await using database = await createTestDatabase()
  await using one = await startNode(database)
  await using other = await startNode(database)
  const [ana, bo] = await createPeople(other.server, 2)
  const direct = await openDirect(ana, bo)
  const sent: number[] = []
  const ring = async () => {
    sent.push(await mention(ana, bo, direct))
    await expect.poll(() => linesOf(bo), { timeout: 20_000 }).toEqual(sent)
  }
  let busy = one
  let idle = other
  // Rounds in which the lease changed hands because the machine was slow say nothing.
  for (let rounds = 0; rounds < 3; ) {
    await ring()
    const before = await leaseOf(database)
    const readings = [one.readings(), other.readings()] as const
    await ring()
    const after = await leaseOf(database)
    if (before.holder !== after.holder || before.until < after.at) continue
    const by = [one.readings() - readings[0], other.readings() - readings[1]] as const
    expect(Math.min(...by)).toBe(0)
    expect(Math.max(...by)).toBeGreaterThan(0)
    ;[busy, idle] = by[0] > 0 ? [one, other] : [other, one]
    rounds++
  }
  const before = idle.readings()

  // As if its machine were gone: nothing of it reaches the database any more, its lease included.
  busy.proxy.fail()
  const survivors = busy === other ? await Promise.all([ana, bo].map(person => at(idle, person))) : [ana, bo]
  const [anaThere, boThere] = survivors as [Person, Person]
  sent.push(await mention(anaThere, boThere, direct))
  await expect.poll(() => linesOf(boThere), { timeout: 20_000 }).toEqual(sent)
  expect(idle.readings()).toBeGreaterThan(before)

  // It comes back to a consumer that is taken.
  busy.proxy.heal()
  await expect.poll(async () => (await fetch(`${busy.server.url}/readyz`)).status, { timeout: 20_000 }).toBe(200)
  for (let round = 0; round < 3; round++) {
    sent.push(await mention(anaThere, boThere, direct))
    await expect.poll(() => linesOf(boThere), { timeout: 20_000 }).toEqual(sent)
  }
}, 120_000)

async function leaseOf({ url }: TestDatabase): Promise<{ holder: string; until: number; at: number }> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ holder: string; until: string; at: string }>(
    'select holder, until_micros as until, now_micros() as at from tail_leases where consumer = $1',
    ['bell'],
  )
  await client.end()
  const [row] = rows
  if (row === undefined) throw new Error('nobody has done the work yet')
  return { holder: row.holder, until: Number(row.until), at: Number(row.at) }
}

/** The same person, calling another node. */
function at({ server }: Node, person: Person): Promise<Person> {
  return person.signInAgain(server)
}

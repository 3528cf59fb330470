/** The driver must notice what it is there to notice, so here it talks to servers that do it. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { dialects } from './dialect.ts'
import type { Outcome } from './job.ts'
import { runMessages } from './messages.ts'
import { createReadBuffer } from './raw-socket.ts'

interface Sent {
  readonly number: number
  readonly reply: string
  readonly event: string
  readonly others: readonly WebSocket[]
  readonly author: WebSocket
}

const honest = ({ author, others, reply, event }: Sent) => {
  author.send(reply)
  for (const other of others) other.send(event)
}

/** One room of four, of whom two send, on a server that treats each message as told. */
async function outcomeOf(treat: (sent: Sent) => void): Promise<Outcome> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  const room: WebSocket[] = []
  server.on('connection', socket => {
    room.push(socket)
    socket.on('message', bytes => {
      const { id, op, data } = JSON.parse(String(bytes))
      const reply = `{"type":"reply","id":${id},"result":{}}`
      if (op === 'join') return socket.send(reply)
      const event = `{"type":"event","stream":1,"event":{"body":"${data.body}"}}`
      const others = room.filter(other => other !== socket)
      treat({ number: id - 1_000_000, reply, event, others, author: socket })
    })
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const members = [1, 2, 3, 4].map(accountId => ({ accountId, token: '' }))
  const place = { port, dialect: 'yardstick' as const, processes: [] }
  const outcome = await runMessages(
    {
      kind: 'messages',
      ...place,
      rooms: [{ conversation: 1, members, senders: 2 }],
      pace: { kind: 'rate', perSecond: 500 },
      warmUpMs: 0,
      durationMs: 300,
      drainMs: 2_000,
    },
    { port, dialect: dialects.yardstick, buffer: createReadBuffer() },
  )
  for (const socket of room) socket.terminate()
  server.close()
  await once(server, 'close')
  return outcome
}

test('an honest server passes, and all it acknowledged is reported', async () => {
  const { failures, acknowledged } = await outcomeOf(honest)
  expect(failures).toEqual([])
  expect(acknowledged.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(10)
})

test('a doubled delivery is noticed', async () => {
  const { failures } = await outcomeOf(sent => {
    honest(sent)
    if (sent.number === 3) sent.others[0]?.send(sent.event)
  })
  expect(failures).toContainEqual(expect.stringContaining('received 3 of sender'))
})

test('a lost delivery is noticed', async () => {
  const { failures } = await outcomeOf(sent => honest(sent.number === 3 ? { ...sent, others: [] } : sent))
  expect(failures).toContainEqual(expect.stringContaining('where 3 was next'))
})

test('a lost last delivery is noticed', async () => {
  const { failures } = await outcomeOf(sent => honest(sent.number >= 3 ? { ...sent, others: [] } : sent))
  expect(failures).toContainEqual(expect.stringContaining('deliveries'))
})

test('a missing acknowledgement is noticed', async () => {
  const { failures } = await outcomeOf(sent => {
    if (sent.number < 3) sent.author.send(sent.reply)
    for (const other of sent.others) other.send(sent.event)
  })
  expect(failures).toContainEqual(expect.stringContaining('acknowledgements never came'))
})

test('a refusal is noticed', async () => {
  const { failures } = await outcomeOf(sent =>
    honest({ ...sent, reply: sent.reply.replace('"result":{}', '"problem":{"code":"busy"}') }),
  )
  expect(failures).toContainEqual(expect.stringContaining('busy'))
})

test('two orders in one conversation are noticed', async () => {
  const authors = new Set<WebSocket>()
  let held: Sent | null = null
  const { failures } = await outcomeOf(sent => {
    authors.add(sent.author)
    // To one who only listens, neighbours by different authors come the other way round.
    const victim = authors.size < 2 ? undefined : sent.others.find(other => !authors.has(other))
    honest({ ...sent, others: sent.others.filter(other => other !== victim) })
    if (!victim) return
    if (held && held.author !== sent.author) {
      victim.send(sent.event)
      victim.send(held.event)
      held = null
      return
    }
    if (held) victim.send(held.event)
    held = sent
  })
  expect(failures).toContainEqual(expect.stringContaining('different orders'))
})

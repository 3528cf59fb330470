/** S1, L5, L10 over Server-Sent Events: cut anywhere, resumed by mark, nothing is lost; who is too far behind is told. */
import type { ConversationId } from '@recado/protocol'
import { connectDedicated } from '@recado/server/store/pool.ts'
import {
  createGroup,
  createPeople,
  newKey,
  type Person,
  silentLogger,
  startServer,
  type TestServer,
} from '@recado/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EventReader } from './event-reader.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const say = (person: Person, conversationId: ConversationId, body: string) =>
  person.call('message.send', { conversationId, clientMessageId: newKey(), body })

test('S1: cut again and again while messages pour in, a reader misses nothing, and never goes back', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const group = await createGroup(ana, [bo])
  await using sender = await ana.connect()
  let pouring = true
  const pour = (async () => {
    for (let count = 0; pouring; count += 5) {
      await Promise.all(
        [0, 1, 2, 3, 4].map(() =>
          sender.call('message.send', { conversationId: group, clientMessageId: newKey(), body: `${count}` }),
        ),
      )
    }
  })()
  const stored: number[] = []
  let mark = ''
  for (let round = 1; round <= 12; round++) {
    using reader = new EventReader(server, bo, mark)
    // A mark comes with what is live, so each round gets past what it missed.
    await reader.until(() => reader.lastEventId !== mark && reader.sequences(group).length >= round)
    for (const sequence of reader.sequences(group)) {
      // Delivered at least once: what came before comes again, and what comes is the next or known.
      if (stored.length > 0) expect(sequence).toBeLessThanOrEqual((stored.at(-1) ?? 0) + 1)
      if (sequence > (stored.at(-1) ?? 0)) stored.push(sequence)
    }
    mark = reader.lastEventId
  }
  pouring = false
  await pour
  const { head } = await ana.call('conversation.get', { conversationId: group })
  using last = new EventReader(server, bo, mark)
  await last.until(() => (last.sequences(group).at(-1) ?? stored.at(-1)) === head.sequence)
  const all = [...stored, ...last.sequences(group).filter(sequence => sequence > (stored.at(-1) ?? 0))]
  expect(all).toEqual(Array.from({ length: all.length }, (_, index) => (all[0] ?? 0) + index))
})

test('S1: a mark that is no mark, or that the journal no longer reaches, is answered with where everything stands', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const group = await createGroup(ana, [bo])
  using first = new EventReader(server, bo)
  await first.until(() => first.lastEventId !== '')
  const old = first.lastEventId
  await say(ana, group, 'one')
  await say(ana, group, 'two')
  const { head } = await bo.call('conversation.get', { conversationId: group })
  const client = await connectDedicated({
    address: server.database.address,
    applicationName: 'pruner',
    logger: silentLogger,
  })
  await client.query(
    'delete from commits c where number < (select max(number) from commits m where m.writer = c.writer)',
  )
  await client.end()
  for (const mark of [old, 'nonsense', '0:1.1']) {
    using reader = new EventReader(server, bo, mark)
    const behind = await reader.until(() => reader.frames.find(frame => frame.type === 'behind'))
    expect(behind.streams.find(({ stream }) => stream === group)?.sequence).toBe(head.sequence)
    expect(reader.sequences(group)).toEqual([])
  }
})

test('L8: what was missed is shown as one may see it now', async () => {
  const [ana, bo, cy] = await createPeople(server, 3)
  const group = await createGroup(ana, [bo, cy])
  using before = new EventReader(server, bo)
  await before.until(() => before.lastEventId !== '')
  const mark = before.lastEventId
  before[Symbol.dispose]()
  await say(ana, group, 'a secret')
  await ana.call('member.remove', { conversationId: group, key: newKey(), accountId: bo.id })
  await say(ana, group, 'another secret')
  using removed = new EventReader(server, bo, mark)
  await removed.until(() => removed.frames.some(frame => frame.type === 'caught-up'))
  expect(JSON.stringify(removed.frames)).not.toContain('secret')
  expect(removed.sequences(bo.id).length).toBeGreaterThan(0)
  await ana.call('member.add', { conversationId: group, key: newKey(), accountIds: [bo.id] })
  using back = new EventReader(server, bo, mark)
  await back.until(() => back.frames.some(frame => frame.type === 'caught-up'))
  expect(JSON.stringify(back.frames)).not.toContain('secret')
})

test('L10: a stream that nobody reads is told what moved once it is read again', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const group = await createGroup(ana, [bo])
  using reader = new EventReader(server, bo)
  await reader.until(() => reader.lastEventId !== '')
  reader.response?.pause()
  await using sender = await ana.connect()
  const body = 'x'.repeat(20_000)
  for (let sent = 0; sent < 1_000; sent += 20) {
    await Promise.all(
      Array.from({ length: 20 }, () =>
        sender.call('message.send', { conversationId: group, clientMessageId: newKey(), body }),
      ),
    )
  }
  const { head } = await ana.call('conversation.get', { conversationId: group })
  reader.response?.resume()
  const behind = await reader.until(() => reader.frames.find(frame => frame.type === 'behind'))
  expect(behind.streams.find(({ stream }) => stream === group)?.sequence).toBe(head.sequence)
  expect(reader.sequences(group).length).toBeLessThan(1_000)
  await say(ana, group, 'live again')
  await reader.until(() => reader.sequences(group).at(-1) === head.sequence + 1)
})

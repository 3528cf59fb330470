/** L4 and L5: several nodes over one database, with a bus between them and with every hint lost. */
import type { Cursor, StreamHead } from '@recado/protocol'
import {
  createGroup,
  createPeople,
  newKey,
  openDirect,
  type Person,
  SocketClient,
  startCluster,
  type TestNodes,
  type TestServer,
} from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

describe.each<'shared' | 'lost'>(['lost', 'shared'])('hints %s', hints => {
  let cluster: TestNodes
  let here: TestServer
  let there: TestServer
  beforeAll(async () => {
    cluster = await startCluster(2, hints)
    const [one, other] = cluster.nodes
    if (one === undefined || other === undefined) throw new Error('two nodes were asked for')
    here = one
    there = other
  })
  afterAll(() => cluster[Symbol.asyncDispose]())

  test('L4: people on different nodes talk; a lost hint is made good within 2 s', async () => {
    const [ana, bo] = await createPeople(here, 2)
    const direct = await openDirect(ana, bo)
    await using anaSocket = await ana.connect(here)
    await using boSocket = await bo.connect(there)
    const rounds: number[] = []
    for (let round = 1; round <= 6; round++) {
      const sentAt = performance.now()
      await send(anaSocket, direct, `ping ${round}`)
      await boSocket.until(() => boSocket.bodies(direct).includes(`ping ${round}`))
      await send(boSocket, direct, `pong ${round}`)
      await anaSocket.until(() => anaSocket.bodies(direct).includes(`pong ${round}`))
      rounds.push(performance.now() - sentAt)
    }
    // Two hops a round, and five times what is promised.
    expect(Math.max(...rounds)).toBeLessThan(20_000)
    // By repair alone, which looks every 500 ms, each round after the first takes that long.
    if (hints === 'shared') expect(Math.min(...rounds.slice(1))).toBeLessThan(400)
    expect(boSocket.sequences(direct)).toEqual(anaSocket.sequences(direct))
  })

  test('L4: edits, reactions, positions and the bell reach the other node', async () => {
    const [ana, bo] = await createPeople(here, 2)
    const direct = await openDirect(ana, bo)
    await using boSocket = await bo.connect(there)
    await using anaSocket = await ana.connect(here)
    const sent = await anaSocket.call('message.send', {
      conversationId: direct,
      clientMessageId: newKey(),
      body: `Hi @${bo.username}`,
      mentions: [bo.id],
    })
    const target = { conversationId: direct, sequence: sent.sequence, key: newKey() }
    await boSocket.until(() =>
      boSocket.frames('bell').some(({ items }) => items.some(({ kind }) => kind === 'mention')),
    )
    await anaSocket.call('message.edit', { ...target, body: 'Hello' })
    await boSocket.until(() => boSocket.events(direct).some(event => event.kind === 'message.edited'))
    await boSocket.call('position.move', { conversationId: direct, read: sent.sequence })
    await anaSocket.until(() =>
      anaSocket.frames('positions').some(({ items }) => items.some(item => item.read === sent.sequence)),
    )
  })

  test('L4: a session that is ended on one node loses its socket on the other', async () => {
    const [ana] = await createPeople(here, 1)
    const elsewhere = await ana.signInAgain()
    await using socket = await elsewhere.connect(there)
    await using kept = await ana.connect(there)
    await ana.call('session.endOthers', {})
    expect(await socket.untilClosed(5_000)).toBe(4502)
    await kept.settle()
  })

  test('L4: who is removed on one node receives nothing more on the other', async () => {
    const [ana, bo, cy] = await createPeople(here, 3)
    const group = await createGroup(ana, [bo, cy])
    await using boSocket = await bo.connect(there)
    await using cySocket = await cy.connect(there)
    await ana.call('member.remove', { conversationId: group, key: newKey(), accountId: bo.id })
    await ana.call('message.send', { conversationId: group, clientMessageId: newKey(), body: 'he is gone' })
    await cySocket.until(() => cySocket.bodies(group).includes('he is gone'))
    await boSocket.until(() => boSocket.events(bo.id).some(event => event.kind === 'conversation.left'))
    await boSocket.settle()
    expect(boSocket.events(group).map(event => event.kind)).toEqual(['member.removed'])
  })

  test('L5: following while messages pour in misses nothing and gets nothing twice', async () => {
    const [ana, bo, ...people] = await createPeople(here, 14)
    const group = await createGroup(ana, [bo, ...people])
    const starts = await Promise.all(people.map(person => markOf(person, here, group)))
    await using sender = await ana.connect(here)
    // Somebody else on that node already makes it follow the conversation.
    await using _follower = await bo.connect(there)
    let pouring = true
    let sent = 0
    const pour = (async () => {
      while (pouring) {
        await Promise.all([1, 2, 3].map(async () => send(sender, group, `message ${++sent}`)))
      }
    })()
    const followers: Follower[] = []
    await using closing = new AsyncDisposableStack()
    for (const [round, person] of people.entries()) {
      const socket = closing.use(await SocketClient.open(round % 2 === 0 ? here.url : there.url))
      followers.push(await follow({ socket, person, group, start: starts[round] as Start }))
    }
    pouring = false
    await pour
    const { head } = await ana.call('conversation.get', { conversationId: group })
    const first = starts[0]?.cursor.sequence ?? 0
    for (const { socket, pulled } of followers) {
      await socket.until(() => socket.sequences(group).at(-1) === head.sequence)
      const all = [...pulled, ...socket.sequences(group)]
      expect(all).toEqual(Array.from({ length: all.length }, (_, index) => first + 1 + index))
    }
  })
})

interface Start {
  readonly mark: string
  readonly cursor: Cursor
}

interface Follower {
  readonly socket: SocketClient
  readonly pulled: readonly number[]
}

async function send(socket: SocketClient, conversationId: number, body: string): Promise<void> {
  await socket.call('message.send', { conversationId: conversationId as never, clientMessageId: newKey(), body })
}

/** Where a device stands that has stored everything up to now. */
async function markOf(person: Person, server: TestServer, group: number): Promise<Start> {
  await using socket = await SocketClient.open(server.url)
  const { epoch } = await socket.resume(person.token)
  const { head } = await person.call('conversation.get', { conversationId: group as never })
  const { mark } = await socket.until(() => socket.frames('caught-up').at(-1))
  return { mark, cursor: { epoch, sequence: head.sequence, micros: head.micros } }
}

/** Comes back with the mark, and pulls up to where the server says that the conversation stands. */
async function follow(options: {
  readonly socket: SocketClient
  readonly person: Person
  readonly group: number
  readonly start: Start
}): Promise<Follower> {
  const { socket, person, group, start } = options
  const resumed = await socket.resume(person.token, start.mark)
  const moved = resumed.moved?.find((entry: StreamHead) => entry.stream === group)
  const head = moved?.sequence ?? start.cursor.sequence
  const pulled: number[] = []
  let { cursor } = start
  while (cursor.sequence < head) {
    const limit = Math.min(100, head - cursor.sequence)
    const { items } = await socket.call('stream.read', { stream: group, cursor, limit })
    const last = items.at(-1)
    if (last === undefined) throw new Error('the stream ended before its head')
    pulled.push(...items.map(({ sequence }) => sequence))
    cursor = { ...cursor, sequence: last.sequence, micros: last.micros }
  }
  return { socket, pulled }
}

/** L11, N1 over Server-Sent Events: whoever comes back with a mark ends with the registers of one that fetched them. */
import {
  type BellItem,
  type ConversationId,
  limits,
  type MemberPosition,
  type OwnSettings,
  type PushFrame,
} from '@recado/protocol'
import {
  createGroup,
  createPeople,
  newKey,
  openDirect,
  type Person,
  pastTheServer,
  startServer,
  type TestServer,
} from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EventReader } from './event-reader.ts'
import { fillGroup } from './mail-crowd.ts'
import { type QuietNode, startQuietNode } from './quiet-node.ts'

let server: TestServer
const owned = new AsyncDisposableStack()
beforeAll(async () => {
  server = owned.use(await startServer())
})
afterAll(() => owned.disposeAsync())

const say = (person: Person, conversationId: ConversationId, more: object = {}) =>
  person.call('message.send', { conversationId, clientMessageId: newKey(), body: 'hello', ...more })

/** What a script keeps of its registers, merged as `docs/protocol.md` says. */
class Kept {
  readonly positions = new Map<ConversationId, Map<number, MemberPosition>>()
  readonly bell = new Map<number, BellItem>()
  readonly settings = new Map<ConversationId, OwnSettings>()
  mark = ''
  readonly #bellVersion = new Map<number, number>()

  take(reader: EventReader): void {
    for (const frame of reader.frames) {
      if (frame.type === 'positions') for (const item of frame.items) this.#merge(frame.conversationId, item)
      else if (frame.type === 'bell') for (const item of frame.items) this.#keep(item, frame.version)
      else if (frame.type === 'event' && frame.event.kind === 'message.created') {
        const { conversationId, authorId, sequence } = frame.event.data.message
        this.#merge(conversationId, { accountId: authorId, delivered: sequence, read: sequence })
      } else if (frame.type === 'event' && frame.event.kind === 'membership.updated') {
        const { conversationId, settings } = frame.event.data
        const known = this.settings.get(conversationId)
        if (settings !== null && settings.version >= (known?.version ?? 0)) this.settings.set(conversationId, settings)
      }
    }
    this.mark = reader.lastEventId
  }

  positionsOf(id: ConversationId): MemberPosition[] {
    return [...(this.positions.get(id)?.values() ?? [])].sort((a, b) => a.accountId - b.accountId)
  }

  get openLines(): number[] {
    return [...this.bell.values()].flatMap(item => (item.cleared ? [] : [item.id])).sort((a, b) => a - b)
  }

  #merge(id: ConversationId, { accountId, delivered, read }: MemberPosition): void {
    const rows = this.positions.get(id) ?? new Map<number, MemberPosition>()
    const known = rows.get(accountId)
    rows.set(accountId, {
      accountId,
      delivered: Math.max(delivered, known?.delivered ?? 0),
      read: Math.max(read, known?.read ?? 0),
    })
    this.positions.set(id, rows)
  }

  #keep(item: BellItem, version: number): void {
    if (version < (this.#bellVersion.get(item.id) ?? 0)) return
    this.#bellVersion.set(item.id, version)
    this.bell.set(item.id, item)
  }
}

/** The same by asking. */
async function fetched(person: Person, conversations: readonly ConversationId[]) {
  const positions = await Promise.all(
    conversations.map(async conversationId => (await person.call('position.list', { conversationId })).items),
  )
  const { items } = await person.call('bell.list', {})
  return { positions, openLines: items.map(item => item.id).sort((a, b) => a - b) }
}

/** Until what came, over however many connections, is what one that asks now is told. */
async function expectSame(kept: Kept, person: Person, conversations: readonly ConversationId[]): Promise<void> {
  using reader = new EventReader(server, person, kept.mark)
  await expect
    .poll(async () => {
      kept.take(reader)
      return { positions: conversations.map(id => kept.positionsOf(id)), openLines: kept.openLines }
    })
    .toEqual(await fetched(person, conversations))
}

describe('after an interruption', () => {
  test('L11, N1: positions, bell and one’s own settings that moved meanwhile come, and live goes on', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    const group = await createGroup(ana, [bo, cy])
    const direct = await openDirect(ana, bo)
    const kept = new Kept()
    using first = new EventReader(server, bo)
    await first.untilMarked()
    const one = await say(ana, group, { mentions: [bo.id] })
    await cy.call('position.move', { conversationId: group, read: one.sequence })
    await first.until(() => first.frames.some(frame => frame.type === 'bell'))
    await first.until(() => first.frames.some(frame => frame.type === 'positions'))
    kept.take(first)
    first[Symbol.dispose]()

    const two = await say(ana, group, { mentions: [bo.id] })
    const three = await say(ana, direct, { mentions: [bo.id] })
    await cy.call('position.move', { conversationId: group, read: two.sequence })
    await expect.poll(async () => (await bo.call('bell.list', {})).items.length).toBe(4)
    // Bo reads on another device: the line for `two` is cleared, the one in the direct conversation stays.
    await bo.call('position.move', { conversationId: group, read: two.sequence })
    await bo.call('membership.update', { conversationId: direct, key: newKey(), pinned: 1 })

    using second = new EventReader(server, bo, kept.mark)
    await second.until(() => second.frames.some(frame => frame.type === 'caught-up'))
    kept.take(second)
    const now = await fetched(bo, [group, direct])
    expect([group, direct].map(id => kept.positionsOf(id).filter(item => item.read > 0))).toEqual(
      now.positions.map(items => items.filter(item => item.read > 0)),
    )
    expect(kept.openLines).toEqual(now.openLines)
    expect([...kept.bell.values()].filter(item => !item.cleared).map(item => item.sequence)).toEqual([three.sequence])
    expect(kept.settings.get(direct)).toMatchObject({ pinned: 1 })
    await ana.call('position.move', { conversationId: direct, read: three.sequence })
    await second.until(() => second.frames.some(frame => frame.type === 'positions' && frame.conversationId === direct))
  })

  test('C5: what a member hides stays hidden', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    await bo.call('account.setPrivacy', { readReceipts: false })
    using first = new EventReader(server, ana)
    const mark = await first.untilMarked()
    first[Symbol.dispose]()
    const { sequence } = await say(ana, direct)
    await bo.call('position.move', { conversationId: direct, read: sequence })
    using second = new EventReader(server, ana, mark)
    await second.until(() => second.frames.some(frame => frame.type === 'caught-up'))
    const told = second.frames.flatMap(frame => (frame.type === 'positions' ? frame.items : []))
    expect(told).toEqual([{ accountId: bo.id, delivered: sequence, read: 0, readHidden: true }])
    using bos = new EventReader(server, bo, mark)
    await bos.until(() => bos.frames.some(frame => frame.type === 'caught-up'))
    expect(bos.frames.flatMap(frame => (frame.type === 'positions' ? frame.items : []))).toEqual([
      { accountId: bo.id, delivered: sequence, read: sequence },
    ])
  })

  test('S1, L11: cut again and again while people read, write and are named, nothing is missing in the end', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    const group = await createGroup(ana, [bo, cy])
    const direct = await openDirect(ana, bo)
    const kept = new Kept()
    // Before anything moves, so that every row comes as a change.
    using start = new EventReader(server, bo)
    await start.untilMarked()
    kept.take(start)
    start[Symbol.dispose]()
    let going = true
    const named = { conversationId: group, sequence: 0 }
    const traffic = (async () => {
      for (let round = 0; going; round++) {
        const { sequence } = await say(ana, round % 3 === 0 ? direct : group, { mentions: [bo.id] })
        const conversationId = round % 3 === 0 ? direct : group
        Object.assign(named, { conversationId, sequence })
        await Promise.all([
          cy.call('position.move', { conversationId: group, read: sequence }),
          ana.call('position.move', { conversationId, delivered: sequence }),
          ...(round % 4 === 0 ? [bo.call('position.move', { conversationId, read: sequence })] : []),
          ...(round % 7 === 0 ? [say(bo, conversationId)] : []),
        ])
      }
    })()
    for (let round = 1; round <= 10; round++) {
      using reader = new EventReader(server, bo, kept.mark)
      await reader.until(() => reader.lastEventId !== kept.mark && reader.frames.length > round)
      kept.take(reader)
    }
    going = false
    await traffic
    for (const person of [ana, bo, cy]) {
      const { head } = await ana.call('conversation.get', { conversationId: group })
      await person.call('position.move', { conversationId: group, delivered: head.sequence })
    }
    await bo.call('position.move', { conversationId: direct, delivered: 1_000_000 })
    await expect.poll(async () => (await bo.call('bell.list', { above: 0 })).items[0]).toMatchObject(named)
    await expectSame(kept, bo, [group, direct])
  })
})

describe('L7, L10: bounds', () => {
  /** The other one keeps the bell. */
  let quiet: QuietNode
  beforeAll(async () => {
    quiet = await startQuietNode(owned, server.database)
  })

  test('L11, N1: of the bell all that changed comes, more than a page of it', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const group = await createGroup(ana, [bo])
    const kept = new Kept()
    using first = new EventReader(server, bo)
    await first.untilMarked()
    const rung = [limits.eventsPageSize - 400, 500, 50]
    const ends: number[] = []
    for (const count of rung) {
      const sent = await Promise.all(Array.from({ length: count }, () => say(ana, group, { mentions: [bo.id] })))
      ends.push(Math.max(...sent.map(({ sequence }) => sequence)))
    }
    const total = rung.reduce((sum, count) => sum + count)
    const mentions = (frames: readonly PushFrame[]) =>
      frames.flatMap(frame => (frame.type === 'bell' ? frame.items.filter(item => item.kind === 'mention') : []))
    await first.until(() => mentions(first.frames).length === total)
    kept.take(first)
    first[Symbol.dispose]()

    const { version } = await bo.call('bell.list', {})
    for (const read of ends) await bo.call('position.move', { conversationId: group, read })
    using second = new EventReader(server, bo, kept.mark)
    await second.until(() => second.frames.some(frame => frame.type === 'caught-up'))
    kept.take(second)
    expect(kept.openLines).toEqual([])

    const page = await bo.call('bell.list', { above: version })
    expect(page.items.length).toBeGreaterThanOrEqual(limits.eventsPageSize)
    expect(page.next).toBe(String(page.version))
    const rest = await bo.call('bell.list', { above: version, next: page.next ?? '' })
    expect(rest).toMatchObject({ version: page.version + 1, next: null })
    expect([...page.items, ...rest.items].filter(item => item.kind === 'mention')).toHaveLength(total)
  })

  test('coming back reads as often for many who moved as for few', async () => {
    const [ana, bo, ...others] = await createPeople(quiet.node, 12)
    using live = new EventReader(quiet.node, bo)
    await live.untilMarked()
    const small = await createGroup(ana, [bo])
    const large = await createGroup(ana, [bo, ...others])
    const cost = async (group: ConversationId, movers: readonly Person[]) => {
      using first = new EventReader(quiet.node, bo)
      const mark = await first.untilMarked()
      first[Symbol.dispose]()
      const { sequence } = await say(ana, group)
      for (const mover of movers) await mover.call('position.move', { conversationId: group, read: sequence })
      return await quiet.statements(async () => {
        using reader = new EventReader(quiet.node, bo, mark)
        await reader.until(() => reader.frames.some(frame => frame.type === 'caught-up'))
        const told = reader.frames.flatMap(frame => (frame.type === 'positions' ? frame.items : []))
        expect(told).toHaveLength(movers.length)
      })
    }
    // Until this node has heard of the other's writing, its marks are older than that.
    await live.until(() => live.frames.flatMap(frame => (frame.type === 'bell' ? frame.items : [])).length === 2)
    live[Symbol.dispose]()
    await cost(small, [ana])
    const few = await cost(small, [ana])
    const many = await cost(large, [ana, ...others])
    expect(many.toSorted()).toEqual(few.toSorted())
    expect(few.length).toBeLessThan(10)
  })

  test('of more than are told to everybody, one’s own position only', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const large = await createGroup(ana, [bo])
    const crowd = await pastTheServer(server, client => fillGroup(client, large, limits.positionsBroadcastMembers))
    using first = new EventReader(server, bo)
    const mark = await first.untilMarked()
    first[Symbol.dispose]()
    const { sequence } = await say(ana, large)
    await Promise.all(
      [ana.id, bo.id, ...crowd].map(accountId =>
        server.running.context.log.movePositions({ conversationId: large, accountId, delivered: sequence, read: 0 }),
      ),
    )
    using reader = new EventReader(server, bo, mark)
    await reader.until(() => reader.frames.some(frame => frame.type === 'caught-up'))
    expect(reader.frames.flatMap(frame => (frame.type === 'positions' ? frame.items : []))).toEqual([
      { accountId: bo.id, delivered: sequence, read: 0 },
    ])
  })
})

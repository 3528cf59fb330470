/**
 * What every adapter of the cache port must do, as cases that run anywhere: in Node against memory, in a real browser
 * against IndexedDB. A case throws if the adapter is wrong.
 */
import { type AccountId, type BellItem, type ConversationId, createProblem, type StreamEvent } from '@recado/protocol'
import { CacheGoneError } from './cache.ts'
import type { Change } from './changes.ts'
import {
  begin,
  type ContractCase,
  conversationId,
  created,
  entry,
  follow,
  followedAt,
  me,
  message,
  meta,
  page,
  person,
  putMessages,
  rejection,
  reset,
  same,
  sessionId,
  stored,
  withCache,
  withoutPut,
} from './contract-tools.ts'
import { mailCases } from './mail-cases.ts'
import {
  appendEntry,
  closeOutbox,
  findSettlement,
  refuseEntries,
  removeEntry,
  renewEntry,
  takeOverEntries,
  tryEntries,
} from './outbox-rows.ts'
import { writeChanges } from './persist.ts'
import { countKept, evict, forgetMessages, makeRoom, readPage, readPositions, restore } from './restore.ts'
import type { CachedMeta } from './rows.ts'

export const cacheContract: readonly ContractCase[] = [
  withCache('reads back what was written, sorted by key', async cache => {
    await cache.write(['people'], async transaction => {
      for (const id of [3, 1, 2]) await transaction.put('people', id as AccountId, person(id))
    })
    const ids = await cache.read(['people'], async t => (await t.list('people')).map(row => row.id))
    same(ids, [1, 2, 3])
    same(await cache.read(['people'], t => t.get('people', 2 as AccountId)), person(2))
    same(await cache.read(['people'], t => t.get('people', 9 as AccountId)), undefined)
    same(await cache.read(['people'], t => t.count('people')), 3)
  }),
  withCache('lists a range from either end, and no further', async cache => {
    await putMessages(cache, [1, 2, 3, 4, 5])
    await cache.write(['messages'], t => t.put('messages', [101 as ConversationId, 3], message(3)))
    const range = { from: [conversationId, 2], to: [conversationId, 4] } as const
    const list = (order: 'ascending' | 'descending', limit?: number) =>
      cache.read(['messages'], async t =>
        (await t.list('messages', { range, order, ...(limit && { limit }) })).map(row => row.sequence),
      )
    same(await list('ascending'), [2, 3, 4])
    same(await list('descending', 2), [4, 3])
    same(await list('ascending', 1), [2])
    same(await cache.read(['messages'], t => t.count('messages', range)), 3)
    const empty = { from: [conversationId, 4], to: [conversationId, 3] } as const
    same(await cache.read(['messages'], t => t.list('messages', { range: empty })), [])
    same(await cache.read(['messages'], t => t.count('messages', empty)), 0)
    await cache.write(['messages'], t => t.delete('messages', empty))
    await cache.write(['messages'], t => t.delete('messages', range))
    same(await cache.read(['messages'], async t => (await t.list('messages')).map(row => row.sequence)), [1, 5, 3])
  }),
  withCache('writes nothing of a transaction that throws', async cache => {
    await cache.write(['people'], t => t.put('people', me, person(1)))
    const failure = cache.write(['people', 'messages'], async t => {
      await t.put('people', me, { ...person(1), displayName: 'Changed' })
      await t.put('messages', [conversationId, 1], message(1))
      await t.clear('people')
      throw new Error('on purpose')
    })
    same(await rejection(failure), 'on purpose')
    same(await cache.read(['people'], t => t.get('people', me)), person(1))
    same(await cache.read(['messages'], t => t.count('messages')), 0)
  }),
  withCache('runs transactions on the same store one after the other', async cache => {
    const add = () =>
      cache.write(['outbox'], async t => {
        const count = await t.count('outbox')
        await t.put('outbox', count + 1, { ...entry('x'), order: count + 1 })
      })
    await Promise.all(Array.from({ length: 20 }, add))
    same(await cache.read(['outbox'], t => t.count('outbox')), 20)
  }),
  withCache(
    'keeps a wish until its own key is fulfilled, over a new history too, and not for who has left',
    async cache => {
      const wish = (key: string) => ({ conversationId, key, changes: { pinned: 1 } })
      const kept = async () => (await restore(cache)).wishes.map(row => row.key)
      await writeChanges(cache, [
        reset(3),
        { kind: 'wish', wish: wish('first') },
        { kind: 'wish', wish: wish('second') },
        { kind: 'fulfilled', conversationId, key: 'first' },
      ])
      same(await kept(), ['second'])
      await writeChanges(cache, [{ kind: 'wipe', meta: { ...meta(), epoch: 'epoch-2' } }])
      same(await kept(), ['second'])
      await writeChanges(cache, [{ kind: 'fulfilled', conversationId, key: 'second' }])
      same(await kept(), [])
      await writeChanges(cache, [
        { kind: 'wish', wish: wish('third') },
        { kind: 'drop', conversationId },
      ])
      same(await kept(), [])
    },
  ),
  withCache('merges settings by their own version, whichever head is further', async cache => {
    const at = (sequence: number, version: number): Change => {
      const next = followedAt(sequence)
      const settings = { ...next.conversation.me.settings, version, pinned: version }
      const conversation = { ...next.conversation, me: { ...next.conversation.me, settings } }
      return { kind: 'follow', conversationId, base: 3, next: { ...next, conversation }, events: [], sent: [] }
    }
    const pinned = async () => (await restore(cache)).conversations[0]?.conversation.me.settings.pinned
    await writeChanges(cache, [reset(3), at(3, 2)])
    same(await pinned(), 2)
    await writeChanges(cache, [at(5, 1)])
    same(await pinned(), 2)
    await writeChanges(cache, [at(3, 4)])
    same(await pinned(), 4)
  }),
  {
    name: 'keeps what was written for who opens it again, and nothing after deleting',
    run: async caches => {
      const first = await caches.open('kept', () => undefined)
      await first.write(['people'], t => t.put('people', me, person(1)), 'strict')
      await first.close()
      const second = await caches.open('kept', () => undefined)
      same(await second.read(['people'], t => t.count('people')), 1)
      await second.close()
      await caches.delete('kept')
      const third = await caches.open('kept', () => undefined)
      same(await third.read(['people'], t => t.count('people')), 0)
      await third.close()
      await caches.delete('kept')
    },
  },
  {
    name: 'tells who has it open that it was deleted, and lets them write no more',
    run: async caches => {
      const told = Promise.withResolvers<void>()
      const cache = await caches.open('deleted', told.resolve)
      await cache.write(['people'], t => t.put('people', me, person(1)))
      await caches.delete('deleted')
      await told.promise
      const write = cache.write(['people'], t => t.put('people', me, person(1)))
      same(await write.catch((error: unknown) => error instanceof CacheGoneError), true)
    },
  },
  withCache('a message, its cursor and the leaving of its outbox entry are one (L6)', async cache => {
    const row = await appendEntry(cache, entry('key-2'))
    await begin(cache)
    await writeChanges(cache, [follow(1, [created(2)], [row.order])])
    same(await stored(cache), { cursor: 2, from: 2, messages: [2] })
    same((await restore(cache)).outbox, [])
  }),
  withCache('a cursor never moves back within an epoch (L6)', async cache => {
    await begin(cache)
    await writeChanges(cache, [follow(1, [created(2), created(3)])])
    await writeChanges(cache, [follow(1, [created(2)])])
    same(await stored(cache), { cursor: 3, from: 2, messages: [2, 3] })
    await writeChanges(cache, [reset(2)])
    same(await stored(cache), { cursor: 3, from: 2, messages: [2, 3] })
  }),
  withCache('events that do not join what is stored are refused as stale', async cache => {
    await begin(cache)
    const { order } = await appendEntry(cache, entry('sent'))
    const outcome = await writeChanges(cache, [follow(4, [created(5)], [order])])
    same(outcome.stale, [conversationId])
    same(await stored(cache), { cursor: 1, from: 2, messages: [] })
    same((await restore(cache)).outbox, [])
  }),
  withCache('a page extends the range only where it joins it, and only if it is current', async cache => {
    await begin(cache, 50)
    await writeChanges(cache, [page([30, 31], { from: 30, through: 40, asOf: 50 })])
    same(await stored(cache), { cursor: 50, from: 51, messages: [] })
    await writeChanges(cache, [page([48, 49], { from: 48, through: 50, asOf: 49 })])
    same(await stored(cache), { cursor: 50, from: 51, messages: [] })
    await writeChanges(cache, [page([48, 49], { from: 48, through: 50, asOf: 50 })])
    same(await stored(cache), { cursor: 50, from: 48, messages: [48, 49] })
    await writeChanges(cache, [page([10, 20], { from: 1, through: 47, asOf: 50, end: 'oldest' })])
    same(await stored(cache), { cursor: 50, from: 1, messages: [10, 20, 48, 49] })
    const newest = await readPage(cache, conversationId, { at: 'newest' }, 3)
    same([newest?.messages.map(m => m.sequence), newest?.hasOlder], [[20, 48, 49], true])
    const oldest = await readPage(cache, conversationId, { at: 'before', sequence: 20 }, 3)
    same([oldest?.messages.map(m => m.sequence), oldest?.hasOlder, oldest?.hasNewer], [[10], false, true])
    const around = await readPage(cache, conversationId, { at: 'around', sequence: 48 }, 2)
    same(
      around?.messages.map(m => m.sequence),
      [20, 48],
    )
  }),
  withCache('edits and reactions reach stored messages, and make none appear', async cache => {
    await begin(cache)
    const edited: StreamEvent = {
      ...created(3),
      kind: 'message.edited',
      data: { message: { ...message(2), body: 'new', version: 2 } },
    }
    const reacted: StreamEvent = {
      ...created(4),
      kind: 'reaction.changed',
      data: { sequence: 2, accountId: me, emojis: ['👍'] },
    }
    const missing: StreamEvent = {
      ...created(5),
      kind: 'reaction.changed',
      data: { sequence: 1, accountId: me, emojis: ['👍'] },
    }
    await writeChanges(cache, [follow(1, [created(2), edited, reacted, missing])])
    const [row] = await cache.read(['messages'], t => t.list('messages'))
    same([row?.body, row?.version, row?.reactions], ['new', 2, [{ emoji: '👍', accountIds: [me] }]])
    same(await stored(cache), { cursor: 5, from: 2, messages: [2] })
  }),
  withCache('another epoch empties cursors and messages, never the outbox (L6)', async cache => {
    await begin(cache)
    await appendEntry(cache, entry('unsent'))
    await writeChanges(cache, [follow(1, [created(2)]), { kind: 'wipe', meta: { ...meta(), epoch: 'epoch-2' } }])
    const restored = await restore(cache)
    same([restored.conversations.length, restored.meta?.epoch, restored.meta?.mark], [0, 'epoch-2', null])
    same(
      restored.outbox.map(row => row.id),
      ['unsent'],
    )
    same(await cache.read(['messages'], t => t.count('messages')), 0)
    await writeChanges(cache, [reset(9)])
    same((await restore(cache)).conversations.length, 0)
  }),
  withCache('who left a conversation keeps nothing of it', async cache => {
    await begin(cache)
    const positions = [{ accountId: me, delivered: 1, read: 1 }]
    await writeChanges(cache, [follow(1, [created(2)]), { kind: 'positions', conversationId, items: positions }])
    same((await readPositions(cache, conversationId)).length, 1)
    await writeChanges(cache, [{ kind: 'drop', conversationId }])
    same([(await restore(cache)).conversations.length, (await readPositions(cache, conversationId)).length], [0, 0])
    same(await cache.read(['messages'], t => t.count('messages')), 0)
  }),
  withCache('a tab that has not heard yet that one left does not bring the conversation back (L8)', async cache => {
    await begin(cache)
    const heard: CachedMeta = { ...meta(), cursor: { ...meta().cursor, sequence: 2 } }
    await writeChanges(cache, [
      { kind: 'meta', meta: heard },
      { kind: 'drop', conversationId },
    ])
    const behind = await writeChanges(cache, [follow(1, [created(2)])])
    same(behind.stale, [conversationId])
    await writeChanges(cache, [reset(2, 1)])
    same((await restore(cache)).conversations.length, 0)
    await writeChanges(cache, [reset(2, 2)])
    same((await restore(cache)).conversations.length, 1)
  }),
  withCache(
    'a line of the bell that one tab has cleared is not brought back by another that is behind',
    async cache => {
      const line = (id: number, cleared = false) => ({ id, cleared }) as BellItem
      const kept = async () => {
        const { bell, meta: stored } = await restore(cache)
        return [bell.map(item => item.id), stored?.bellVersion]
      }
      await begin(cache)
      await writeChanges(cache, [{ kind: 'bell', items: [line(1), line(2)], base: 0, version: 2 }])
      await writeChanges(cache, [{ kind: 'bell', items: [line(1, true), line(3)], base: 2, version: 3 }])
      same(await kept(), [[2, 3], 3])
      await writeChanges(cache, [
        { kind: 'bell', items: [line(1)], base: 1, version: 2 },
        { kind: 'meta', meta: { ...meta(), bellVersion: 9 } },
      ])
      same(await kept(), [[2, 3], 3])
      // What lies between is not here.
      await writeChanges(cache, [{ kind: 'bell', items: [line(4)], base: 4, version: 5 }])
      same(await kept(), [[2, 3], 3])
      await writeChanges(cache, [{ kind: 'bell', items: [line(3)], base: 0, version: 6 }])
      same(await kept(), [[3], 6])
    },
  ),
  withCache('the outbox keeps its order, and an entry that may have been sent cannot be taken back', async cache => {
    const rows = [
      await appendEntry(cache, entry('a')),
      await appendEntry(cache, entry('b')),
      await appendEntry(cache, entry('c')),
    ]
    const [a, b, c] = rows.map(row => row.order)
    same(
      (await restore(cache)).outbox.map(row => row.id),
      ['a', 'b', 'c'],
    )
    same(await tryEntries(cache, [a ?? 0, 99]), [a])
    same([await removeEntry(cache, a ?? 0), await removeEntry(cache, b ?? 0)], [false, true])
    same(await renewEntry(cache, c ?? 0, 'new'), null)
    same(
      (await restore(cache)).outbox.map(row => row.id),
      ['a', 'c'],
    )
  }),
  withCache('a place in the outbox is never given twice: another tab may still be about to clear it', async cache => {
    const first = await appendEntry(cache, entry('first'))
    await writeChanges(cache, [{ kind: 'sent', orders: [first.order] }])
    await appendEntry(cache, entry('second'))
    await writeChanges(cache, [{ kind: 'sent', orders: [first.order] }])
    same(
      (await restore(cache)).outbox.map(row => row.id),
      ['second'],
    )
  }),
  withCache('the outbox of a sign-in that is over takes and gives nothing any more', async cache => {
    const [kept, refused] = [await appendEntry(cache, entry('kept')), await appendEntry(cache, entry('refused'))]
    await refuseEntries(cache, [refused.order], createProblem('not-found'))
    same(await findSettlement(cache, sessionId), null)
    const closed = await closeOutbox(cache, sessionId, 'kept')
    same([closed.entries.map(row => row.id), closed.how], [['kept', 'refused'], 'kept'])
    const attempts = [
      appendEntry(cache, entry('late')),
      removeEntry(cache, kept.order),
      renewEntry(cache, refused.order, 'anew'),
      tryEntries(cache, [kept.order]),
      takeOverEntries(cache, [{ ...kept, clientMessageId: 'taken' }], 1),
    ]
    for (const attempt of attempts) {
      same(await attempt.catch((error: unknown) => error instanceof CacheGoneError), true)
    }
    same((await closeOutbox(cache, sessionId, 'discarded')).how, 'discarded')
    same((await closeOutbox(cache, sessionId, 'kept')).how, 'discarded')
    same(await findSettlement(cache, sessionId), 'discarded')
  }),
  withCache(
    'takes over what earlier sign-ins left once, behind what is there, and nothing in its place',
    async cache => {
      await appendEntry(cache, entry('mine'))
      const left = ['old', 'older', 'mine'].map((id, at) => ({ ...entry(id), order: at + 1 }))
      await takeOverEntries(cache, left, 3)
      const ids = async () => (await restore(cache)).outbox.map(row => row.id)
      same(await ids(), ['mine', 'old', 'older'])
      const [, old] = (await restore(cache)).outbox
      same(await removeEntry(cache, old?.order ?? 0), true)
      await takeOverEntries(cache, left, 3)
      same(await ids(), ['mine', 'older'])
      await takeOverEntries(cache, [...left, { ...entry('new'), order: 4 }], 4)
      same(await ids(), ['mine', 'older', 'new'])
    },
  ),
  withCache('evicts the oldest messages and closes the range behind them', async cache => {
    await begin(cache)
    await writeChanges(cache, [follow(1, [2, 3, 4, 5, 6].map(created))])
    same(await evict(cache, 2), 3)
    same(await stored(cache), { cursor: 6, from: 5, messages: [5, 6] })
    same((await readPage(cache, conversationId, { at: 'newest' }, 10))?.hasOlder, true)
    same(await readPage(cache, conversationId, { at: 'before', sequence: 4 }, 10), null)
  }),
  withCache('forgets messages and nothing else, and goes on behind them', async cache => {
    await begin(cache)
    await writeChanges(cache, [follow(1, [2, 3, 4].map(created))])
    same(await countKept(cache), { messages: 3, conversations: 1 })
    same(await forgetMessages(cache), 3)
    same(await stored(cache), { cursor: 4, from: 5, messages: [] })
    same(await countKept(cache), { messages: 0, conversations: 0 })
    same((await restore(cache)).conversations.length, 1)
    await writeChanges(cache, [follow(4, [5, 6].map(created))])
    same(await stored(cache), { cursor: 6, from: 5, messages: [5, 6] })
  }),
  withCache('makes room by removing alone, and tells of what is left afterwards', async cache => {
    await begin(cache)
    await writeChanges(cache, [follow(1, [2, 3, 4, 5, 6].map(created))])
    same(await makeRoom(withoutPut(cache, 1), 2), 3)
    same(await stored(cache), { cursor: 6, from: 5, messages: [5, 6] })
    same((await restore(cache)).meta?.epoch, meta().epoch)
    same(await rejection(makeRoom(withoutPut(cache), 0)), 'There is no room.')
    const left = await restore(cache)
    same([left.meta, left.conversations.length], [undefined, 0])
    same(await cache.read(['messages'], t => t.count('messages')), 0)
  }),
  ...mailCases,
]

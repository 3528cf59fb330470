/** The check can fail: faults planted at the ports, each found within a few seeds. */
import type { Store, Writer } from '@recado/server/store/store.ts'
import { expect, test } from 'vitest'
import { runSeed } from './run.ts'
import type { Planted } from './world.ts'

const seedsToTry = 30

const faults: readonly (readonly [string, () => Planted, RegExp])[] = [
  ['a gateway that skips an event now and then', skipEvents, /head of|messages of|does not settle/],
  ['an outbox that resends under a new key', resendUnderNewKeys, /was sent more than once/],
  ['lost hints that nobody repairs', neverRepair, /head of|messages of|conversations/],
  ['a store that acknowledges what it did not write', acknowledgeNothing, /is missing|was not sent/],
  ['a node that forgets that somebody was removed', rememberMembersForever, /while not a member/],
  ['a reader that counts one read message too few', miscountRead, /unread/],
]

test.each(faults)('finds %s', async (_name, plant, expected) => {
  const found: string[] = []
  for (let seed = 1; seed <= seedsToTry && !found.some(failure => expected.test(failure)); seed++) {
    found.push(...(await runSeed(String(seed), plant())).failures)
  }
  expect(found.join('\n')).toMatch(expected)
})

function skipEvents(): Planted {
  return {
    distort: { toClient: text => (/^\{"type":"event".*"sequence":\d*5,"micros"/.test(text) ? null : text) },
  }
}

function resendUnderNewKeys(): Planted {
  const seen = new Set<string>()
  return {
    distort: {
      toServer: text => {
        const key = /"clientMessageId":"([^"]+)"/.exec(text)?.[1]
        if (key === undefined || !text.includes('"op":"message.send"')) return text
        if (seen.has(key)) return text.replace(key, `${key}-${seen.size}`)
        seen.add(key)
        return text
      },
    },
  }
}

function neverRepair(): Planted {
  return { store: store => ({ ...store, readJournal: async () => [] }) }
}

function acknowledgeNothing(): Planted {
  let batches = 0
  return {
    store: store =>
      withWriters(store, writer => ({
        appendBatch: async entries => {
          if (++batches % 20 !== 0) return writer.appendBatch(entries)
          const outcome = {
            outcome: 'appended',
            sequence: 1,
            micros: 1,
            id: 1 as never,
            ordinal: 1,
            version: 1,
          } as const
          return { outcomes: entries.map(() => outcome), commit: null }
        },
      })),
  }
}

function withWriters(store: Store, change: (writer: Writer) => Partial<Writer>): Store {
  const changed = (writer: Writer): Writer => {
    const plain: Writer = {
      slot: writer.slot,
      appendBatch: entries => writer.appendBatch(entries),
      movePositions: moves => writer.movePositions(moves),
      transact: work => writer.transact(work),
      [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
    }
    return { ...plain, ...change(writer) }
  }
  return {
    ...store,
    openWriter: async () => changed(await store.openWriter()),
    recoverWriter: async attempt => {
      const { writer, committed } = await store.recoverWriter(attempt)
      return { writer: changed(writer), committed }
    },
  }
}

function rememberMembersForever(): Planted {
  return {
    store: store => ({
      ...store,
      readEvents: async (stream, after, limit) => {
        const page = await store.readEvents(stream, after, limit)
        // The removal is read as something else, so nobody is dismissed.
        const items = page.items.map(event =>
          event.kind === 'member.removed' || event.kind === 'member.left'
            ? { ...event, kind: 'member.roleChanged' as const }
            : event,
        )
        return { ...page, items }
      },
    }),
  }
}

function miscountRead(): Planted {
  return {
    store: store => ({
      ...store,
      findConversationView: async (conversationId, accountId) => {
        const view = await store.findConversationView(conversationId, accountId)
        return view && { ...view, me: { ...view.me, readOrdinal: Math.max(0, view.me.readOrdinal - 1) } }
      },
      listConversations: async (accountId, before, limit) => {
        const views = await store.listConversations(accountId, before, limit)
        return views.map(view => ({ ...view, me: { ...view.me, readOrdinal: Math.max(0, view.me.readOrdinal - 1) } }))
      },
    }),
  }
}

/** The check can fail: faults planted at the ports, each found within a few seeds. */
import { CacheGoneError } from '@recado/client'
import { findPlanted, type PlantedFault } from './find-planted.ts'
import { resendUnderNewKeys } from './resend-under-new-keys.ts'
import { type Stores, type Write, withRows } from './with-rows.ts'
import { withWriters } from './with-writers.ts'
import type { Planted } from './world.ts'

const faults: readonly PlantedFault[] = [
  ['a gateway that skips an event now and then', skipEvents, /head of|messages of|does not settle/],
  ['an outbox that resends under a new key', () => resendUnderNewKeys('message.send'), /was sent more than once/],
  ['lost hints that nobody repairs', neverRepair, /head of|messages of|conversations/],
  ['a store that acknowledges what it did not write', acknowledgeNothing, /is missing|was not sent/],
  ['a node that forgets that somebody was removed', rememberMembersForever, /while not a member/],
  ['a reader that counts one read message too few', miscountRead, /unread/],
  ['a reader that leaves out positions of a crowd', forgetCrowd, /positions in/],
  ['a device that loses what waits for the next sign-in', loseUnsent, /is missing/],
  ['an outbox that refuses a text and keeps it', keepRefused, /was given back and/],
  ['an outbox from which nothing can be taken back', keepCancelled, /was cancelled and/],
  ['a device that only seems to throw away', keepDiscarded, /was thrown away and/],
  ['a device that forgets who signed in', forgetSignIn, /has lost its sign-in/],
  ['tabs that hear nothing of each other', () => ({ tabs: 'deaf' }), /does not settle|was not sent/],
]

findPlanted(faults, { 'a device that only seems to throw away': 402 })

function skipEvents(): Planted {
  return {
    distort: { toClient: text => (/^\{"type":"event".*"sequence":\d*5,"micros"/.test(text) ? null : text) },
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

function forgetCrowd(): Planted {
  return {
    crowd: 'always',
    store: store => ({
      ...store,
      readPositions: async request => {
        const page = await store.readPositions(request)
        return page.items.length > 50 ? { ...page, items: page.items.filter(({ accountId }) => accountId !== 1) } : page
      },
    }),
  }
}

const inUnsent = (database: string) => database.endsWith('-unsent')
const nothing = async () => undefined

function loseUnsent(): Planted {
  return withRows(inUnsent, () => ({ put: nothing }))
}

/** Every tenth text is stored, and its writer hears that it was not. */
function keepRefused(): Planted {
  let texts = 0
  return {
    caches: caches => ({
      ...caches,
      open: async (database, gone) => {
        const cache = await caches.open(database, gone)
        const write: Write = async (stores, work, durability) => {
          const result = await cache.write(stores, work, durability)
          const isText = stores.includes('counters') && typeof result === 'object' && 'body' in (result ?? {})
          if (isText && ++texts % 10 === 0) throw new CacheGoneError('So it says.')
          return result
        }
        return { ...cache, write }
      },
    }),
  }
}

function keepCancelled(): Planted {
  const removes = (database: string, stores: Stores) =>
    !inUnsent(database) && stores.length === 2 && stores.includes('outbox') && stores.includes('settled')
  return withRows(removes, () => ({ delete: nothing }))
}

/** Nothing that was kept of a sign-in goes, so the next one finds it. */
function keepDiscarded(): Planted {
  const changed = withRows(
    () => true,
    rows => ({ put: (store, key, row) => (store === 'settled' ? nothing() : rows.put(store, key, row)) }),
  )
  return {
    sessions: sessions => ({ ...sessions, clear: nothing }),
    caches: caches => ({ ...(changed.caches?.(caches) ?? caches), delete: nothing }),
  }
}

function forgetSignIn(): Planted {
  let reads = 0
  return { sessions: sessions => ({ ...sessions, load: async () => (++reads % 8 === 0 ? null : sessions.load()) }) }
}

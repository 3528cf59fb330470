/** Takes down what a client holds at the end: what it stored, what it shows when opened, what it says about others. */
import type { ConversationView } from '@recado/client'
import type { ConversationId, Message } from '@recado/protocol'
import type { FinalView, ShownMessage, Testimony } from './evidence.ts'
import type { Person } from './person.ts'
import { until } from './until.ts'

const openWithinMs = 15_000

export async function takeFinalView(person: Person, view: ConversationView): Promise<FinalView> {
  const handle = person.client.conversation(view.id)
  const close = handle.subscribe(() => undefined)
  try {
    await until(() => {
      const { loading, items, positions } = handle.getSnapshot()
      return !loading.first && items.length >= Math.min(1, view.conversation.head.ordinal) && positions.size > 0
    }, openWithinMs)
    const { items, positions } = handle.getSnapshot()
    const { from, stored } = await readCache(person, view.id)
    const { conversation, unread } = person.view(view.id) ?? view
    return {
      head: conversation.head,
      read: conversation.me.read,
      unread,
      from,
      stored,
      opened: items.flatMap(item => (item.type === 'message' ? [shown(item.message)] : [])),
      positions: new Map(positions),
    }
  } finally {
    close()
  }
}

async function readCache(person: Person, id: ConversationId): Promise<{ from: number; stored: ShownMessage[] }> {
  const cache = await person.caches.open(person.database, () => undefined)
  try {
    return await cache.read(['conversations', 'messages'], async transaction => {
      const row = await transaction.get('conversations', id)
      const range = { from: [id, 0], to: [id, Number.MAX_SAFE_INTEGER] } as const
      const stored = await transaction.list('messages', { range })
      return { from: row?.complete === true ? 0 : (row?.from ?? 0), stored: stored.map(shown) }
    })
  } finally {
    await cache.close()
  }
}

function shown(message: Message): ShownMessage {
  const { sequence, ordinal, id, authorId, clientMessageId, body, version } = message
  return { sequence, ordinal, id, authorId, key: clientMessageId, body, version }
}

/** The keys of what the server refused for good, which the device still keeps. */
export async function readRefused(person: Person): Promise<ReadonlySet<string>> {
  const cache = await person.caches.open(person.database, () => undefined)
  try {
    const rows = await cache.read(['outbox'], transaction => transaction.list('outbox'))
    return new Set(rows.filter(row => row.refused !== null).map(row => row.clientMessageId))
  } finally {
    await cache.close()
  }
}

/** `final` is null where the client shows no such conversation. */
export function testify(
  person: Person,
  stream: number,
  { final, refused }: { final: FinalView | null; refused: ReadonlySet<string> },
): Testimony {
  const { sendings, acknowledgements, changes, showings, marked } = person.ledger.page(stream)
  return {
    accountId: person.accountId,
    name: person.name,
    sendings: sendings.map(sending => (refused.has(sending.key) ? { ...sending, outcome: 'refused' } : sending)),
    acknowledgements,
    changes,
    showings,
    final,
    marked,
  }
}

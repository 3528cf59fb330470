/** Takes down what a client holds at the end: what it stored, what it shows when opened, what it says about others. */
import type { ConversationView } from '@recado/client'
import type { ConversationId, Message } from '@recado/protocol'
import type { FinalView, ShownMessage, Testimony } from './evidence.ts'
import type { Person } from './person.ts'
import { until } from './until.ts'

/** Opening loads messages and positions from the server. */
const openWithinMs = 10_000

/** Looks at an opened conversation until it is as it should be, or for as long as that may take. */
export async function takeFinalView(
  person: Person,
  view: ConversationView,
  isRight: (final: FinalView) => boolean,
): Promise<FinalView> {
  const handle = person.client.conversation(view.id)
  const close = handle.subscribe(() => undefined)
  try {
    let final = await look(person, view)
    const changed = async () => {
      final = await look(person, view)
      return !handle.getSnapshot().loading.first && isRight(final)
    }
    await until(changed, openWithinMs)
    return final
  } finally {
    close()
  }
}

async function look(person: Person, view: ConversationView): Promise<FinalView> {
  const { items, positions } = person.client.conversation(view.id).getSnapshot()
  const { conversation, unread } = person.view(view.id) ?? view
  return {
    ...(await readCache(person, view.id)),
    head: conversation.head,
    read: conversation.me.read,
    unread,
    opened: items.flatMap(item => (item.type === 'message' ? [shown(item.message)] : [])),
    positions: new Map(positions),
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

/** What the ledger says of one stream; `final` is to be added where the client shows the conversation. */
export function testify(person: Person, stream: number, refused: ReadonlySet<string>): Testimony {
  const { sendings, acknowledgements, changes, showings, marked } = person.ledger.page(stream)
  return {
    accountId: person.accountId,
    name: person.name,
    sendings: sendings.map(sending => (refused.has(sending.key) ? { ...sending, outcome: 'refused' } : sending)),
    acknowledgements,
    changes,
    showings,
    final: null,
    marked,
  }
}

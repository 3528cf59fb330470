/** What the engine does when its cache has stored something, holds something else than expected, or fails. */
import type { ConversationId } from '@recado/protocol'
import type { Cache } from '../cache/cache.ts'
import type { Change } from '../cache/changes.ts'
import { writeChanges } from '../cache/persist.ts'
import type { Restored } from '../cache/restore.ts'
import { begun, createConversationState, type Model } from './model.ts'
import { placesApart } from './outbox-storage.ts'
import type { Parts } from './parts.ts'

/**
 * Stored is what the server may be told of as delivered. And other tabs hear that entries left the outbox: one that began
 * a stream at a snapshot never sees the event that would tell it.
 */
export function noteStored({ core, mail, outbox, receipts, search }: Parts, changes: readonly Change[]): void {
  search.stored(changes)
  mail.part?.stored(changes)
  const left = changes.flatMap(emptiedBy)
  if (left.length > 0) outbox.emptied(left)
  for (const change of changes) {
    if (change.kind === 'run') change.stored?.()
    if (change.kind !== 'follow' && change.kind !== 'reset') continue
    const state = core.model.conversations.get(change.conversationId)
    if (!state) continue
    state.stored = Math.max(state.stored, change.next.cursor.sequence)
    receipts.touch(state)
  }
}

function emptiedBy(change: Change): readonly number[] {
  if (change.kind === 'sent') return change.orders
  return change.kind === 'follow' ? change.sent : []
}

/** Another tab began it again, or dropped it for a history that is gone: what is stored starts anew where this engine is. */
export function storeAnew({ core }: Parts, id: ConversationId): void {
  const state = core.model.conversations.get(id)
  if (state?.membership === 'member') core.writer.add(begun(core.model, state))
}

/** The memory that takes over from storage that failed begins with all that is known but pages of messages. */
export async function fillReplacement({ core, mail, outbox }: Parts, replacement: Cache): Promise<number> {
  await writeChanges(replacement, [...begin(core.model), ...(mail.part?.kept() ?? [])])
  const rows = [...outbox.items.all()].map(item => item.row)
  const lastPlace = Math.max(0, ...rows.map(row => row.order)) + placesApart
  await replacement.write(['outbox', 'counters'], async transaction => {
    for (const row of rows) await transaction.put('outbox', row.order, row)
    await transaction.put('counters', 'outbox', lastPlace)
  })
  return lastPlace
}

function begin(model: Model): Change[] {
  const meta = model.meta(model.mark)
  const members = [...model.conversations.values()].filter(state => state.membership === 'member')
  return [...(meta ? [{ kind: 'wipe', meta } as const] : []), ...members.map(state => begun(model, state))]
}

/** The engine begins with what the cache remembers. */
export function takeOver({ core, mail }: Parts, { meta, conversations, people, bell, mail: kept }: Restored): void {
  const { model } = core
  if (meta) {
    model.epoch = meta.epoch
    model.own = { cursor: meta.cursor, wanted: meta.cursor.sequence, ahead: new Map() }
    model.mark = meta.mark
    model.bellVersion = meta.bellVersion
    model.ready = meta.mark !== null
  }
  for (const row of conversations) model.conversations.set(row.conversation.id, createConversationState(row))
  for (const person of people) model.people.set(person.id, person)
  for (const item of bell) model.bell.set(item.id, item)
  if (kept === 'some') mail.wanted()
  core.writer.countMessages(conversations.reduce((sum, row) => sum + row.messages, 0))
}

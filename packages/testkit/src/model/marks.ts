/** Pins and saved messages: what is written under their stream's lock, and how it is read. */
import type { ConversationId } from '@recado/protocol'
import type { MarkPlace, MarkStore, MarkWrites } from '@recado/server/store/marks.ts'
import type { Call } from './accounts.ts'
import type { ModelTransaction } from './database.ts'
import { presentMessage } from './messages.ts'
import type { View } from './tables.ts'

/** The newest first, those after a place only. */
function cutPage<Row extends { readonly micros: number }>(
  rows: readonly Row[],
  numberOf: (row: Row) => number,
  { after, limit }: { readonly after: MarkPlace | null; readonly limit: number },
): Row[] {
  return rows
    .filter(
      row =>
        after === null || row.micros < after.micros || (row.micros === after.micros && numberOf(row) < after.number),
    )
    .sort((a, b) => b.micros - a.micros || numberOf(b) - numberOf(a))
    .slice(0, limit)
}

export function createMarkStore(view: View, call: Call): MarkStore {
  const getMessage = (conversationId: ConversationId, sequence: number) => {
    const row = view.get('messages', conversationId, sequence)
    if (row === undefined) throw new Error('a mark names a message that is not there')
    return row
  }
  return {
    listPins: ({ conversationId, visibleFrom, after, limit }) =>
      call(() => {
        const rows = view.find('pins', row => row.conversationId === conversationId && row.sequence >= visibleFrom)
        return cutPage(rows, row => row.sequence, { after, limit }).map(({ sequence, accountId, micros }) => {
          return { message: presentMessage(view, getMessage(conversationId, sequence)), accountId, micros }
        })
      }),
    listSaves: (accountId, after, limit) =>
      call(() => {
        const rows = view.find('saves', row => row.accountId === accountId)
        return cutPage(rows, row => row.messageId, { after, limit }).map(row => {
          const { messageId, conversationId, sequence, micros } = row
          const message = presentMessage(view, getMessage(conversationId, sequence))
          const visibleFrom = view.get('memberships', conversationId, accountId)?.visibleFrom ?? null
          return { messageId, conversationId, sequence, micros, message, visibleFrom }
        })
      }),
  }
}

export function createMarkWrites(rows: ModelTransaction, call: Call, micros: number): MarkWrites {
  return {
    findTarget: (conversationId, sequence) =>
      call(() => {
        const row = rows.get('messages', conversationId, sequence)
        return row === undefined ? null : { id: row.id, state: row.deletedMicros === null ? 'there' : 'deleted' }
      }),
    countPins: id => call(() => rows.find('pins', row => row.conversationId === id).length),
    insertPin: (conversationId, sequence, accountId) =>
      call(() => {
        if (rows.get('pins', conversationId, sequence) !== undefined) return false
        rows.insert('pins', { conversationId, sequence, accountId, micros })
        return true
      }),
    deletePin: (conversationId, sequence) =>
      call(() => {
        const row = rows.get('pins', conversationId, sequence)
        if (row !== undefined) rows.delete('pins', row)
        return row !== undefined
      }),
    countSaves: id => call(() => rows.find('saves', row => row.accountId === id).length),
    insertSave: mark =>
      call(() => {
        const { accountId, messageId, conversationId, sequence } = mark
        if (rows.get('saves', accountId, messageId) !== undefined) return false
        rows.insert('saves', { accountId, messageId, conversationId, sequence, micros })
        return true
      }),
    deleteSave: (accountId, conversationId, sequence) =>
      call(() => {
        const [row] = rows.find(
          'saves',
          saved =>
            saved.accountId === accountId && saved.conversationId === conversationId && saved.sequence === sequence,
        )
        if (row !== undefined) rows.delete('saves', row)
        return row?.messageId ?? null
      }),
  }
}

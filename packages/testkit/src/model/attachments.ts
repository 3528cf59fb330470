/** Which files hang on which message, as the append writes and reads it. */
import type { Attachment, MediaId } from '@recado/protocol'
import type { SendEntry } from '@recado/server/store/appending.ts'
import type { ModelTransaction } from './database.ts'
import type { MessageRow, StoredMedia, View } from './tables.ts'

export function requireMedia(view: View, id: MediaId): StoredMedia {
  const row = view.get('media', id)
  if (row === undefined) throw new Error('a message names a file that is not there')
  return row
}

export function attachmentOf({ media }: StoredMedia): Attachment {
  if (media.state !== 'ready' && media.state !== 'doomed')
    throw new Error('a file that is not ready has nothing to show')
  return media.attachment
}

/** Whether all of an entry's files may be written: the sender's own and ready, or those of what is forwarded. */
export function mayAttach(view: View, { attachments, actorId, forwardedFrom }: SendEntry): boolean {
  return attachments.every(({ id }) => {
    const row = view.get('media', id)
    return row?.media.state === 'ready' && (forwardedFrom !== null || row.media.accountId === actorId)
  })
}

export function attach(transaction: ModelTransaction, { conversationId, sequence, attachments }: MessageRow): void {
  for (const [index, mediaId] of attachments.entries()) {
    transaction.insert('attachments', { conversationId, sequence, place: index + 1, mediaId })
  }
}

/** Takes the files off a deleted message and has each looked at. */
export function detach(transaction: ModelTransaction, { conversationId, sequence }: MessageRow, micros: number): void {
  const rows = transaction.find(
    'attachments',
    row => row.conversationId === conversationId && row.sequence === sequence,
  )
  for (const row of rows) {
    transaction.delete('attachments', row)
    const id = transaction.database.nextNumber('mediaChecks')
    transaction.insert('mediaChecks', { id, mediaId: row.mediaId, dueMicros: micros })
  }
}

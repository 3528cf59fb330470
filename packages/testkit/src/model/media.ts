/** Files in the model: the same states, bounds and collection as the SQL (`store/sql/media.ts`, `media-writes.ts`). */
import type { AccountId, Attachment, MediaId } from '@recado/protocol'
import type {
  CollectRequest,
  ContentPort,
  Findings,
  MediaRow,
  MediaSight,
  MediaStore,
  MediaWrites,
  NewUpload,
  UploadBounds,
} from '@recado/server/store/media.ts'
import type { Call } from './accounts.ts'
import { attachmentOf } from './attachments.ts'
import type { ModelDatabase, ModelTransaction } from './database.ts'
import type { StoredMedia, View } from './tables.ts'

export function createMediaStore(database: ModelDatabase, call: Call): MediaStore {
  const get = (id: MediaId) => database.get('media', id)
  /** Changes one row in a transaction of its own; null leaves it. */
  const change = (id: MediaId, to: (row: StoredMedia) => StoredMedia | null) =>
    call(() => {
      const row = get(id)
      const next = row === undefined ? null : to(row)
      if (next === null) return false
      write(database, transaction => transaction.put('media', next))
      return true
    })
  return {
    create: (upload, bounds) => call(() => create(database, upload, bounds)),
    find: id => call(() => get(id)?.media ?? null),
    findReady: (ids, accountId) => call(() => findReady(database, ids, accountId)),
    async setReceived(id, received) {
      await change(id, row => (row.media.state === 'uploading' ? { ...row, media: { ...row.media, received } } : null))
    },
    finishUpload: id =>
      change(id, row =>
        row.media.state === 'uploading' ? { ...row, media: { ...commonOf(row.media), state: 'inspecting' } } : null,
      ),
    cancel: id => call(() => cancel(database, id)),
    listInspecting: limit => call(() => listInspecting(database, limit)),
    async refuse(id, refusal) {
      await change(id, row =>
        row.media.state === 'inspecting'
          ? { ...row, media: { ...commonOf(row.media), state: 'refused', refusal } }
          : null,
      )
    },
    accept: (id, findings, contents) => accept(database, call, { id, findings, contents }),
    findVariant: (id, variant) =>
      call(() => {
        const row = get(id)
        if (row === undefined || row.hash === null) return null
        const { name, type, bytes } = attachmentOf(row)
        if (variant === 'original') return { name, type, hash: row.hash, bytes }
        return row.preview === null ? null : { name, type: 'image/webp', ...row.preview }
      }),
    findSights: (id, reader) => call(() => findSights(database, id, reader)),
    collect: request => collect(database, call, request),
  }
}

function write(database: ModelDatabase, work: (transaction: ModelTransaction) => void): void {
  const transaction = database.begin()
  work(transaction)
  transaction.commit()
}

function commonOf({ id, accountId, name, length, createdMicros }: MediaRow) {
  return { id, accountId, name, length, createdMicros }
}

function create(database: ModelDatabase, upload: NewUpload, bounds: UploadBounds) {
  const own = database.find('media', ({ media }) => media.accountId === upload.accountId && media.state !== 'refused')
  if (own.filter(({ media }) => media.state === 'uploading').length >= bounds.unfinished) return 'too-many'
  const used = own.reduce((sum, row) => sum + bytesOf(row), 0)
  if (used + upload.length > bounds.quotaBytes) return 'quota-reached'
  const createdMicros = database.micros()
  write(database, transaction => {
    const media: MediaRow = { ...upload, createdMicros, state: 'uploading', received: 0 }
    transaction.insert('media', { media, hash: null, preview: null })
    check(transaction, upload.id, createdMicros + bounds.keptMs * 1_000)
  })
  return 'created'
}

function bytesOf(row: StoredMedia): number {
  return row.hash === null ? row.media.length : attachmentOf(row).bytes + (row.preview?.bytes ?? 0)
}

function check(transaction: ModelTransaction, mediaId: MediaId, dueMicros: number): void {
  transaction.insert('mediaChecks', { id: transaction.database.nextNumber('mediaChecks'), mediaId, dueMicros })
}

function findReady(database: ModelDatabase, ids: readonly MediaId[], accountId: AccountId): Attachment[] {
  return ids.flatMap(id => {
    const row = database.get('media', id)
    return row?.media.state === 'ready' && row.media.accountId === accountId ? [row.media.attachment] : []
  })
}

function isAttached(database: ModelDatabase, id: MediaId): boolean {
  return (
    database.find('attachments', row => row.mediaId === id).length > 0 ||
    database.find('mails', row => row.mediaIds.includes(id)).length > 0 ||
    database.find('drafts', row => row.draft?.mediaIds.includes(id) ?? false).length > 0
  )
}

/** Whether it hangs on a mail in this account's mailbox. */
function isInMailbox(view: View, id: MediaId, accountId: AccountId): boolean {
  return view
    .find('mails', mail => mail.mediaIds.includes(id))
    .some(mail => view.get('entries', accountId, mail.id) !== undefined)
}

export function createMediaWrites(rows: ModelTransaction, call: Call): MediaWrites {
  return {
    findUsable: (ids, accountId) =>
      call(() =>
        ids.filter(id => {
          const media = rows.get('media', id)?.media
          return media?.state === 'ready' && (media.accountId === accountId || isInMailbox(rows, id, accountId))
        }),
      ),
    takeUp: (ids, accountId) =>
      call(() => {
        for (const id of ids) {
          const row = rows.get('media', id)
          if (row?.media.state !== 'doomed' || row.media.accountId !== accountId) continue
          rows.put('media', { ...row, media: { ...row.media, state: 'ready' } })
        }
      }),
  }
}

function cancel(database: ModelDatabase, id: MediaId): boolean {
  const row = database.get('media', id)
  if (row === undefined || row.media.state === 'doomed') return false
  if (row.media.state === 'uploading' || row.media.state === 'refused') {
    write(database, transaction => transaction.delete('media', row))
    return true
  }
  if (isAttached(database, id)) return false
  write(database, transaction => check(transaction, id, 0))
  return true
}

function listInspecting(database: ModelDatabase, limit: number): MediaId[] {
  return database
    .find('media', ({ media }) => media.state === 'inspecting')
    .sort((a, b) => a.media.createdMicros - b.media.createdMicros)
    .slice(0, limit)
    .map(({ media }) => media.id)
}

async function accept(
  database: ModelDatabase,
  call: Call,
  { id, findings, contents }: { id: MediaId; findings: Findings; contents: ContentPort },
): Promise<'accepted' | 'content-missing' | 'gone'> {
  const { original, image, type } = findings
  const hashes = image === null ? [original.hash] : [original.hash, image.preview.hash]
  for (const hash of hashes) if (!(await contents.isStored(hash))) return 'content-missing'
  const isAccepted = await call(() => {
    const row = database.get('media', id)
    if (row?.media.state !== 'inspecting') return false
    const { name } = row.media
    const { width = null, height = null, placeholder = null } = image ?? {}
    const attachment = { id, name, type, bytes: original.bytes, width, height, placeholder }
    const media: MediaRow = { ...commonOf(row.media), state: 'ready', attachment }
    write(database, transaction =>
      transaction.put('media', { media, hash: original.hash, preview: image?.preview ?? null }),
    )
    return true
  })
  if (isAccepted) return 'accepted'
  for (const hash of hashes) await release(database, hash, contents)
  return 'gone'
}

function findSights(database: ModelDatabase, id: MediaId, reader: AccountId): MediaSight[] {
  const [message] = database
    .find('attachments', row => row.mediaId === id)
    .flatMap(({ conversationId, sequence }) => {
      const member = database.get('memberships', conversationId, reader)
      return member === undefined ? [] : [{ by: 'message' as const, sequence, visibleFrom: member.visibleFrom }]
    })
    .sort((a, b) => b.sequence - b.visibleFrom - (a.sequence - a.visibleFrom))
  const drafts = database.find('drafts', row => row.accountId === reader && (row.draft?.mediaIds.includes(id) ?? false))
  return [
    ...(message === undefined ? [] : [message]),
    ...(isInMailbox(database, id, reader) ? [{ by: 'mail' as const }] : []),
    ...(drafts.length > 0 ? [{ by: 'draft' as const }] : []),
  ]
}

async function collect(
  database: ModelDatabase,
  call: Call,
  { nowMicros, doomedMs, contents }: CollectRequest,
): Promise<boolean> {
  const gone = await call(() => {
    const [due] = database
      .find('mediaChecks', row => row.dueMicros <= nowMicros)
      .sort((a, b) => a.dueMicros - b.dueMicros || a.id - b.id)
    if (due === undefined) return null
    const row = database.get('media', due.mediaId)
    let removed: StoredMedia | null = null
    write(database, transaction => {
      transaction.delete('mediaChecks', due)
      if (row === undefined) return
      const { media } = row
      if (isAttached(database, media.id)) {
        if (media.state === 'doomed') transaction.put('media', { ...row, media: { ...media, state: 'ready' } })
      } else if (media.state === 'ready') {
        transaction.put('media', { ...row, media: { ...media, state: 'doomed' } })
        check(transaction, media.id, nowMicros + doomedMs * 1_000)
      } else {
        transaction.delete('media', row)
        removed = row
      }
    })
    return { removed: removed as StoredMedia | null }
  })
  if (gone === null) return false
  for (const hash of [gone.removed?.hash, gone.removed?.preview?.hash]) {
    if (hash != null) await release(database, hash, contents)
  }
  return true
}

async function release(database: ModelDatabase, hash: string, contents: Pick<ContentPort, 'remove'>): Promise<void> {
  const others = database.find('media', row => row.hash === hash || row.preview?.hash === hash)
  if (others.length === 0) await contents.remove(hash)
}

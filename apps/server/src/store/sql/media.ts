import type { AccountId, Attachment, MediaId, MediaRefusal } from '@recado/protocol'
import type { ClientBase, Pool } from 'pg'
import type { MediaRow, MediaSight, MediaStore, MediaWrites, StoredVariant } from '../media.ts'
import { acceptMedia, cancelMedia, collectMedia, createUpload } from './media-writes.ts'

/** A file `f` as it hangs on a message. */
export const attachmentJson = `json_build_object('id', f.id, 'name', f.name, 'type', f.type, 'bytes', f.bytes,
  'width', f.width, 'height', f.height, 'placeholder', f.placeholder)`

export function createMediaStore(pool: Pool): MediaStore {
  return {
    create: (upload, bounds) => createUpload(pool, upload, bounds),
    find: id => findMedia(pool, id),
    findReady: (ids, accountId) => findReady(pool, ids, accountId),
    async setReceived(id, received) {
      await pool.query(`update media set received = $2 where id = $1 and state = 'uploading'`, [id, received])
    },
    async finishUpload(id) {
      const { rowCount } = await pool.query(
        `update media set state = 'inspecting', received = length where id = $1 and state = 'uploading'`,
        [id],
      )
      return rowCount === 1
    },
    cancel: id => cancelMedia(pool, id),
    async listInspecting(limit) {
      const { rows } = await pool.query<{ id: MediaId }>(
        `select id from media where state = 'inspecting' order by created_micros, id limit $1`,
        [limit],
      )
      return rows.map(row => row.id)
    },
    async refuse(id, refusal) {
      await pool.query(`update media set state = 'refused', refusal = $2 where id = $1 and state = 'inspecting'`, [
        id,
        refusal,
      ])
    },
    accept: (id, findings, contents) => acceptMedia(pool, { id, findings, contents }),
    findVariant: (id, variant) => findVariant(pool, id, variant),
    findSights: (id, reader) => findSights(pool, id, reader),
    collect: request => collectMedia(pool, request),
  }
}

interface MediaColumns {
  readonly id: MediaId
  readonly accountId: AccountId
  readonly name: string
  readonly length: number
  readonly createdMicros: number
  readonly state: MediaRow['state']
  readonly received: number
  readonly refusal: MediaRefusal | null
  readonly attachment: Attachment
}

async function findMedia(pool: Pool, id: MediaId): Promise<MediaRow | null> {
  const { rows } = await pool.query<MediaColumns>({
    name: 'find_media',
    text: `select f.id, f.account_id as "accountId", f.name, f.length, f.created_micros as "createdMicros", f.state,
                  f.received, f.refusal, ${attachmentJson} as attachment from media f where f.id = $1`,
    values: [id],
  })
  return rows[0] === undefined ? null : parseMedia(rows[0])
}

function parseMedia({ state, received, refusal, attachment, ...common }: MediaColumns): MediaRow {
  switch (state) {
    case 'uploading':
      return { ...common, state, received }
    case 'inspecting':
      return { ...common, state }
    case 'refused':
      return { ...common, state, refusal: refusal ?? 'unreadable-image' }
    case 'ready':
    case 'doomed':
      return { ...common, state, attachment }
  }
}

async function findSights(pool: Pool, id: MediaId, reader: AccountId): Promise<readonly MediaSight[]> {
  const { rows } = await pool.query<MediaSight>({
    name: 'find_media_sights',
    text: `(select 'message' as by, a.sequence, m.visible_from as "visibleFrom"
              from attachments a join memberships m on m.conversation_id = a.conversation_id and m.account_id = $2
             where a.media_id = $1 order by a.sequence - m.visible_from desc limit 1)
           union all
           (select 'mail', null, null
              from mail_attachments a join mailbox_entries e on e.mail_id = a.mail_id and e.account_id = $2
             where a.media_id = $1 limit 1)
           union all
           (select 'draft', null, null from draft_attachments a where a.media_id = $1 and a.account_id = $2 limit 1)`,
    values: [id, reader],
  })
  return rows
}

export function createMediaWrites(client: ClientBase): MediaWrites {
  return {
    async findUsable(ids, accountId) {
      const { rows } = await client.query<{ id: MediaId }>({
        name: 'find_usable_media',
        text: `select f.id from media f where f.id = any($1) and f.state = 'ready' and (f.account_id = $2 or exists (
                 select from mail_attachments a join mailbox_entries e on e.mail_id = a.mail_id and e.account_id = $2
                  where a.media_id = f.id))`,
        values: [ids, accountId],
      })
      return rows.map(row => row.id)
    },
    async takeUp(ids, accountId) {
      // Under the lock of its row, on which the collector waits, or which it has removed by then.
      await client.query({
        name: 'take_up_media',
        text: `update media set state = 'ready' where id = any($1) and account_id = $2 and state = 'doomed'`,
        values: [ids, accountId],
      })
    },
  }
}

async function findReady(pool: Pool, ids: readonly MediaId[], accountId: AccountId): Promise<readonly Attachment[]> {
  const { rows } = await pool.query<{ attachment: Attachment }>({
    name: 'find_ready_media',
    text: `select ${attachmentJson} as attachment
             from unnest($1::text[]) with ordinality as asked(id, place) join media f on f.id = asked.id
            where f.account_id = $2 and f.state = 'ready' order by asked.place`,
    values: [ids, accountId],
  })
  return rows.map(row => row.attachment)
}

async function findVariant(pool: Pool, id: MediaId, variant: 'original' | 'preview'): Promise<StoredVariant | null> {
  const columns =
    variant === 'original' ? 'hash, bytes, type' : `preview_hash as hash, preview_bytes as bytes, 'image/webp' as type`
  const there = variant === 'original' ? 'hash' : 'preview_hash'
  const { rows } = await pool.query<StoredVariant>({
    name: `find_media_${variant}`,
    text: `select ${columns}, name from media
            where id = $1 and state in ('ready', 'doomed') and ${there} is not null`,
    values: [id],
  })
  return rows[0] ?? null
}

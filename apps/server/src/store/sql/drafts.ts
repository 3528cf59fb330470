import type { AccountId, Attachment, DraftHeader, DraftRecipient, MailId, MediaId } from '@recado/protocol'
import type { ClientBase, Pool } from 'pg'
import { type DraftRow, type DraftState, type DraftStore, type DraftWrites, presentDraftHeader } from '../drafts.ts'
import { attachmentJson } from './media.ts'

/** Of a draft `d`. */
const columns = `d.draft_id as "draftId", d.version, d.recipients, d.subject, d.html, d.preview, d.in_reply_to as "inReplyTo",
  d.forward_of as "forwardOf", d.updated_micros as "updatedMicros",
  (select json_agg(${attachmentJson} order by a.place) from draft_attachments a join media f on f.id = a.media_id
    where a.account_id = d.account_id and a.draft_id = d.draft_id) as attachments`

const prunedAtOnce = 1_000

interface Columns {
  readonly draftId: string
  readonly version: number
  readonly recipients: Record<'to' | 'cc' | 'bcc', DraftRecipient[]>
  readonly subject: string
  readonly html: string
  readonly preview: string
  readonly inReplyTo: MailId | null
  readonly forwardOf: MailId | null
  readonly updatedMicros: number
  readonly attachments: Attachment[] | null
}

function parseDraft({ recipients, attachments, ...row }: Columns): DraftRow {
  return { ...row, ...recipients, attachments: attachments ?? [] }
}

export function createDraftStore(pool: Pool): DraftStore {
  return {
    async find(accountId, draftId) {
      const { rows } = await pool.query<Columns>({
        name: 'find_draft',
        text: `select ${columns} from drafts d where d.account_id = $1 and d.draft_id = $2 and not d.deleted`,
        values: [accountId, draftId],
      })
      return rows[0] === undefined ? null : parseDraft(rows[0])
    },
    async list(accountId, below, limit) {
      const { rows } = await pool.query<Columns>({
        name: 'list_drafts',
        text: `select ${columns} from drafts d where d.account_id = $1 and not d.deleted and d.version < $2
                order by d.version desc limit $3`,
        values: [accountId, below, limit],
      })
      return rows.map(parseDraft)
    },
    async prune(beforeMicros) {
      // One that is taken up or removed anew meanwhile is newer by then.
      const { rowCount } = await pool.query(
        `delete from drafts d using (
           select account_id, draft_id from drafts where deleted and updated_micros < $1
            order by updated_micros limit $2) old
          where d.account_id = old.account_id and d.draft_id = old.draft_id and d.deleted and d.updated_micros < $1`,
        [beforeMicros, prunedAtOnce],
      )
      return rowCount ?? 0
    },
  }
}

/** What events say of drafts, by their numbers: the draft, or null for one that is gone; nothing of one that was pruned. */
export async function readDraftsOfEvents(
  pool: Pool,
  accountId: AccountId,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, { readonly draftId: string; readonly draft: DraftHeader | null }>> {
  const { rows } = await pool.query<Columns & { number: number; deleted: boolean }>({
    name: 'read_drafts_of_events',
    text: `select d.number, d.deleted, ${columns} from drafts d where d.account_id = $1 and d.number = any($2)`,
    values: [accountId, numbers],
  })
  return new Map(
    rows.map(row => [
      row.number,
      { draftId: row.draftId, draft: row.deleted ? null : presentDraftHeader(parseDraft(row)) },
    ]),
  )
}

export function createDraftWrites(client: ClientBase, micros: () => number): DraftWrites {
  return {
    async find(accountId, draftId) {
      const { rows } = await client.query<DraftState>({
        name: 'draft_state',
        text: `select case when deleted then 'gone' else 'kept' end as state, number, version, fingerprint, html
                 from drafts where account_id = $1 and draft_id = $2`,
        values: [accountId, draftId],
      })
      const [row] = rows
      return row?.state === 'gone' ? { state: 'gone' } : (row ?? null)
    },
    async count(accountId) {
      const { rows } = await client.query<{ count: number }>(
        'select count(*) as count from drafts where account_id = $1 and not deleted',
        [accountId],
      )
      return rows[0]?.count ?? 0
    },
    async put({ accountId, draftId, mediaIds, number, version, fingerprint, to, cc, bcc, ...content }) {
      await client.query({
        name: 'draft_put',
        text: `insert into drafts (account_id, draft_id, number, version, fingerprint, recipients, subject, html, preview,
                                   in_reply_to, forward_of, updated_micros)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
               on conflict (account_id, draft_id) do update set version = excluded.version,
                 fingerprint = excluded.fingerprint, recipients = excluded.recipients, subject = excluded.subject,
                 html = excluded.html, preview = excluded.preview, in_reply_to = excluded.in_reply_to,
                 forward_of = excluded.forward_of, updated_micros = excluded.updated_micros`,
        values: [
          accountId,
          draftId,
          number,
          version,
          fingerprint,
          JSON.stringify({ to, cc, bcc }),
          content.subject,
          content.html,
          content.preview,
          content.inReplyTo,
          content.forwardOf,
          micros(),
        ],
      })
      await putFiles(client, { accountId, draftId, mediaIds, micros: micros() })
    },
    async remove(accountId, draftId) {
      await client.query({
        name: 'draft_remove',
        text: `insert into drafts (account_id, draft_id, deleted, updated_micros) values ($1, $2, true, $3)
               on conflict (account_id, draft_id) do update set deleted = true, fingerprint = null, recipients = null,
                 subject = null, html = null, preview = null, in_reply_to = null, forward_of = null,
                 updated_micros = excluded.updated_micros`,
        values: [accountId, draftId, micros()],
      })
      await putFiles(client, { accountId, draftId, mediaIds: [], micros: micros() })
    },
  }
}

interface DraftFiles {
  readonly accountId: AccountId
  readonly draftId: string
  readonly mediaIds: readonly MediaId[]
  readonly micros: number
}

async function putFiles(client: ClientBase, { accountId, draftId, mediaIds, micros }: DraftFiles): Promise<void> {
  await client.query({
    name: 'draft_put_files',
    text: `with gone as (
             delete from draft_attachments where account_id = $1 and draft_id = $2 returning media_id)
           insert into media_checks (media_id, due_micros) select media_id, $4 from gone where media_id <> all($3)`,
    values: [accountId, draftId, mediaIds, micros],
  })
  if (mediaIds.length === 0) return
  await client.query({
    name: 'draft_place_files',
    text: `insert into draft_attachments (account_id, draft_id, place, media_id)
           select $1, $2, f.place, f.media_id from unnest($3::text[]) with ordinality as f(media_id, place)`,
    values: [accountId, draftId, mediaIds],
  })
}

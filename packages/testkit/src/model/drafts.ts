/** Drafts of the model: the same rows and tombstones as the SQL (`store/sql/drafts.ts`). */
import type { AccountId, EventData, MediaId } from '@recado/protocol'
import { type DraftRow, type DraftStore, type DraftWrites, presentDraftHeader } from '@recado/server/store/drafts.ts'
import type { Call } from './accounts.ts'
import { attachmentOf, requireMedia } from './attachments.ts'
import type { ModelDatabase, ModelTransaction } from './database.ts'
import type { StoredDraft, View } from './tables.ts'

export function createDraftStore(database: ModelDatabase, call: Call): DraftStore {
  return {
    find: (accountId, draftId) =>
      call(() => {
        const draft = database.get('drafts', accountId, draftId)?.draft
        return draft ? viewOf(database, draft) : null
      }),
    list: (accountId, below, limit) =>
      call(() =>
        keptOf(database, accountId)
          .filter(draft => draft.version < below)
          .sort((a, b) => b.version - a.version)
          .slice(0, limit)
          .map(draft => viewOf(database, draft)),
      ),
    prune: beforeMicros =>
      call(() => {
        const old = database.find('drafts', row => row.draft === null && row.goneMicros < beforeMicros)
        const transaction = database.begin()
        for (const row of old) transaction.delete('drafts', row)
        transaction.commit()
        return old.length
      }),
  }
}

type Kept = NonNullable<StoredDraft['draft']>

function viewOf(view: View, draft: Kept): DraftRow {
  return { ...draft, attachments: draft.mediaIds.map(id => attachmentOf(requireMedia(view, id))) }
}

interface Release {
  readonly accountId: AccountId
  readonly draftId: string
  readonly except: readonly MediaId[]
  readonly micros: number
}

/** Has each file looked at that the draft names no more. */
function release(rows: ModelTransaction, { accountId, draftId, except, micros }: Release): void {
  const before = rows.get('drafts', accountId, draftId)?.draft?.mediaIds ?? []
  for (const mediaId of before.filter(id => !except.includes(id))) {
    rows.insert('mediaChecks', { id: rows.database.nextNumber('mediaChecks'), mediaId, dueMicros: micros })
  }
}

function keptOf(view: View, accountId: AccountId) {
  return view.find('drafts', row => row.accountId === accountId).flatMap(({ draft }) => (draft === null ? [] : [draft]))
}

export function createDraftWrites(rows: ModelTransaction, call: Call, micros: number): DraftWrites {
  return {
    find: (accountId, draftId) =>
      call(() => {
        const row = rows.get('drafts', accountId, draftId)
        if (row === undefined) return null
        if (row.draft === null || row.number === null) return { state: 'gone' }
        const { version, fingerprint, html } = row.draft
        return { state: 'kept', number: row.number, version, fingerprint, html }
      }),
    count: accountId => call(() => keptOf(rows, accountId).length),
    put: ({ accountId, number, ...draft }) =>
      call(() => {
        const { draftId } = draft
        release(rows, { accountId, draftId, except: draft.mediaIds, micros })
        rows.put('drafts', { accountId, draftId, number, draft: { ...draft, updatedMicros: micros }, goneMicros: 0 })
      }),
    remove: (accountId, draftId) =>
      call(() => {
        release(rows, { accountId, draftId, except: [], micros })
        const number = rows.get('drafts', accountId, draftId)?.number ?? null
        rows.put('drafts', { accountId, draftId, number, draft: null, goneMicros: micros })
      }),
  }
}

/** What an event of this account's own stream says of the draft that it names; undefined for one that was pruned. */
export function presentDraftChange(
  view: View,
  accountId: AccountId,
  number: number,
): EventData['draft.changed'] | undefined {
  const [row] = view.find('drafts', found => found.accountId === accountId && found.number === number)
  return row && { draftId: row.draftId, draft: row.draft === null ? null : presentDraftHeader(viewOf(view, row.draft)) }
}

/**
 * Drafts: safe on this device at once, on the server soon, the same on all devices. Each save says upon which version it was
 * written; where another device wrote meanwhile, both are put together if they can be, else the other text becomes a draft
 * of its own. So no word is lost, whoever saves last.
 */
import type { DraftHeader } from '@recado/protocol'
import type { CachedDraft } from '../cache/rows.ts'
import { type MailContext, priorities, pull } from './context.ts'
import { Draft } from './draft.ts'
import { isLocal } from './draft-files.ts'
import { isSent, joinRemembered, type SentDraft } from './draft-row.ts'
import { DraftUploads } from './draft-uploads.ts'
import type { LeftDraft } from './left-draft.ts'
import type { DraftContent, DraftView, MailInput } from './mail-api.ts'
import type { DraftSource, PendingMails } from './pending-mails.ts'
import { placeIn } from './places.ts'

export class Drafts {
  readonly #context: MailContext
  readonly #pending: PendingMails
  readonly #drafts = new Map<string, Draft>()
  readonly #uploads: DraftUploads
  /** Whether the server was asked which there are, on this connection. */
  #listed: 'yes' | 'no' = 'no'
  /** As they were where all tabs look when this one began to keep them in its memory; null while it does not. */
  #former: ReadonlyMap<string, CachedDraft | null> | null = null

  constructor(context: MailContext, pending: PendingMails) {
    this.#context = context
    this.#pending = pending
    this.#uploads = new DraftUploads(context, () => this.#drafts.values())
  }

  draft(id: string): Draft {
    const known = this.#drafts.get(id)
    if (known) return known
    const draft: Draft = new Draft(this.#context, id, {
      isSending: () => this.#pending.isSending(id),
      uploaded: fileId => this.#uploads.uploadedOf(draft, fileId),
      changed: () => this.#uploads.look(),
      isListed: () => this.#listed === 'yes',
      place: () => this.#place(),
      copyOf: content => this.#copyOf(content),
      copied: row => this.#copied(row),
    })
    this.#drafts.set(id, draft)
    return draft
  }

  views(): DraftView[] {
    const views: DraftView[] = []
    for (const [id, draft] of this.#drafts) {
      const view = this.#pending.isSending(id) ? null : draft.view()
      if (view) views.push(view)
    }
    return views.sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))
  }

  rows(): CachedDraft[] {
    return [...this.#drafts.values()].flatMap(draft => draft.row ?? [])
  }

  /** Storage was given up: what is written from now on is in the memory of this tab. */
  leaveStorage(): void {
    this.#former ??= new Map([...this.#drafts].map(([id, draft]) => [id, draft.seen]))
  }

  /** What this tab knows as its sign-in ends; `own` where no other tab ever saw what it stored. */
  left(storage: 'shared' | 'own', drafts: Iterable<Draft> = this.#drafts.values()): LeftDraft[] {
    const seenOf = ({ id, seen }: Draft) => {
      if (storage === 'own') return null
      return this.#former ? (this.#former.get(id) ?? null) : seen
    }
    return [...drafts].map(draft => draft.left(seenOf(draft)))
  }

  /** What was kept of an earlier sign-in may be there twice. */
  load(rows: readonly CachedDraft[]): void {
    for (const row of this.#eachOnce(rows).values()) this.draft(row.id).load(row)
  }

  #eachOnce(rows: readonly CachedDraft[]): Map<string, CachedDraft> {
    const first = new Map<string, CachedDraft>()
    for (const row of rows) {
      const known = first.get(row.id)
      first.set(row.id, known ? this.#unite(known, row) : row)
    }
    return first
  }

  #unite(one: CachedDraft, other: CachedDraft): CachedDraft {
    const joined = joinRemembered(one, other)
    const row = { ...(joined.row ?? one), order: one.order }
    const copy = joined.copy ? this.#copyOf(joined.copy) : null
    this.#context.core.writer.add({
      kind: 'run',
      work: async rows => {
        await rows.delete('drafts', other.order)
        for (const next of copy ? [row, copy] : [row]) await rows.put('drafts', next.order, next)
      },
      stored: () => {
        if (copy) this.#copied(copy)
        this.#context.sharedChanged()
      },
    })
    return row
  }

  #place(): number {
    const places = this.rows().map(row => row.order)
    return placeIn(places, this.#context.core)
  }

  #copyOf(content: DraftContent): CachedDraft {
    const { clock, random } = this.#context.core
    const updatedAt = new Date(clock.now()).toISOString()
    const base = { version: 0, content: null }
    return { order: this.#place(), id: random.id(), content, base, state: 'kept', updatedAt }
  }

  #copied(row: CachedDraft): void {
    this.draft(row.id).load(row)
    this.draft(row.id).connected()
  }

  /** Another tab changed what is stored. */
  reload(rows: readonly CachedDraft[]): void {
    const stored = this.#eachOnce(rows)
    for (const [id, draft] of this.#drafts) draft.reload(stored.get(id) ?? null)
    for (const [id, row] of stored) if (!this.#drafts.has(id)) this.draft(id).reload(row)
    // It may be this tab's turn now.
    this.#uploads.look()
  }

  /** An event about a draft: as of now, or gone. */
  heard(id: string, header: DraftHeader | null): void {
    if (header || this.#drafts.has(id)) this.draft(id).heard(header?.version ?? null)
  }

  /** What a mail takes along of the draft that it was. */
  sourceOf(id: string, { body, attachments = [] }: MailInput): DraftSource {
    const row = this.#drafts.get(id)?.row
    const html = 'html' in body ? body.html : undefined
    const files = attachments.flatMap(file => (isLocal(file) ? file.id : []))
    return {
      version: row && isSent(row, { html, files }) ? row.base.version : 0,
      uploadOf: fileId => row?.uploads?.[fileId]?.mediaId ?? null,
    }
  }

  /** Its mail is on the server. */
  sent(id: string, mail: SentDraft): void {
    this.#drafts.get(id)?.sent(mail)
  }

  /** A mail that was refused or taken back is a draft again. */
  outboxChanged(): void {
    for (const draft of this.#drafts.values()) draft.outboxChanged()
  }

  connected(): void {
    for (const draft of this.#drafts.values()) draft.connected()
    this.#uploads.look()
    this.#list()
  }

  disconnected(): void {
    this.#listed = 'no'
    for (const draft of this.#drafts.values()) draft.disconnected()
    this.#uploads.look()
  }

  /** Which there are, and which are no more: those that are missing are asked for by name, for they may be newer than the list. */
  #list(): void {
    let next: string | null = null
    const missing = new Set([...this.#drafts.values()].filter(draft => draft.isOnServer).map(draft => draft.id))
    pull(this.#context, 'draft.list', {
      name: 'drafts',
      priority: priorities.counted,
      data: () => (next === null ? {} : { next }),
      settle: outcome => {
        if (!('result' in outcome)) return 'done'
        for (const header of outcome.result.items) {
          missing.delete(header.id)
          this.draft(header.id).heard(header.version)
        }
        next = outcome.result.next
        if (next !== null) return 'again'
        for (const id of missing) this.draft(id).fetch()
        this.#listed = 'yes'
        for (const draft of this.#drafts.values()) draft.changed()
        return 'done'
      },
    })
  }
}

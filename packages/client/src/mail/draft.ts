/** One draft as a tab shows it, saved on the server while somebody writes. What of it all tabs share is its row (`stored-draft.ts`). */
import type { FieldError, MediaId, Problem } from '@recado/protocol'
import type { CachedDraft } from '../cache/rows.ts'
import type { Cancel } from '../ports.ts'
import { type MailContext, priorities, pull } from './context.ts'
import { localFiles, missing } from './draft-files.ts'
import { asked, confirmed, deleted, lost, met, type SentDraft, type Step, sent, writeUpon } from './draft-row.ts'
import { previewOf, toWire } from './draft-wire.ts'
import { Listeners } from './hub.ts'
import type { LeftDraft } from './left-draft.ts'
import type {
  DraftContent,
  DraftHandle,
  DraftSnapshot,
  DraftState,
  DraftUpload,
  DraftView,
  LocalAttachment,
} from './mail-api.ts'
import { isSameDraft } from './merge-drafts.ts'
import { StoredDraft } from './stored-draft.ts'

/** After the last letter, and at the latest after the first: how long the server's copy may be behind. */
const saveAfterMs = 1_500
const saveWithinMs = 10_000
/** What another tab wrote is its to save, unless it has died. */
const takeOverMs = 20_000
export interface DraftOwner {
  /** Its mail waits to be sent: then it is not saved any more. */
  isSending(): boolean
  /** How many bytes of one of its files the server has. */
  uploaded(fileId: string): number
  /** Something of it looks different. */
  changed(): void
  /** Whether all drafts of the server are known. */
  isListed(): boolean
  place(): number
  /** The row of a further draft with this content. */
  copyOf(content: DraftContent): CachedDraft
  /** That row is stored. */
  copied(row: CachedDraft): void
}

export class Draft implements DraftHandle {
  readonly id: string
  readonly #context: MailContext
  readonly #owner: DraftOwner
  readonly #listeners: Listeners
  readonly #stored: StoredDraft
  #copyId: string | null = null
  /** Who wrote what is not saved. */
  #writer: 'here' | 'elsewhere' = 'elsewhere'
  #asking: 'no' | 'storing' | 'asked' = 'no'
  /** The newest version that was heard of. */
  #heard = 0
  /** The server does not take it as it is; another content may do. */
  #refused: DraftContent | null = null
  #saveTimer: Cancel | null = null
  #dirtySince = 0
  #snapshot: DraftSnapshot | null = null

  constructor(context: MailContext, id: string, owner: DraftOwner) {
    this.#context = context
    this.id = id
    this.#owner = owner
    this.#listeners = new Listeners(context.hub)
    this.#stored = new StoredDraft({
      context,
      id,
      copyOf: content => owner.copyOf(content),
      copied: row => {
        this.#copyId = row.id
        owner.copied(row)
      },
      applied: row => {
        this.#settle()
        if (row) this.#catchUp()
        this.changed()
      },
    })
  }

  get row(): CachedDraft | null {
    return this.#stored.row
  }

  get seen(): CachedDraft | null {
    return this.#stored.seen
  }

  get isOnServer(): boolean {
    return this.row !== null && this.row.base.version > 0
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener)

  readonly getSnapshot = (): DraftSnapshot => {
    this.#snapshot ??= {
      ...{ content: this.#content(), state: this.#state(), copyId: this.#copyId },
      uploads: this.#uploads(),
    }
    return this.#snapshot
  }

  get isSending(): boolean {
    return this.#owner.isSending()
  }

  /** Those that only this device has, but for what the server refused. */
  filesToUpload(): readonly LocalAttachment[] {
    const content = this.#content()
    return content ? localFiles(content).filter(({ id }) => !this.row?.uploads?.[id]?.problem) : []
  }

  /** Something happened to one of its files, by this tab's doing. */
  step(step: Step, then?: () => void): void {
    this.#writer = 'here'
    this.#stored.store(step, then)
  }

  view(): DraftView | null {
    const row = this.row
    const content = this.#content()
    if (!row || !content) return null
    const { to, cc, bcc, subject, html, inReplyTo, forwardOf, attachments } = content
    return {
      ...{ id: this.id, to, cc, bcc, subject, inReplyTo, forwardOf },
      preview: previewOf(html),
      attachmentCount: attachments.length,
      updatedAt: row.updatedAt,
      state: this.#state(),
    }
  }

  save(written: DraftContent, upon?: DraftContent | null): void {
    const row = this.row
    const shown = this.#content()
    const { content, copy } = writeUpon({ upon: upon ?? shown, written, shown })
    if (copy) this.#copyId = this.#stored.keepApart(copy).id
    if (row && shown && isSameDraft(shown, content)) return
    const updatedAt = new Date(this.#context.core.clock.now()).toISOString()
    const { order, base } = row ?? { order: this.#owner.place(), base: { version: 0, content: null } }
    const { asked = [], uploads = {} } = row ?? {}
    this.#writer = 'here'
    this.#stored.write({ order, id: this.id, base, asked, uploads, content, state: 'kept', updatedAt })
    this.#saveSoon()
    this.changed()
    this.#context.typedLate(this)
  }

  async discard(): Promise<void> {
    const { core } = this.#context
    if (!this.row) return
    this.#stored.write({ ...this.row, state: 'discarded' })
    this.#cancelSaving()
    this.changed()
    await core.guard(core.writer.flushed())
    this.#delete()
  }

  /** What this tab knows of it as its sign-in ends; `seen` was last there where all tabs look. */
  left(seen: CachedDraft | null): LeftDraft {
    return this.#stored.left(seen)
  }

  /** As it was stored at the start. */
  load(row: CachedDraft): void {
    if (!this.#stored.load(row)) return
    this.#writer = 'here'
    this.changed()
  }

  /** Another tab changed it, or storage was read before this one did: what is there now counts. */
  reload(row: CachedDraft | null): void {
    this.#stored.reload(row)
  }

  /** The server has this version of it; null if it was sent or discarded. */
  heard(version: number | null): void {
    if (version === null) {
      if (this.#asking !== 'asked') this.#lost()
      return
    }
    this.#heard = Math.max(this.#heard, version)
    this.#catchUp()
  }

  /** Its mail is on the server, with this text. */
  sent(mail: SentDraft): void {
    this.#cancelSaving()
    this.#stored.store(sent(mail), row => {
      if (row?.state === 'discarded') this.#delete()
    })
  }

  outboxChanged(): void {
    this.#settle()
    this.changed()
  }

  connected(): void {
    this.#settle()
    if (this.row?.state === 'discarded') this.#delete()
    this.changed()
  }

  disconnected(): void {
    this.#asking = 'no'
    this.#cancelSaving()
    this.changed()
  }

  changed(): void {
    this.#snapshot = null
    this.#listeners.changed()
    this.#context.changed()
    this.#owner.changed()
  }

  /** Reads it, and puts it together with what was written here. */
  fetch(): void {
    pull(this.#context, 'draft.get', {
      name: `draft:${this.id}`,
      priority: priorities.counted,
      data: () => ({ draftId: this.id }),
      settle: outcome => {
        if ('result' in outcome) {
          this.#stored.store(met(outcome.result, this.#owner.place()), () => {
            if (this.row?.state === 'discarded') this.#delete()
          })
        } else if (outcome.problem.code === 'not-found') this.#lost()
        return 'done'
      },
    })
  }

  #content(): DraftContent | null {
    return this.row && this.row.state !== 'discarded' ? this.row.content : null
  }

  #state(): DraftState {
    if (this.#stored.isGone || this.row?.state === 'discarded') return 'gone'
    if (!this.row) return this.#owner.isListed() ? 'gone' : 'loading'
    const isUnderWay = this.#context.core.online() && this.#refused !== this.row.content
    if (this.row.state === 'kept') return isUnderWay ? 'saving' : 'kept'
    if (localFiles(this.row.content).length === 0) return 'saved'
    return isUnderWay && this.filesToUpload().length > 0 ? 'saving' : 'kept'
  }

  #uploads(): readonly DraftUpload[] {
    const content = this.#content()
    if (!content) return []
    return localFiles(content).map(({ id }) => {
      const problem = this.row?.uploads?.[id]?.problem ?? null
      return { id, uploaded: this.#owner.uploaded(id), problem }
    })
  }

  /** What is not saved will be; what is saved needs no more. */
  #settle(): void {
    if (this.row?.state === 'kept') {
      if (!this.#saveTimer && this.#asking === 'no' && this.#refused !== this.row.content) this.#saveSoon()
      return
    }
    this.#writer = 'elsewhere'
    this.#cancelSaving()
  }

  #saveSoon(): void {
    const { clock, online } = this.#context.core
    if (!online() || this.#owner.isSending()) return
    const now = clock.now()
    if (!this.#saveTimer) this.#dirtySince = now
    this.#saveTimer?.()
    const soonMs = Math.min(saveAfterMs, Math.max(0, this.#dirtySince + saveWithinMs - now))
    this.#saveTimer = clock.setTimer(this.#writer === 'here' ? soonMs : takeOverMs, () => {
      this.#saveTimer = null
      if (this.#asking === 'no') this.#asking = 'storing'
      this.#stored.store(asked, row => this.#ask(row))
    })
  }

  /** As it was noted: what was not would pass for another device's. */
  #ask(row: CachedDraft | null): void {
    if (this.#asking === 'storing') this.#asking = 'no'
    pull(this.#context, 'draft.save', {
      name: `draft:${this.id}:save`,
      priority: priorities.wished,
      data: () => {
        if (row?.state !== 'kept' || this.row?.state !== 'kept' || this.#owner.isSending()) return null
        this.#asking = 'asked'
        return { draftId: this.id, base: row.base.version, ...toWire(row.content) }
      },
      settle: outcome => {
        this.#asking = 'no'
        if ('result' in outcome && row) this.#stored.store(confirmed(row.content, outcome.result.version))
        else if ('problem' in outcome && outcome.problem.retry === 'never') this.#notSaved(outcome.problem, row)
        return 'done'
      },
    })
  }

  #notSaved({ code, errors = [] }: Problem, row: CachedDraft | null): void {
    const lacking = code === 'attachment-unavailable' && row ? filesNamed(row.content, errors) : new Set<MediaId>()
    if (code === 'draft-changed') this.fetch()
    else if (code === 'draft-gone') this.#lost()
    else if (lacking.size > 0) this.#stored.store(missing(lacking))
    else this.#refused = row && this.row && isSameDraft(row.content, this.row.content) ? this.row.content : null
    this.changed()
  }

  #lost(): void {
    if (this.#owner.isSending()) return
    this.#cancelSaving()
    this.#stored.store(lost)
  }

  #delete(): void {
    pull(this.#context, 'draft.delete', {
      name: `draft:${this.id}:delete`,
      priority: priorities.wished,
      data: () => {
        const row = this.row
        if (row?.state !== 'discarded') return null
        return { draftId: this.id, base: row.base.version }
      },
      settle: outcome => {
        if ('result' in outcome) this.#stored.store(deleted)
        else if (outcome.problem.code === 'draft-changed') this.fetch()
        return 'done'
      },
    })
  }

  #catchUp(): void {
    if (this.#asking !== 'asked' && this.#heard > (this.row?.base.version ?? 0)) this.fetch()
  }

  #cancelSaving(): void {
    this.#saveTimer?.()
    this.#saveTimer = null
  }
}

/** What is refused is named by its place in the list that was sent. */
function filesNamed(content: DraftContent, errors: readonly FieldError[]): ReadonlySet<MediaId> {
  const { mediaIds = [] } = toWire(content)
  const named = errors.flatMap(({ path }) => mediaIds[Number(/^\/mediaIds\/(\d+)$/.exec(path)?.[1] ?? -1)] ?? [])
  return new Set(named)
}

/** One draft as it is on this device, and what of it the server has. */
import type { Draft as ServerDraft } from '@recado/protocol'
import type { CacheWriter } from '../cache/cache.ts'
import type { CachedDraft } from '../cache/rows.ts'
import type { Cancel } from '../ports.ts'
import { type MailContext, priorities, pull } from './context.ts'
import { fromWire, previewOf, toWire } from './draft-wire.ts'
import { Listeners } from './hub.ts'
import type { DraftContent, DraftHandle, DraftSnapshot, DraftState, DraftView } from './mail-api.ts'
import { isSameDraft, mergeDrafts } from './merge-drafts.ts'

/** After the last letter, and at the latest after the first: how long the server's copy may be behind. */
const saveAfterMs = 1_500
const saveWithinMs = 10_000

export interface DraftOwner {
  /** Its mail waits to be sent: then it is not saved any more. */
  isSending(): boolean
  /** Whether all drafts of the server are known. */
  isListed(): boolean
  place(): number
  /** Makes another draft of this content. */
  copy(content: DraftContent): string
  /** Keeps what a tab has written as a draft of its own, in storage from this transaction on. */
  keep(unseen: CachedDraft, rows: CacheWriter): Promise<void>
}

export class Draft implements DraftHandle {
  readonly id: string
  readonly #context: MailContext
  readonly #owner: DraftOwner
  readonly #listeners: Listeners
  #row: CachedDraft | null = null
  #copyId: string | null = null
  #gone = false
  /** Asked of the server and not answered: what is being saved. */
  #saving: DraftContent | null = null
  /** The newest version that was heard of. */
  #heard = 0
  /** The server does not take it as it is; another content may do. */
  #refused: DraftContent | null = null
  #timer: Cancel | null = null
  #dirtySince = 0
  #storing = false
  /** What of it this tab knows to be in storage. */
  #stored: DraftContent | null = null
  #snapshot: DraftSnapshot | null = null

  constructor(context: MailContext, id: string, owner: DraftOwner) {
    this.#context = context
    this.id = id
    this.#owner = owner
    this.#listeners = new Listeners(context.hub)
  }

  get row(): CachedDraft | null {
    return this.#row
  }

  get isOnServer(): boolean {
    return this.#row !== null && this.#row.base.version > 0
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener)

  readonly getSnapshot = (): DraftSnapshot => {
    this.#snapshot ??= { content: this.#content(), state: this.#state(), copyId: this.#copyId }
    return this.#snapshot
  }

  view(): DraftView | null {
    const row = this.#row
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

  save(content: DraftContent): void {
    if (this.#row && this.#row.state !== 'discarded' && isSameDraft(this.#row.content, content)) return
    const base = this.#row?.base ?? { version: 0, content: null }
    this.#gone = false
    this.#put({ content, base, state: 'kept' })
    this.#saveSoon()
  }

  async discard(): Promise<void> {
    const { core } = this.#context
    if (!this.#row) return
    this.#put({ ...this.#row, state: 'discarded' })
    this.#cancelTimer()
    await core.guard(core.writer.flushed())
    this.#delete()
  }

  load(row: CachedDraft): void {
    if (this.#row) return
    this.#row = row
    this.#stored = row.content
    this.changed()
  }

  reload(row: CachedDraft | null): void {
    const own = this.#row
    // What was written here and is not on the server stays; the server puts it together with what the other tab wrote.
    if (own?.state === 'kept' || this.#storing || this.#saving) return
    if (row && (!own || row.base.version >= own.base.version)) {
      this.#row = row
      this.#stored = row.content
    } else if (!row && own) this.#row = null
    this.changed()
  }

  /** The server has this version of it; null if it was sent or discarded. */
  heard(version: number | null): void {
    if (version === null) {
      if (!this.#saving) this.#lost()
      return
    }
    this.#heard = Math.max(this.#heard, version)
    if (!this.#saving && this.#heard > (this.#row?.base.version ?? 0)) this.fetch()
  }

  /** Its mail is on the server, and took it along. */
  sent(): void {
    this.#remove()
  }

  outboxChanged(): void {
    if (this.#row?.state === 'kept' && !this.#timer && !this.#owner.isSending()) this.#saveSoon()
    this.changed()
  }

  connected(): void {
    if (this.#row?.state === 'kept') this.#saveSoon()
    if (this.#row?.state === 'discarded') this.#delete()
    this.changed()
  }

  disconnected(): void {
    this.#saving = null
    this.#cancelTimer()
    this.changed()
  }

  changed(): void {
    this.#snapshot = null
    this.#listeners.changed()
    this.#context.changed()
  }

  /** Reads it, and puts it together with what was written here. */
  fetch(): void {
    pull(this.#context, 'draft.get', {
      name: `draft:${this.id}`,
      priority: priorities.counted,
      data: () => ({ draftId: this.id }),
      settle: outcome => {
        if ('result' in outcome) this.#meet(outcome.result)
        else if (outcome.problem.code === 'not-found') this.#lost()
        return 'done'
      },
    })
  }

  #content(): DraftContent | null {
    return this.#row && this.#row.state !== 'discarded' && !this.#gone ? this.#row.content : null
  }

  #state(): DraftState {
    if (this.#gone || this.#row?.state === 'discarded') return 'gone'
    if (!this.#row) return this.#owner.isListed() ? 'gone' : 'loading'
    if (this.#row.state === 'saved') return 'saved'
    return this.#context.core.online() && this.#refused !== this.#row.content ? 'saving' : 'kept'
  }

  #saveSoon(): void {
    const { clock, online } = this.#context.core
    if (!online() || this.#owner.isSending()) return
    const now = clock.now()
    if (!this.#timer) this.#dirtySince = now
    this.#timer?.()
    const afterMs = Math.min(saveAfterMs, Math.max(0, this.#dirtySince + saveWithinMs - now))
    this.#timer = clock.setTimer(afterMs, () => {
      this.#timer = null
      this.#ask()
    })
  }

  #ask(): void {
    pull(this.#context, 'draft.save', {
      name: `draft:${this.id}`,
      priority: priorities.wished,
      data: () => {
        const row = this.#row
        if (row?.state !== 'kept' || this.#owner.isSending() || this.#refused === row.content) return null
        this.#saving = row.content
        return { draftId: this.id, base: row.base.version, ...toWire(row.content) }
      },
      settle: outcome => {
        const saved = this.#saving
        if ('result' in outcome && saved) this.#saved(saved, outcome.result.version)
        else if ('problem' in outcome && outcome.problem.retry === 'never') this.#notSaved(outcome.problem.code)
        return 'done'
      },
    })
  }

  #saved(content: DraftContent, version: number): void {
    this.#saving = null
    const row = this.#row
    if (!row) return
    const isCurrent = isSameDraft(row.content, content)
    const state = row.state === 'kept' && isCurrent ? 'saved' : row.state
    this.#put({ content: row.content, base: { version, content }, state, updatedAt: row.updatedAt })
    if (state === 'kept') this.#saveSoon()
    if (this.#heard > version) this.fetch()
  }

  #notSaved(code: string): void {
    const content = this.#saving
    this.#saving = null
    if (code === 'draft-changed') this.fetch()
    else if (code === 'draft-gone') this.#lost()
    else this.#refused = content
    this.changed()
  }

  #meet(theirs: ServerDraft): void {
    const row = this.#row
    const incoming = fromWire(theirs, row?.content)
    const base = { version: theirs.version, content: incoming }
    if (row && theirs.version <= row.base.version) {
      if (row.state === 'kept') this.#saveSoon()
      return
    }
    if (row?.state === 'discarded') {
      // Somebody went on writing it elsewhere: that is not what was thrown away.
      if (row.base.version > 0) this.#put({ content: incoming, base, state: 'saved', updatedAt: theirs.updatedAt })
      return
    }
    const mine = row?.state === 'kept' && !(row.base.content && isSameDraft(row.content, row.base.content)) ? row : null
    if (!mine || isSameDraft(mine.content, incoming)) {
      this.#put({ content: incoming, base, state: 'saved', updatedAt: theirs.updatedAt })
      return
    }
    const merged = mine.base.content && mergeDrafts({ base: mine.base.content, mine: mine.content, theirs: incoming })
    // The text that is being written stays where it is.
    if (!merged) this.#copyId = this.#owner.copy(incoming)
    this.#put({ content: merged ?? mine.content, base, state: 'kept' })
    this.#saveSoon()
  }

  /** Sent or discarded elsewhere: what the server never had of it becomes a draft of its own. */
  #lost(): void {
    const row = this.#row
    if (this.#owner.isSending()) return
    const unsaved = row?.state === 'kept' && !(row.base.content && isSameDraft(row.content, row.base.content))
    if (row && unsaved) this.#copyId = this.#owner.copy(row.content)
    this.#remove()
  }

  #delete(): void {
    pull(this.#context, 'draft.delete', {
      name: `draft:${this.id}`,
      priority: priorities.wished,
      data: () => {
        const row = this.#row
        if (row?.state !== 'discarded') return null
        return { draftId: this.id, ...(row.base.version > 0 && { base: row.base.version }) }
      },
      settle: outcome => {
        if ('result' in outcome) this.#remove()
        else if (outcome.problem.code === 'draft-changed') this.fetch()
        return 'done'
      },
    })
  }

  #remove(): void {
    this.#cancelTimer()
    this.#gone = true
    this.#saving = null
    const row = this.#row
    this.#row = null
    if (row) {
      this.#store(row.order)
      this.#tellTabs()
    }
    this.changed()
  }

  #put(next: Omit<CachedDraft, 'order' | 'id' | 'updatedAt'> & { readonly updatedAt?: string }): void {
    const { content, base, state, updatedAt = new Date(this.#context.core.clock.now()).toISOString() } = next
    const order = this.#row?.order ?? this.#owner.place()
    const isNews = this.#row?.state !== state
    this.#gone = false
    this.#row = { order, id: this.id, content, base, state, updatedAt }
    this.#store(order)
    if (isNews) this.#tellTabs()
    this.changed()
  }

  /** However fast somebody types: what is stored is what there is when its turn comes. */
  #store(order: number): void {
    if (this.#storing) return
    this.#storing = true
    this.#context.core.writer.add({
      kind: 'run',
      work: async rows => {
        this.#storing = false
        const there = await rows.get('drafts', order)
        const unseen = there && isUnseen(there, this.#stored) ? there : null
        if (this.#row && unseen) await this.#join(this.#row, unseen, rows)
        const row = this.#row
        if (row) await rows.put('drafts', row.order, row)
        if (row?.order !== order && !unseen) await rows.delete('drafts', order)
        this.#stored = row?.content ?? null
      },
    })
  }

  /** Another tab has stored words that are nowhere else. */
  async #join(row: CachedDraft, unseen: CachedDraft, rows: CacheWriter): Promise<void> {
    const base = unseen.base.version <= row.base.version ? unseen.base.content : row.base.content
    const merged = base && mergeDrafts({ base, mine: row.content, theirs: unseen.content })
    if (merged) {
      this.#row = { ...row, content: merged, state: row.state === 'discarded' ? 'discarded' : 'kept' }
      if (!isSameDraft(merged, row.content)) this.#saveSoon()
    } else await this.#owner.keep(unseen, rows)
    this.changed()
  }

  #tellTabs(): void {
    const { core } = this.#context
    void core.guard(core.writer.flushed()).then(() => this.#context.sharedChanged())
  }

  #cancelTimer(): void {
    this.#timer?.()
    this.#timer = null
  }
}

/** Whether a tab has written it that this one has not heard of. */
function isUnseen(there: CachedDraft, known: DraftContent | null): boolean {
  return there.state === 'kept' && !(known && isSameDraft(there.content, known))
}

/**
 * One draft as a tab shows it: the row that all tabs share, with what was written here since. Whatever happens to it is a
 * step that is applied to the row in storage (`draft-row.ts`); what comes of that is what this tab shows then.
 */
import type { FieldError, MediaId, Problem } from '@recado/protocol'
import { CacheGoneError, type CacheWriter } from '../cache/cache.ts'
import type { CachedDraft } from '../cache/rows.ts'
import type { Cancel } from '../ports.ts'
import { type MailContext, priorities, pull } from './context.ts'
import { localFiles, missing } from './draft-files.ts'
import {
  asked,
  confirmed,
  deleted,
  joinRemembered,
  joinTabs,
  lost,
  met,
  type Next,
  type SentDraft,
  type Step,
  sent,
  writeUpon,
} from './draft-row.ts'
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

/** After the last letter, and at the latest after the first: how long the server's copy may be behind. */
const saveAfterMs = 1_500
const saveWithinMs = 10_000
/** What another tab wrote is its to save, unless it has died. */
const takeOverMs = 20_000
/** While somebody types, so often do other tabs hear of it. */
const tellAfterMs = 300

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

interface Stored {
  readonly mine: CachedDraft | null
  readonly there: CachedDraft | null
  readonly row: CachedDraft | null
  readonly copies: readonly CachedDraft[]
}

interface Work {
  readonly step: Step
  readonly then: (row: CachedDraft | null) => void
}

export class Draft implements DraftHandle {
  readonly id: string
  readonly #context: MailContext
  readonly #owner: DraftOwner
  readonly #listeners: Listeners
  #row: CachedDraft | null = null
  /** As this tab last knew it to be in storage. */
  #seen: CachedDraft | null = null
  readonly #work: Work[] = []
  /** What is being stored. */
  #begun: readonly Work[] = []
  #storing: 'no' | 'queued' = 'no'
  #copyId: string | null = null
  #gone = false
  /** Who wrote what is not saved. */
  #writer: 'here' | 'elsewhere' = 'elsewhere'
  #asking: 'no' | 'storing' | 'asked' = 'no'
  /** The newest version that was heard of. */
  #heard = 0
  /** The server does not take it as it is; another content may do. */
  #refused: DraftContent | null = null
  #saveTimer: Cancel | null = null
  #dirtySince = 0
  #tellTimer: Cancel | null = null
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

  get seen(): CachedDraft | null {
    return this.#seen
  }

  get isOnServer(): boolean {
    return this.#row !== null && this.#row.base.version > 0
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
    return content ? localFiles(content).filter(({ id }) => !this.#row?.uploads?.[id]?.problem) : []
  }

  /** Something happened to one of its files, by this tab's doing. */
  step(step: Step, then?: () => void): void {
    this.#writer = 'here'
    this.#store(step, then)
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

  save(written: DraftContent, upon?: DraftContent | null): void {
    const row = this.#row
    const shown = this.#content()
    const { content, copy } = writeUpon({ upon: upon ?? shown, written, shown })
    if (copy) this.#keepApart(copy)
    if (row && shown && isSameDraft(shown, content)) return
    const updatedAt = new Date(this.#context.core.clock.now()).toISOString()
    const { order, base } = row ?? { order: this.#owner.place(), base: { version: 0, content: null } }
    const { asked = [], uploads = {} } = row ?? {}
    this.#row = { order, id: this.id, base, asked, uploads, content, state: 'kept', updatedAt }
    this.#gone = false
    this.#writer = 'here'
    this.#store()
    this.#saveSoon()
    this.changed()
    this.#context.typedLate(this)
  }

  async discard(): Promise<void> {
    const { core } = this.#context
    if (!this.#row) return
    this.#row = { ...this.#row, state: 'discarded' }
    this.#store()
    this.#cancelSaving()
    this.changed()
    await core.guard(core.writer.flushed())
    this.#delete()
  }

  /** What this tab knows of it as its sign-in ends; `seen` was last there where all tabs look. */
  left(seen: CachedDraft | null): LeftDraft {
    const [mine, work] = [this.#row, [...this.#begun, ...this.#work]]
    const rowsOf = (joined: Next, steps = work) => {
      const { row, copies } = this.#through(joined, steps)
      return row ? [row, ...copies] : copies
    }
    return {
      id: this.id,
      isStored: mine === seen && work.length === 0,
      alone: () => rowsOf({ row: mine }),
      upon: there => rowsOf(joinTabs({ seen, mine, there })),
      beside: other => {
        const [row, ...copies] = rowsOf({ row: mine })
        return row?.id === this.id ? [...rowsOf(joinRemembered(row, other), []), ...copies] : [other]
      },
    }
  }

  /** As it was stored at the start. */
  load(row: CachedDraft): void {
    if (this.#row) this.#store()
    else {
      this.#row = row
      this.#seen = row
      this.#writer = 'here'
      this.changed()
    }
  }

  /** Another tab changed it, or storage was read before this one did: what is there now counts. */
  reload(row: CachedDraft | null): void {
    if (!isSameRow(row, this.#seen)) this.#store()
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
    this.#store(sent(mail), row => {
      if (row?.state === 'discarded') this.#delete()
    })
  }

  outboxChanged(): void {
    this.#settle()
    this.changed()
  }

  connected(): void {
    this.#settle()
    if (this.#row?.state === 'discarded') this.#delete()
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
          this.#store(met(outcome.result, this.#owner.place()), () => {
            if (this.#row?.state === 'discarded') this.#delete()
          })
        } else if (outcome.problem.code === 'not-found') this.#lost()
        return 'done'
      },
    })
  }

  #content(): DraftContent | null {
    return this.#row && this.#row.state !== 'discarded' ? this.#row.content : null
  }

  #state(): DraftState {
    if (this.#gone || this.#row?.state === 'discarded') return 'gone'
    if (!this.#row) return this.#owner.isListed() ? 'gone' : 'loading'
    const isUnderWay = this.#context.core.online() && this.#refused !== this.#row.content
    if (this.#row.state === 'kept') return isUnderWay ? 'saving' : 'kept'
    if (localFiles(this.#row.content).length === 0) return 'saved'
    return isUnderWay && this.filesToUpload().length > 0 ? 'saving' : 'kept'
  }

  #uploads(): readonly DraftUpload[] {
    const content = this.#content()
    if (!content) return []
    return localFiles(content).map(({ id }) => {
      const problem = this.#row?.uploads?.[id]?.problem ?? null
      return { id, uploaded: this.#owner.uploaded(id), problem }
    })
  }

  /** What is not saved will be; what is saved needs no more. */
  #settle(): void {
    if (this.#row?.state === 'kept') {
      if (!this.#saveTimer && this.#asking === 'no' && this.#refused !== this.#row.content) this.#saveSoon()
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
      this.#store(asked, row => this.#ask(row))
    })
  }

  /** As it was noted: what was not would pass for another device's. */
  #ask(row: CachedDraft | null): void {
    if (this.#asking === 'storing') this.#asking = 'no'
    pull(this.#context, 'draft.save', {
      name: `draft:${this.id}:save`,
      priority: priorities.wished,
      data: () => {
        if (row?.state !== 'kept' || this.#row?.state !== 'kept' || this.#owner.isSending()) return null
        this.#asking = 'asked'
        return { draftId: this.id, base: row.base.version, ...toWire(row.content) }
      },
      settle: outcome => {
        this.#asking = 'no'
        if ('result' in outcome && row) this.#store(confirmed(row.content, outcome.result.version))
        else if ('problem' in outcome && outcome.problem.retry === 'never') this.#notSaved(outcome.problem, row)
        return 'done'
      },
    })
  }

  #notSaved({ code, errors = [] }: Problem, row: CachedDraft | null): void {
    const lacking = code === 'attachment-unavailable' && row ? filesNamed(row.content, errors) : new Set<MediaId>()
    if (code === 'draft-changed') this.fetch()
    else if (code === 'draft-gone') this.#lost()
    else if (lacking.size > 0) this.#store(missing(lacking))
    else this.#refused = row && this.#row && isSameDraft(row.content, this.#row.content) ? this.#row.content : null
    this.changed()
  }

  #lost(): void {
    if (this.#owner.isSending()) return
    this.#cancelSaving()
    this.#store(lost)
  }

  #delete(): void {
    pull(this.#context, 'draft.delete', {
      name: `draft:${this.id}:delete`,
      priority: priorities.wished,
      data: () => {
        const row = this.#row
        if (row?.state !== 'discarded') return null
        return { draftId: this.id, base: row.base.version }
      },
      settle: outcome => {
        if ('result' in outcome) this.#store(deleted)
        else if (outcome.problem.code === 'draft-changed') this.fetch()
        return 'done'
      },
    })
  }

  #catchUp(): void {
    if (this.#asking !== 'asked' && this.#heard > (this.#row?.base.version ?? 0)) this.fetch()
  }

  #keepApart(content: DraftContent): void {
    const copy = this.#owner.copyOf(content)
    this.#context.core.writer.add({
      kind: 'run',
      work: rows => rows.put('drafts', copy.order, copy),
      stored: () => {
        this.#owner.copied(copy)
        this.#tell(false)
      },
    })
    this.#copyId = copy.id
  }

  /** However fast somebody types: what is stored is what there is when its turn comes. */
  #store(step?: Step, then: Work['then'] = () => undefined): void {
    if (step) this.#work.push({ step, then })
    if (this.#storing === 'queued') return
    this.#storing = 'queued'
    // A storage that fails has it done again elsewhere, with the same to begin with.
    let begun: { readonly mine: CachedDraft | null; readonly work: readonly Work[] } | null = null
    let stored: Stored | null = null
    this.#context.core.writer.add({
      kind: 'run',
      work: async rows => {
        this.#storing = begun ? this.#storing : 'no'
        begun ??= { mine: this.#row, work: this.#work.splice(0) }
        this.#begun = begun.work
        stored = await this.#apply(rows, begun.mine, begun.work)
      },
      stored: () => {
        if (stored && begun) this.#applied(stored, begun.work)
      },
    })
  }

  async #apply(rows: CacheWriter, mine: CachedDraft | null, work: readonly Work[]): Promise<Stored> {
    // Whoever settled it has read the drafts by then: this one is kept by the tab that knows of it.
    if ((await rows.count('settled')) > 0) throw new CacheGoneError('This sign-in is over.')
    const known = this.#seen && (await rows.get('drafts', this.#seen.order))
    const there = known ?? (await rows.list('drafts')).find(({ id }) => id === this.id) ?? null
    const { row, copies } = this.#through(joinTabs({ seen: this.#seen, mine, there }), work)
    if (row && row !== there) await rows.put('drafts', row.order, row)
    if (!row && there) await rows.delete('drafts', there.order)
    for (const copy of copies) await rows.put('drafts', copy.order, copy)
    return { mine, there, row, copies }
  }

  #through(joined: Next, work: readonly Work[]) {
    const contents = joined.copy ? [joined.copy] : []
    let { row } = joined
    for (const { step } of work) {
      const next = step(row)
      if (next.copy) contents.push(next.copy)
      row = next.row
    }
    return { row, copies: contents.map(content => this.#owner.copyOf(content)) }
  }

  #applied({ mine, there, row, copies }: Stored, work: readonly Work[]): void {
    this.#begun = []
    const isMine = row !== null && mine !== null && looksSame(row.content, mine.content)
    // Whoever shows it knows by the object whether anything changed.
    const next = isMine ? { ...row, content: mine.content } : row
    if (this.#row === mine) {
      this.#row = next
      this.#seen = next
      this.#gone = !next && (mine !== null || work.length > 0)
    } else {
      // Written upon what this tab had then, and not upon what came from elsewhere.
      this.#seen = isMine ? next : mine
    }
    for (const copy of copies) {
      this.#copyId = copy.id
      this.#owner.copied(copy)
    }
    for (const { then } of work) then(row)
    this.#settle()
    if (row) this.#catchUp()
    if (row !== there || copies.length > 0) this.#tell(row?.state === there?.state && copies.length === 0)
    this.changed()
  }

  #tell(isTyping: boolean): void {
    const { core, sharedChanged } = this.#context
    const tell = () => {
      this.#tellTimer = null
      sharedChanged()
    }
    if (isTyping) this.#tellTimer ??= core.clock.setTimer(tellAfterMs, tell)
    else tell()
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

/** The bytes of a file that the server has count too: as long as they are shown, they are kept. */
function looksSame(a: DraftContent, b: DraftContent): boolean {
  const bytes = ({ attachments }: DraftContent) => attachments.filter(file => file.blob).length
  return isSameDraft(a, b) && bytes(a) === bytes(b)
}

function isSameRow(a: CachedDraft | null, b: CachedDraft | null): boolean {
  if (!(a && b)) return a === b
  if (a.state !== b.state || a.base.version !== b.base.version || !isSameDraft(a.content, b.content)) return false
  return JSON.stringify(a.uploads ?? {}) === JSON.stringify(b.uploads ?? {})
}

/**
 * The row of a draft as this tab knows it. All tabs share it: whatever happens to it is a step that is applied to what is in storage by then
 * (`draft-row.ts`), and what comes of that is what this tab knows next.
 */
import { CacheGoneError, type CacheWriter } from '../cache/cache.ts'
import type { CachedDraft } from '../cache/rows.ts'
import type { Cancel } from '../ports.ts'
import type { MailContext } from './context.ts'
import { joinRemembered, joinTabs, type Next, type Step } from './draft-row.ts'
import type { LeftDraft } from './left-draft.ts'
import type { DraftContent } from './mail-api.ts'
import { isSameDraft } from './merge-drafts.ts'

/** While somebody types, so often do other tabs hear of it. */
const tellAfterMs = 300

export interface StoredDraftOptions {
  readonly context: MailContext
  readonly id: string
  /** The row of a further draft with this content. */
  copyOf(content: DraftContent): CachedDraft
  /** That row is stored. */
  copied(row: CachedDraft): void
  /** Storage has it as it is now. */
  applied(row: CachedDraft | null): void
}

interface Outcome {
  readonly mine: CachedDraft | null
  readonly there: CachedDraft | null
  readonly row: CachedDraft | null
  readonly copies: readonly CachedDraft[]
}

interface Work {
  readonly step: Step
  readonly then: (row: CachedDraft | null) => void
}

export class StoredDraft {
  readonly #options: StoredDraftOptions
  #row: CachedDraft | null = null
  /** As this tab last knew it to be in storage. */
  #seen: CachedDraft | null = null
  #isGone = false
  readonly #work: Work[] = []
  /** What is being stored. */
  #begun: readonly Work[] = []
  #storing: 'no' | 'queued' = 'no'
  #tellTimer: Cancel | null = null

  constructor(options: StoredDraftOptions) {
    this.#options = options
  }

  /** With what was written here since. */
  get row(): CachedDraft | null {
    return this.#row
  }

  get seen(): CachedDraft | null {
    return this.#seen
  }

  /** It was here, and is no more. */
  get isGone(): boolean {
    return this.#isGone
  }

  /** As this tab has it from now on, and storage soon. */
  write(row: CachedDraft): void {
    this.#row = row
    this.#isGone = false
    this.store()
  }

  /** As it was in storage at the start; false if something was written here before that was read. */
  load(row: CachedDraft): boolean {
    if (this.#row) {
      this.store()
      return false
    }
    this.#row = row
    this.#seen = row
    return true
  }

  /** Another tab changed it, or storage was read before this one did: what is there now counts. */
  reload(row: CachedDraft | null): void {
    if (!isSameRow(row, this.#seen)) this.store()
  }

  /** However fast somebody types: what is stored is what there is when its turn comes. */
  store(step?: Step, then: Work['then'] = () => undefined): void {
    if (step) this.#work.push({ step, then })
    if (this.#storing === 'queued') return
    this.#storing = 'queued'
    // A storage that fails has it done again elsewhere, with the same to begin with.
    let begun: { readonly mine: CachedDraft | null; readonly work: readonly Work[] } | null = null
    let outcome: Outcome | null = null
    this.#options.context.core.writer.add({
      kind: 'run',
      work: async rows => {
        this.#storing = begun ? this.#storing : 'no'
        begun ??= { mine: this.#row, work: this.#work.splice(0) }
        this.#begun = begun.work
        outcome = await this.#apply(rows, begun.mine, begun.work)
      },
      stored: () => {
        if (outcome && begun) this.#applied(outcome, begun.work)
      },
    })
  }

  /** Stores a draft of its own with this content. */
  keepApart(content: DraftContent): CachedDraft {
    const copy = this.#options.copyOf(content)
    this.#options.context.core.writer.add({
      kind: 'run',
      work: rows => rows.put('drafts', copy.order, copy),
      stored: () => {
        this.#options.copied(copy)
        this.#tell('of a change')
      },
    })
    return copy
  }

  /** What this tab knows of it as its sign-in ends; `seen` was last there where all tabs look. */
  left(seen: CachedDraft | null): LeftDraft {
    const [mine, work] = [this.#row, [...this.#begun, ...this.#work]]
    const rowsOf = (joined: Next, steps = work) => {
      const { row, copies } = this.#through(joined, steps)
      return row ? [row, ...copies] : copies
    }
    return {
      id: this.#options.id,
      isStored: mine === seen && work.length === 0,
      alone: () => rowsOf({ row: mine }),
      upon: there => rowsOf(joinTabs({ seen, mine, there })),
      beside: other => {
        const [row, ...copies] = rowsOf({ row: mine })
        return row?.id === this.#options.id ? [...rowsOf(joinRemembered(row, other), []), ...copies] : [other]
      },
    }
  }

  async #apply(rows: CacheWriter, mine: CachedDraft | null, work: readonly Work[]): Promise<Outcome> {
    // Whoever settled it has read the drafts by then: this one is kept by the tab that knows of it.
    if ((await rows.count('settled')) > 0) throw new CacheGoneError('This sign-in is over.')
    const known = this.#seen && (await rows.get('drafts', this.#seen.order))
    const there = known ?? (await rows.list('drafts')).find(({ id }) => id === this.#options.id) ?? null
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
    return { row, copies: contents.map(content => this.#options.copyOf(content)) }
  }

  #applied({ mine, there, row, copies }: Outcome, work: readonly Work[]): void {
    this.#begun = []
    const isMine = row !== null && mine !== null && looksSame(row.content, mine.content)
    // Whoever shows it knows by the object whether anything changed.
    const next = isMine ? { ...row, content: mine.content } : row
    if (this.#row === mine) {
      this.#row = next
      this.#seen = next
      this.#isGone = !next && (mine !== null || work.length > 0)
    } else {
      // Written upon what this tab had then, and not upon what came from elsewhere.
      this.#seen = isMine ? next : mine
    }
    for (const copy of copies) this.#options.copied(copy)
    for (const { then } of work) then(row)
    const isTyping = row?.state === there?.state && copies.length === 0
    if (row !== there || copies.length > 0) this.#tell(isTyping ? 'of typing' : 'of a change')
    this.#options.applied(row)
  }

  /** Other tabs. */
  #tell(what: 'of typing' | 'of a change'): void {
    const { core, sharedChanged } = this.#options.context
    const tell = () => {
      this.#tellTimer = null
      sharedChanged()
    }
    if (what === 'of typing') this.#tellTimer ??= core.clock.setTimer(tellAfterMs, tell)
    else tell()
  }
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

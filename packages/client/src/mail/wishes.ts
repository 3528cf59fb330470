/**
 * What somebody does to mails of their own mailbox: read, folder, star, labels, snooze. It shows at once, is stored on this
 * device, and is told to the server in order, each step with one key until there is an answer (L3); it goes when the event
 * that it became was applied. Steps that were not handed to the network yet take later ones in. It is no text: what the
 * server refuses goes, and the mails show what they were.
 */
import { limits, type MailHeader, type MailId, type Problem } from '@recado/protocol'
import type { CacheWriter } from '../cache/cache.ts'
import type { MailboxWish } from '../cache/rows.ts'
import { ProblemError } from '../problem-error.ts'
import { type MailContext, priorities, pull } from './context.ts'
import { canMerge, countsAsUnread, entryAfter, inverseOf, mergeChanges } from './entries.ts'
import type { MailChange, MailUndo } from './mail-api.ts'
import { placeIn } from './places.ts'

interface Wish {
  row: MailboxWish
  readonly made: 'here' | 'elsewhere'
  /** Whether the server may have been told: then it stays as it is. */
  handed: 'maybe' | 'never'
  /** The event that will bring it, once the server has said so. */
  sequence: number | null
}

export class Wishes {
  readonly #context: MailContext
  /** In order. */
  readonly #wishes = new Map<number, Wish>()
  readonly #byMail = new Map<MailId, Wish[]>()
  readonly #changed: (ids: ReadonlySet<MailId>) => void
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>()
  readonly #over = new WeakMap<MailHeader, { readonly wishes: readonly Wish[]; readonly result: MailHeader }>()

  constructor(context: MailContext, changed: (ids: ReadonlySet<MailId>) => void) {
    this.#context = context
    this.#changed = changed
  }

  load(rows: readonly MailboxWish[]): void {
    for (const row of rows)
      if (!this.#wishes.has(row.order)) this.#put({ row, made: 'elsewhere', handed: 'maybe', sequence: null })
    this.#sort()
  }

  /** Another tab changed what is stored: it tells the server, this one shows it. */
  reload(rows: readonly MailboxWish[], before: ReadonlySet<number>): void {
    const stored = new Map(rows.map(row => [row.order, row]))
    for (const order of before) if (!stored.has(order)) this.#gone(order)
    for (const row of rows) {
      const known = this.#wishes.get(row.order)
      // What was made here is newer than what was read meanwhile.
      if (known && (known.made === 'here' || known.row.key === row.key)) continue
      this.#drop(row.order)
      this.#put({ row, made: 'elsewhere', handed: 'maybe', sequence: null })
    }
    this.#sort()
  }

  /** To be taken before storage is read, and handed back with what was there. */
  orders(): ReadonlySet<number> {
    return new Set(this.#wishes.keys())
  }

  rows(): MailboxWish[] {
    return [...this.#wishes.values()].map(wish => wish.row)
  }

  connected(): void {
    // Asked again with its key, the server tells the event anew; meanwhile it may have been missed.
    for (const wish of this.#wishes.values()) wish.sequence = null
    this.#tell()
  }

  /** What waits for an answer is stored and told later: nobody is kept waiting for that. */
  disconnected(): void {
    for (const waiting of this.#waiting.values()) waiting.resolve()
    this.#waiting.clear()
  }

  /** As it shows here: what the server says, with what is wished on top. */
  over(header: MailHeader): MailHeader {
    const wishes = this.#byMail.get(header.id)
    if (!wishes) return header
    const known = this.#over.get(header)
    if (known?.wishes === wishes) return known.result
    const nowMs = this.#context.core.clock.now()
    const after = wishes.reduce((entry, wish) => entryAfter(entry, header.state, wish.row.change, nowMs), header.entry)
    const result = after === header.entry ? header : { ...header, entry: after }
    this.#over.set(header, { wishes, result })
    return result
  }

  /** By how much the count of unread mails differs from what the server says. */
  unread(): number {
    let difference = 0
    for (const id of this.#byMail.keys()) {
      const header = this.#context.headers.get(id)
      if (!header) continue
      difference += Number(countsAsUnread(this.over(header).entry)) - Number(countsAsUnread(header.entry))
    }
    return difference
  }

  async add(mailIds: readonly MailId[], change: MailChange): Promise<MailUndo> {
    const undo = this.#undoOf(mailIds, change)
    const answers: Promise<void>[] = []
    for (let at = 0; at < mailIds.length; at += limits.pageSize) {
      answers.push(this.#wish(mailIds.slice(at, at + limits.pageSize), change))
    }
    const { core } = this.#context
    await core.guard(core.writer.flushed())
    this.#context.sharedChanged()
    this.#tell()
    await Promise.all(answers)
    return undo
  }

  #undoOf(mailIds: readonly MailId[], change: MailChange): MailUndo {
    const groups = new Map<string, { mailIds: MailId[]; change: MailChange }>()
    for (const id of mailIds) {
      const header = this.#context.headers.get(id)
      if (!header) continue
      const back = inverseOf(change, this.over(header).entry)
      if (Object.keys(back).length === 0) continue
      const name = JSON.stringify(back)
      const group = groups.get(name) ?? { mailIds: [], change: back }
      group.mailIds.push(id)
      groups.set(name, group)
    }
    return [...groups.values()]
  }

  /** Resolves once the server has it or, away from it, at once. */
  #wish(mailIds: readonly MailId[], change: MailChange): Promise<void> {
    const { core } = this.#context
    const last = [...this.#wishes.values()].at(-1)
    const joined = last?.handed === 'never' ? join(last.row, mailIds, change) : null
    const order = joined && last ? last.row.order : placeIn(this.#wishes.keys(), core)
    const key = core.random.id()
    const row = { ...(joined ?? { mailIds, change }), order, key }
    const earlier = joined && last ? this.#waiting.get(last.row.key) : undefined
    if (joined && last) this.#waiting.delete(last.row.key)
    const waiting = earlier ?? Promise.withResolvers<void>()
    waiting.promise.catch(() => undefined)
    if (core.online()) this.#waiting.set(key, waiting)
    else waiting.resolve()
    if (joined && last) {
      last.row = row
      this.#index(last)
    } else this.#put({ row, made: 'here', handed: 'never', sequence: null })
    core.writer.add({ kind: 'run', work: rows => rows.put('mailWishes', order, row) })
    return waiting.promise
  }

  #tell(): void {
    let asked: Wish | undefined
    pull(this.#context, 'mailbox.update', {
      name: 'wishes',
      priority: priorities.wished,
      data: () => {
        asked = this.#next()
        if (!asked) return null
        asked.handed = 'maybe'
        const { mailIds, key, change } = asked.row
        return { mailIds: [...mailIds], key, ...change }
      },
      settle: outcome => {
        if (!asked) return 'done'
        if ('result' in outcome) this.#accepted(asked, outcome.result.sequence)
        else if (outcome.problem.retry === 'never') this.#end(asked, outcome.problem)
        return 'again'
      },
    })
  }

  /** The first that the server has not answered: they go one after the other. */
  #next(): Wish | undefined {
    for (const wish of this.#wishes.values()) if (wish.sequence === null) return wish
    return undefined
  }

  #accepted(wish: Wish, sequence: number | null): void {
    const { key } = wish.row
    this.#answered(key)
    wish.sequence = sequence ?? 0
    this.applied(this.#context.core.model.own?.cursor.sequence ?? 0)
  }

  /** One's own stream was applied up to there. */
  applied(sequence: number): void {
    for (const wish of [...this.#wishes.values()]) {
      if (wish.sequence !== null && wish.sequence <= sequence) this.#end(wish, null)
    }
  }

  #end(wish: Wish, problem: Problem | null): void {
    const { order, key } = wish.row
    const waiting = this.#waiting.get(key)
    this.#waiting.delete(key)
    if (problem) waiting?.reject(new ProblemError(problem))
    else waiting?.resolve()
    this.#drop(order)
    const { core } = this.#context
    core.writer.add({ kind: 'run', work: rows => forget(rows, order, key) })
    void core.guard(core.writer.flushed()).then(() => this.#context.sharedChanged())
  }

  /** Another tab has seen it through. */
  #gone(order: number): void {
    const wish = this.#wishes.get(order)
    if (wish) this.#answered(wish.row.key)
    this.#drop(order)
  }

  #answered(key: string): void {
    this.#waiting.get(key)?.resolve()
    this.#waiting.delete(key)
  }

  #put(wish: Wish): void {
    this.#wishes.set(wish.row.order, wish)
    this.#index(wish)
  }

  #index(wish: Wish): void {
    for (const id of wish.row.mailIds) {
      const others = (this.#byMail.get(id) ?? []).filter(other => other !== wish)
      this.#byMail.set(
        id,
        [...others, wish].sort((a, b) => a.row.order - b.row.order),
      )
    }
    this.#changed(new Set(wish.row.mailIds))
  }

  #drop(order: number): void {
    const wish = this.#wishes.get(order)
    if (!wish) return
    this.#wishes.delete(order)
    for (const id of wish.row.mailIds) {
      const left = (this.#byMail.get(id) ?? []).filter(other => other !== wish)
      if (left.length > 0) this.#byMail.set(id, left)
      else this.#byMail.delete(id)
    }
    this.#changed(new Set(wish.row.mailIds))
  }

  #sort(): void {
    const sorted = [...this.#wishes].sort(([a], [b]) => a - b)
    this.#wishes.clear()
    for (const [order, wish] of sorted) this.#wishes.set(order, wish)
  }
}

/** The last step with a further one in it; null if they have to stay apart. */
function join(
  last: MailboxWish,
  mailIds: readonly MailId[],
  change: MailChange,
): Omit<MailboxWish, 'order' | 'key'> | null {
  const known = new Set(last.mailIds)
  const fresh = mailIds.filter(id => !known.has(id))
  if (JSON.stringify(last.change) === JSON.stringify(change)) {
    const both = [...last.mailIds, ...fresh]
    return both.length <= limits.pageSize ? { mailIds: both, change } : null
  }
  if (fresh.length > 0 || mailIds.length !== known.size || !canMerge(last.change, change)) return null
  return { mailIds: last.mailIds, change: mergeChanges(last.change, change) }
}

/** Another tab may have wished something else in its place meanwhile. */
async function forget(rows: CacheWriter, order: number, key: string): Promise<void> {
  const stored = await rows.get('mailWishes', order)
  if (stored?.key === key) await rows.delete('mailWishes', order)
}

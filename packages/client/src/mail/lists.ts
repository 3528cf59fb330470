/** Lists of mails: each shows what this device keeps of it at once, and asks the server for the rest a page at a time. */
import { limits, type MailHeader, type MailId, type Problem } from '@recado/protocol'
import { type MailContext, priorities, pull } from './context.ts'
import { compareMails, isIn, viewKey } from './entries.ts'
import { Listeners } from './hub.ts'
import { deeper } from './knowledge.ts'
import type { MailListHandle, MailListSnapshot, MailView } from './mail-api.ts'

export class MailLists {
  readonly #context: MailContext
  readonly #lists = new Map<string, MailList>()

  constructor(context: MailContext) {
    this.#context = context
  }

  list(view: MailView): MailList {
    const key = viewKey(view)
    const known = this.#lists.get(key)
    if (known) return known
    const list = new MailList(this.#context, view, key)
    this.#lists.set(key, list)
    return list
  }

  mailsChanged(ids: ReadonlySet<MailId>): void {
    for (const list of this.#lists.values()) list.mailsChanged(ids)
  }

  /** The connection came or went, or all that was known is gone. */
  connectionChanged(): void {
    for (const list of this.#lists.values()) list.connectionChanged()
  }
}

export class MailList implements MailListHandle {
  readonly #context: MailContext
  readonly #view: MailView
  readonly #key: string
  readonly #listeners: Listeners
  /** Every mail of the list that is in memory, in order; null before somebody looks. */
  #mails: MailHeader[] | null = null
  #shown: number = limits.pageSize
  #loading: 'yes' | 'no' = 'no'
  /** Where to go on from on this connection: undefined at the beginning, null at the end. */
  #next: string | null | undefined
  #problem: Problem | null = null
  #snapshot: MailListSnapshot | null = null
  #items: readonly MailHeader[] = []
  #waiting: (() => void)[] = []

  constructor(context: MailContext, view: MailView, key: string) {
    this.#context = context
    this.#view = view
    this.#key = key
    this.#listeners = new Listeners(context.hub)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const stop = this.#listeners.add(listener)
    this.#open()
    return () => {
      stop()
      if (this.#listeners.all.size === 0) this.#close()
    }
  }

  readonly getSnapshot = (): MailListSnapshot => {
    this.#fill()
    this.#snapshot ??= this.#build()
    return this.#snapshot
  }

  /** What is kept shows at once; its statuses may be old, so it is asked for again beside that. */
  async loadOlder(): Promise<void> {
    this.#open()
    const kept = this.#kept().length
    if (kept <= this.#shown && this.#extent?.at === null) return
    if (kept <= this.#shown && !this.#context.core.online()) return
    this.#shown += limits.pageSize
    this.#changed()
    const loaded = kept < this.#shown && this.#extent?.at !== null ? this.#awaitLoading() : undefined
    this.#load()
    await loaded
  }

  mailsChanged(ids: ReadonlySet<MailId>): void {
    if (!this.#mails) return
    const { headers, wishes } = this.#context
    const left = this.#mails.filter(mail => !ids.has(mail.id))
    const touched = left.length < this.#mails.length
    const found: MailHeader[] = []
    for (const id of ids) {
      const header = headers.get(id)
      const mail = header && wishes.over(header)
      if (mail && isIn(this.#view, mail.entry)) found.push(mail)
    }
    if (!touched && found.length === 0) return
    this.#mails = merge(left, found.sort(compareMails))
    this.#changed()
  }

  connectionChanged(): void {
    this.#loading = 'no'
    this.#next = undefined
    this.#released()
    if (this.#listeners.all.size > 0) this.#refresh()
    this.#changed()
  }

  get #extent() {
    return this.#context.knowledge.extent(this.#key)
  }

  #open(): void {
    this.#fill()
    this.#refresh()
  }

  #fill(): void {
    if (this.#mails) return
    const { headers, wishes } = this.#context
    const all = [...headers.all()].map(header => wishes.over(header))
    this.#mails = all.filter(mail => isIn(this.#view, mail.entry)).sort(compareMails)
    this.#changed()
  }

  #close(): void {
    this.#mails = null
    this.#shown = limits.pageSize
    this.#snapshot = null
  }

  /** Events keep a list; what statuses became meanwhile nobody tells, so each connection looks once. */
  #refresh(): void {
    if (this.#next === undefined) this.#load()
  }

  #awaitLoading(): Promise<void> | undefined {
    if (!this.#context.core.online()) return undefined
    return new Promise<void>(resolve => this.#waiting.push(resolve))
  }

  /** The next page from the beginning on, and more until there is as much as is shown. */
  #load(): void {
    if (this.#loading === 'yes' || this.#next === null || !this.#context.core.online()) return
    this.#loading = 'yes'
    this.#changed()
    pull(this.#context, 'mailbox.list', {
      name: `list:${this.#key}`,
      priority: priorities.shown,
      data: () => ({ ...this.#view, limit: limits.pageSize, ...(this.#next && { next: this.#next }) }),
      settle: outcome => {
        this.#problem = 'problem' in outcome ? outcome.problem : null
        if ('result' in outcome) this.#take(outcome.result)
        const isEnough = this.#next === null || this.#kept().length >= this.#shown
        if (!this.#problem && !isEnough) return 'again'
        if (!this.#problem || this.#problem.retry === 'never') this.#loading = 'no'
        this.#released()
        this.#changed()
        return 'done'
      },
    })
  }

  #take({ items, next }: { readonly items: MailHeader[]; readonly next: string | null }): void {
    const { headers, knowledge } = this.#context
    headers.learn(items, 'new')
    this.#next = next
    const reached = { at: next === null ? null : (items.at(-1)?.entry.at ?? null) }
    knowledge.extend(this.#key, deeper(this.#extent, reached))
  }

  /** What is known without holes, if anything is; without a network all there is. */
  #kept(): readonly MailHeader[] {
    const mails = this.#mails ?? []
    const at = this.#extent?.at
    if (at == null || !this.#context.core.online()) return mails
    return mails.filter(mail => mail.entry.at >= at)
  }

  #build(): MailListSnapshot {
    const extent = this.#extent
    const kept = this.#kept()
    const items = kept.slice(0, this.#shown)
    const same = items.length === this.#items.length && items.every((mail, at) => mail === this.#items[at])
    if (!same) this.#items = items
    const complete = extent?.at === null
    const online = this.#context.core.online()
    return {
      items: this.#items,
      hasOlder: kept.length > items.length || !complete,
      loading: { first: !extent && !this.#problem && online, older: this.#waiting.length > 0 },
      problem: this.#problem,
      offline: !online && !complete,
    }
  }

  #released(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #changed(): void {
    this.#snapshot = null
    this.#listeners.changed()
  }
}

/** Both are in order. */
function merge(mails: readonly MailHeader[], found: readonly MailHeader[]): MailHeader[] {
  const merged: MailHeader[] = []
  let at = 0
  for (const mail of found) {
    while (at < mails.length && compareMails(mails[at] as MailHeader, mail) < 0) merged.push(mails[at++] as MailHeader)
    merged.push(mail)
  }
  return merged.concat(mails.slice(at))
}

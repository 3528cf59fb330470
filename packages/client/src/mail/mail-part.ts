/**
 * Mail on this device, loaded when it first appears: constructs its parts in order and hands them what the engine hears.
 * Headers of events are stored by the engine, in the transaction that moves the cursor past them; everything here is made
 * of what is stored, and can be told again.
 */
import type { DeliveriesFrame, MailId, StreamEvent, StreamHead } from '@recado/protocol'
import type { Change } from '../cache/changes.ts'
import { Jobs } from '../engine/jobs.ts'
import type { Parts } from '../engine/parts.ts'
import type { Schedule } from '../ports.ts'
import { Bodies } from './bodies.ts'
import { Confirmations } from './confirmations.ts'
import type { MailContext } from './context.ts'
import { AllDeliveries } from './deliveries.ts'
import { Drafts } from './drafts.ts'
import { Headers } from './headers.ts'
import { Hub, Listeners } from './hub.ts'
import { boundBodies, boundHeaders } from './kept-mails.ts'
import { Knowledge } from './knowledge.ts'
import type { LeftDraft } from './left-draft.ts'
import { MailLists } from './lists.ts'
import type {
  DeliveriesHandle,
  DraftHandle,
  MailChange,
  MailClient,
  MailInput,
  MailListHandle,
  MailSearchResult,
  MailSnapshot,
  MailThreadHandle,
  MailUndo,
  MailView,
} from './mail-api.ts'
import { searchMails } from './mail-search.ts'
import { PendingMails } from './pending-mails.ts'
import { Threads } from './threads.ts'
import { Unread } from './unread.ts'
import { Wishes } from './wishes.ts'

/** What the sign-in gives beside its engine. */
export interface MailHost {
  readonly schedule: Schedule
  cancel(entryId: string): Promise<boolean>
  /** It was written after the sign-in had ended. */
  typedLate(draft: LeftDraft): void
  retry(entryId: string): Promise<void>
}

export class MailPart implements MailClient {
  readonly #context: MailContext
  readonly #listeners: Listeners
  readonly #threads: Threads
  readonly #deliveries: AllDeliveries
  readonly #pending: PendingMails
  readonly #drafts: Drafts
  readonly #unread: Unread
  readonly #ready: Promise<void>
  #host: MailHost | null = null
  #state: 'loading' | 'running' | 'stopped' = 'loading'
  /** Moves each time that all of it begins anew. */
  #begun = 0
  #labels: readonly string[] | null = null
  #snapshot: MailSnapshot | null = null

  constructor(parts: Parts) {
    const { core, outbox, sharedChanged } = parts
    const hub = new Hub()
    this.#listeners = new Listeners(hub)
    const jobs = new Jobs(core.clock, core.random, () => undefined)
    const changed = (ids: ReadonlySet<MailId>) => this.#mailsChanged(ids)
    const context: { -readonly [Part in keyof MailContext]?: MailContext[Part] } = {
      ...{ core, outbox, jobs, hub, sharedChanged },
      changed: () => this.#changed(),
      typedLate: draft => {
        if (this.#state !== 'stopped') return
        const [left] = this.#drafts.left('own', [draft])
        if (left) this.#host?.typedLate(left)
      },
      headers: new Headers(core, changed),
      knowledge: new Knowledge(core),
    }
    // Parts reach each other through it only once it is complete.
    const whole = context as MailContext
    this.#context = whole
    context.bodies = new Bodies(whole)
    context.confirmations = new Confirmations(whole)
    context.lists = new MailLists(whole)
    context.wishes = new Wishes(whole, changed)
    this.#threads = new Threads(whole)
    this.#deliveries = new AllDeliveries(whole)
    this.#pending = new PendingMails(whole)
    this.#drafts = new Drafts(whole, this.#pending)
    this.#unread = new Unread(whole)
    this.#ready = this.#load()
  }

  /** Resolves when what this device keeps can be shown. */
  async open(host: MailHost): Promise<void> {
    this.#host = host
    this.#context.hub.schedule = host.schedule
    await this.#ready
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener)

  readonly getSnapshot = (): MailSnapshot => {
    this.#snapshot ??= {
      unread: this.#unread.count(),
      labels: this.#knownLabels(),
      drafts: this.#drafts.views(),
      outbox: this.#pending.views(),
    }
    return this.#snapshot
  }

  list(view: MailView): MailListHandle {
    return this.#context.lists.list(view)
  }

  thread(threadId: MailId): MailThreadHandle {
    return this.#threads.thread(threadId)
  }

  deliveries(mailId: MailId): DeliveriesHandle {
    return this.#deliveries.of(mailId)
  }

  draft(id: string): DraftHandle {
    return this.#drafts.draft(id)
  }

  send(input: MailInput): Promise<string> {
    const { draftId } = input
    return this.#pending.send(input, draftId === undefined ? null : this.#drafts.sourceOf(draftId, input))
  }

  async takeBack(which: { readonly entryId: string } | { readonly mailId: MailId }): Promise<boolean> {
    if ('mailId' in which) return this.#pending.takeBackMail(which.mailId)
    return this.#host !== null && (await this.#pending.takeBackEntry(which.entryId, this.#host))
  }

  async retry(entryId: string): Promise<void> {
    await this.#host?.retry(entryId)
  }

  update(mailIds: readonly MailId[], change: MailChange): Promise<MailUndo> {
    return this.#context.wishes.add(mailIds, change)
  }

  async undo(undo: MailUndo): Promise<void> {
    await Promise.all(undo.map(({ mailIds, change }) => this.#context.wishes.add(mailIds, change)))
  }

  async search(query: string): Promise<MailSearchResult> {
    return searchMails(this.#context, query)
  }

  /** One event of one's own stream about a mail or a draft; its header is on its way into storage. */
  applied({ kind, sequence, data }: StreamEvent): void {
    const { bodies, confirmations, headers, knowledge } = this.#context
    if (kind === 'draft.changed' || kind === 'draft.deleted')
      this.#drafts.heard(data.draftId, 'draft' in data ? data.draft : null)
    if (!('mail' in data)) return
    headers.learn([data.mail], 'stored')
    knowledge.learnUnread(data.unread)
    if (kind === 'mail.arrived') {
      confirmations.arrived(sequence)
      bodies.want(data.mail)
    }
    boundHeaders(this.#context)
    this.#changed()
  }

  /** One's own stream was applied up to there. */
  appliedUpTo(sequence: number): void {
    this.#context.wishes.applied(sequence)
  }

  statusesMoved(frame: DeliveriesFrame): void {
    this.#deliveries.moved(frame)
  }

  statusesBehind({ stream, registers }: StreamHead): void {
    this.#deliveries.behind(stream as MailId, registers)
  }

  stored(changes: readonly Change[]): void {
    this.#context.confirmations.stored(changes)
  }

  mailed(entryId: string, mailId: MailId): void {
    const draft = this.#pending.draftOf(entryId)
    this.#pending.mailed(entryId, mailId)
    if (draft) this.#drafts.sent(draft.id, draft)
  }

  outboxChanged(): void {
    this.#pending.outboxChanged()
    this.#drafts.outboxChanged()
    this.#changed()
  }

  connected(): void {
    if (this.#state !== 'running') return
    const { bodies, confirmations, knowledge, lists, wishes } = this.#context
    if (knowledge.meta?.epoch !== this.#context.core.model.epoch) knowledge.begin()
    confirmations.connected()
    wishes.connected()
    lists.connectionChanged()
    this.#threads.connectionChanged()
    this.#deliveries.connectionChanged()
    this.#unread.connected()
    this.#drafts.connected()
    void bodies.wantUnread()
    boundBodies(this.#context)
  }

  disconnected(): void {
    const { confirmations, jobs, lists, wishes } = this.#context
    jobs.clear()
    confirmations.disconnected()
    wishes.disconnected()
    this.#drafts.disconnected()
    this.#pending.outboxChanged()
    lists.connectionChanged()
    this.#threads.connectionChanged()
    this.#deliveries.connectionChanged()
  }

  stop(): void {
    this.#state = 'stopped'
    this.disconnected()
  }

  /** Events were skipped, or this is another history. */
  startOver(): void {
    const { confirmations, headers, knowledge } = this.#context
    this.#begun++
    headers.forget([...headers.all()].map(header => header.id))
    knowledge.begin()
    confirmations.startOver()
    if (this.#state === 'running' && this.#context.core.online()) this.connected()
  }

  /** Another tab changed what is stored. */
  async reload(): Promise<void> {
    const { core, wishes } = this.#context
    await core.writer.flushed()
    const before = wishes.orders()
    const stored = await this.#read()
    if (!stored) return
    wishes.reload(stored.wishes, before)
    this.#drafts.reload(stored.drafts)
    this.#changed()
  }

  /** All that storage which takes over has to begin with. */
  kept(): Change[] {
    const { core, headers, knowledge, wishes } = this.#context
    this.#drafts.leaveStorage()
    const { meta } = knowledge
    const work: Change[] = [{ kind: 'mails', epoch: core.model.epoch ?? '', items: [...headers.all()] }]
    return work.concat({
      kind: 'run',
      work: async rows => {
        if (meta) await rows.put('mailMeta', 'mail', meta)
        for (const row of wishes.rows()) await rows.put('mailWishes', row.order, row)
        for (const row of this.#drafts.rows()) await rows.put('drafts', row.order, row)
      },
    })
  }

  /** What this tab knows of drafts as its sign-in ends; `own` where no other tab ever saw what it stored. */
  leftDrafts(storage: 'shared' | 'own'): readonly LeftDraft[] {
    return this.#drafts.left(storage)
  }

  #read() {
    const { core } = this.#context
    const read = core.writer.transact(cache =>
      cache.read(['meta', 'mailMeta', 'mailWishes', 'drafts'], async rows => ({
        meta: await rows.get('meta', 'meta'),
        mail: await rows.get('mailMeta', 'mail'),
        wishes: await rows.list('mailWishes'),
        drafts: await rows.list('drafts'),
      })),
    )
    return core.guard(read)
  }

  async #load(): Promise<void> {
    const { core, confirmations, headers, knowledge, wishes } = this.#context
    const begun = this.#begun
    await core.writer.flushed()
    const stored = await this.#read()
    if (!stored) return
    if (stored.mail) knowledge.load(stored.mail)
    wishes.load(stored.wishes)
    this.#drafts.load(stored.drafts)
    await headers.load()
    if (begun !== this.#begun) {
      // What was read may be what was dropped meanwhile.
      headers.forget([...headers.all()].map(header => header.id))
      return this.#load()
    }
    if (this.#state === 'stopped') return
    this.#state = 'running'
    confirmations.load(stored.meta?.cursor.sequence ?? 0)
    if (core.online()) this.connected()
    this.#changed()
  }

  #mailsChanged(ids: ReadonlySet<MailId>): void {
    this.#labels = null
    this.#context.lists.mailsChanged(ids)
    this.#threads.mailsChanged(ids)
    this.#changed()
  }

  #knownLabels(): readonly string[] {
    if (this.#labels) return this.#labels
    const { headers, wishes } = this.#context
    const labels = new Set<string>()
    for (const header of headers.all()) for (const label of wishes.over(header).entry.labels) labels.add(label)
    this.#labels = [...labels].sort((a, b) => a.localeCompare(b))
    return this.#labels
  }

  #changed(): void {
    this.#snapshot = null
    this.#listeners.changed()
  }
}

/**
 * What is on its way: messages, and what is done to messages. Durable before the sender hears of it, sent in order within
 * a conversation, resent with the same key until the server has answered, and gone only in the transaction that stores
 * what it became.
 *
 * The restart rule (L3): after a retryable refusal nothing more is sent in that conversation until every reply is in;
 * then it begins again at the first that is not accepted, with `restart` set, so a retry never overtakes.
 * A new connection needs no restart: the server has forgotten the old one's refusals.
 *
 * Only the engine that holds the lock of this outbox sends; the others show it.
 */
import type { AccountId, ConversationId, MailId, Message, Problem } from '@recado/protocol'
import type { NewEntry, OutboxEntry, QueuedFile } from '../cache/rows.ts'
import { refuse } from '../problem-error.ts'
import { backOffMs } from './back-off.ts'
import { type Core, takenBack } from './core.ts'
import { type Lane, Lanes } from './lane.ts'
import { hasToUpload, type OutboxItem, OutboxItems } from './outbox-items.ts'
import { type Answer, ask, goesAlone, isMoot, isPrivate } from './outbox-requests.ts'
import { type Leftover, OutboxStorage } from './outbox-storage.ts'

export interface OutboxOwner {
  /** Another tab should look at the outbox again. */
  outboxChanged(): void
  /** Items of this conversation look different now. */
  itemsChanged(conversationId: ConversationId): void
  /** The sequence up to which events of the entry's stream are applied here: infinite where nobody waits for any. */
  appliedUpTo(row: OutboxEntry): number
  /** An entry became this mail. */
  mailed(entryId: string, mailId: MailId): void
}

const perConversation = 32
const overall = 256
const retryBackOff = { firstMs: 250, maxMs: 8_000 }
/** After an upload that was cut off. */
const uploadPauseMs = 2_000

export class Outbox {
  readonly #core: Core
  readonly #owner: OutboxOwner
  readonly #items: OutboxItems
  readonly #storage: OutboxStorage
  readonly #lanes = new Lanes()
  /** The keys fulfilled since each reload that is under way began. */
  readonly #reloads = new Set<Set<string>>()
  /** What somebody asked for and waits for. */
  readonly #underWay = new Set<Promise<unknown>>()
  #inFlight = 0
  #may: 'send' | 'wait' = 'wait'
  #marking = false

  constructor(core: Core, owner: OutboxOwner) {
    this.#core = core
    this.#owner = owner
    this.#items = new OutboxItems(owner.itemsChanged)
    this.#storage = new OutboxStorage(core.writer)
  }

  get items(): OutboxItems {
    return this.#items
  }

  /** Takes over what the cache holds at the start. */
  load(rows: readonly OutboxEntry[]): void {
    for (const row of rows) this.#items.insert(row)
    this.drain()
  }

  /** Another tab changed the stored outbox. What this engine adds and fulfils while it reads is newer than what it reads. */
  async reload(): Promise<void> {
    const fulfilled = new Set<string>()
    this.#reloads.add(fulfilled)
    await this.#core.writer.flushed()
    const before = new Set(this.#items.all())
    const rows = await this.#core.guard(this.#storage.list())
    this.#reloads.delete(fulfilled)
    if (!rows) return
    const stored = new Map(rows.map(row => [row.clientMessageId, row]))
    for (const item of before) {
      const row = stored.get(item.row.clientMessageId)
      if (!this.#items.has(item)) continue
      if (row) this.#items.update(item, { row })
      else if (item.phase === 'waiting') this.#items.remove(item)
    }
    const arrived: number[] = []
    for (const row of rows) {
      if (this.#items.hasOrder(row.order)) continue
      // Its message came meanwhile, and this engine did not know it for one of these: the tab that does may be gone.
      if (fulfilled.has(row.clientMessageId)) arrived.push(row.order)
      else this.#items.insert(row)
    }
    if (arrived.length > 0) this.#core.writer.add({ kind: 'sent', orders: arrived })
    this.drain()
  }

  /** Whether this engine is the one of all tabs that sends. */
  get sends(): boolean {
    return this.#may === 'send'
  }

  /** The lock is held from now on. */
  allow(): void {
    this.#may = 'send'
    this.drain()
  }

  add(entry: NewEntry): Promise<void> {
    return this.#ending(this.#add(entry))
  }

  cancel(entryId: string): Promise<boolean> {
    return this.#ending(this.#cancel(entryId))
  }

  retry(entryId: string): Promise<void> {
    return this.#ending(this.#retry(entryId))
  }

  async #add(entry: NewEntry): Promise<void> {
    const tried = !('files' in entry) && this.#core.online() && this.#items.size < overall
    const row = await this.#storage.append({ ...entry, tried, refused: null })
    if (!this.#items.hasOrder(row.order)) this.#items.insert(row)
    this.#owner.outboxChanged()
    this.drain()
  }

  async #cancel(entryId: string): Promise<boolean> {
    const item = this.#items.find(entryId)
    if (!item || (!item.row.refused && item.handed === 'before')) return false
    const removed = await this.#storage.remove(item.row.order)
    if (removed) {
      endUpload(item, takenBack)
      this.#items.remove(item)
      this.#owner.outboxChanged()
      this.drain()
    }
    return removed
  }

  async #retry(entryId: string): Promise<void> {
    const item = this.#items.find(entryId)
    if (!item?.row.refused) throw refuse('not-found', { detail: 'There is nothing refused with this id.' })
    const key = this.#core.random.id()
    const row = await this.#storage.renew(item.row.order, key)
    this.#items.remove(item)
    if (row && !this.#items.hasOrder(row.order)) this.#items.insert(row)
    this.#owner.outboxChanged()
    this.drain()
  }

  /** A message of one's own was applied: returns the outbox orders it fulfils, for the transaction that stores it. */
  fulfil(message: Message, me: AccountId): number[] {
    if (message.authorId !== me) return []
    const item = this.#items.findByKey(message.conversationId, message.clientMessageId)
    for (const reload of this.#reloads) reload.add(message.clientMessageId)
    if (!item) return []
    this.#items.remove(item)
    return [item.row.order]
  }

  /** An event of one's own was applied that is no new message: what it answers leaves in the transaction that stores it. */
  fulfilChange(conversationId: ConversationId, sequence: number): number[] {
    const orders: number[] = []
    for (const item of this.#items.changesOf(conversationId)) {
      if (item.sequence !== sequence || isPrivate(item.row)) continue
      this.#items.remove(item)
      orders.push(item.row.order)
    }
    return orders
  }

  /** The account's own stream was applied up to there. */
  fulfilPrivate(sequence: number): void {
    const items = [...this.#items.all()].filter(item => isPrivate(item.row) && isUpTo(item, sequence))
    this.#arrived(items)
  }

  /** Everything up to `sequence` is here without its events: acknowledged messages among it have arrived. */
  fulfilUpTo(conversationId: ConversationId, sequence: number): void {
    const items = [...this.#items.of(conversationId)].filter(item => !isPrivate(item.row) && isUpTo(item, sequence))
    this.#arrived(items)
  }

  #arrived(arrived: readonly OutboxItem[]): void {
    if (arrived.length === 0) return
    for (const item of arrived) this.#items.remove(item)
    for (const reload of this.#reloads) for (const { row } of arrived) reload.add(row.clientMessageId)
    this.#core.writer.add({ kind: 'sent', orders: arrived.map(item => item.row.order) })
  }

  /**
   * The conversation was left: what was never tried is refused, with its text kept. What was tried goes on being asked
   * for: the server may have it, and says so to who is no longer a member too (L3).
   */
  left(conversationId: ConversationId, problem: Problem): void {
    this.fulfilUpTo(conversationId, Number.POSITIVE_INFINITY)
    const items = [...this.#items.of(conversationId)].filter(
      item => !isPrivate(item.row) && !item.row.tried && item.handed === 'never' && !item.row.refused,
    )
    this.#arrived(items.filter(item => isMoot(item.row, problem)))
    const kept = items.filter(item => !isMoot(item.row, problem))
    if (kept.length > 0) this.#refuse(kept, problem)
  }

  /** These have left storage. */
  emptied(orders: readonly number[]): void {
    void this.#core.guard(this.#storage.forget(orders))
    this.#owner.outboxChanged()
  }

  connected(): void {
    this.drain()
  }

  /** Another history may not hold what the last one acknowledged: it is asked again, by the same keys (L6). */
  anotherHistory(): void {
    for (const item of this.#items.all()) {
      if (item.phase === 'sent') this.#items.update(item, { phase: 'waiting', sequence: null })
    }
  }

  /** Unanswered messages go out again on the next connection, in order, with their keys. */
  disconnected(): void {
    this.#lanes.clear()
    this.#inFlight = 0
    for (const item of this.#items.all()) if (item.phase === 'sending') this.#items.update(item, { phase: 'waiting' })
  }

  stop(): void {
    this.#may = 'wait'
    for (const item of this.#items.all()) endUpload(item)
    this.disconnected()
  }

  /** After the end: what is left, once nobody is on the way into storage or out of it any more. */
  async leftover(): Promise<Leftover> {
    await Promise.allSettled(this.#underWay)
    return this.#storage.divide([...this.#items.all()].map(item => item.row))
  }

  async #ending<Result>(work: Promise<Result>): Promise<Result> {
    this.#underWay.add(work)
    try {
      return await work
    } finally {
      this.#underWay.delete(work)
    }
  }

  drain(): void {
    if (this.#may === 'wait' || !this.#core.online()) return
    for (const conversationId of this.#items.conversations()) this.#drainLane(conversationId)
  }

  #drainLane(conversationId: ConversationId): void {
    const lane = this.#lanes.get(conversationId)
    if (lane.state !== 'open') return
    for (const item of this.#items.of(conversationId)) {
      if (lane.inFlight >= perConversation || this.#inFlight >= overall) return
      const alone = goesAlone(item.row)
      if (alone && item.phase === 'sending') return
      if (item.phase !== 'waiting' || item.row.refused) continue
      if (hasToUpload(item)) {
        this.#upload(item)
        return
      }
      if (!item.row.tried) {
        this.#markTried()
        return
      }
      if (alone && lane.inFlight > 0) return
      this.#send(item, lane)
      if (alone) return
    }
  }

  /** Written down before the first attempt, so that after a crash nobody is told that it was not sent. */
  #markTried(): void {
    if (this.#marking) return
    this.#marking = true
    const items: OutboxItem[] = []
    for (const item of this.#items.all()) {
      if (item.row.tried || item.row.refused || hasToUpload(item)) continue
      if (items.push(item) >= overall) break
    }
    const orders = items.map(item => item.row.order)
    void this.#core.guard(this.#storage.try(orders)).then(present => {
      this.#marking = false
      if (!present) return
      const there = new Set(present)
      for (const item of items) {
        if (there.has(item.row.order)) item.row = { ...item.row, tried: true }
        else this.#items.remove(item)
      }
      this.drain()
    })
  }

  /** Files go up before their message, and those behind it wait: their order is kept. */
  #upload(item: OutboxItem): void {
    if (item.upload) return
    const control = new AbortController()
    item.upload = control
    const changed = (change: Partial<OutboxItem>) => {
      if (this.#items.has(item)) this.#items.update(item, change)
    }
    const note = (files: readonly QueuedFile[]) => {
      changed({ row: { ...item.row, files } as OutboxEntry })
      return this.#storage.noteFiles(item.row.order, files)
    }
    const work = this.#core.upload({
      files: filesOf(item.row),
      signal: control.signal,
      note,
      progress: uploaded => changed({ uploaded }),
    })
    void this.#core.guard(work).then(outcome => {
      item.upload = outcome === 'there' ? 'there' : undefined
      if (!outcome || !this.#items.has(item)) return
      if (outcome === 'later') {
        this.#core.clock.setTimer(uploadPauseMs, () => this.drain())
        return
      }
      if (outcome !== 'there') this.#refuse([item], outcome)
      this.drain()
    })
  }

  #send(item: OutboxItem, lane: Lane): void {
    const { conversationId } = item.row
    const restart = lane.restart === 'needed'
    this.#items.update(item, { phase: 'sending', handed: 'before' })
    // Only a message or a forward opens the conversation again.
    if (item.row.kind !== 'change') lane.restart = 'no'
    lane.inFlight++
    this.#inFlight++
    ask(this.#core, item.row, { restart }, outcome => {
      if ('lost' in outcome || this.#lanes.find(conversationId) !== lane) return
      lane.inFlight--
      this.#inFlight--
      this.#settle(item, lane, outcome)
      if (lane.state === 'settling' && lane.inFlight === 0) this.#pause(conversationId, lane)
      this.drain()
    })
  }

  #settle(item: OutboxItem, lane: Lane, outcome: Exclude<Answer, { lost: true }>): void {
    if ('result' in outcome) {
      lane.attempt = 0
      const { sequence, mailId } = outcome.result
      if (mailId) this.#owner.mailed(item.row.id, mailId)
      this.#accepted(item, sequence)
      return
    }
    const { problem } = outcome
    if (problem.retry === 'never' && !isAboutSession(problem)) {
      if (this.#items.has(item) && isMoot(item.row, problem)) this.#arrived([item])
      else if (this.#items.has(item)) this.#refuse([item], problem)
      return
    }
    if (this.#items.has(item)) this.#items.update(item, { phase: 'waiting' })
    lane.state = 'settling'
    lane.pauseMs = Math.max(lane.pauseMs, problem.retryAfterMs ?? 0)
  }

  #accepted(item: OutboxItem, sequence: number | null): void {
    if (!this.#items.has(item)) return
    this.#items.update(item, { phase: 'sent', sequence })
    if (sequence === null || this.#owner.appliedUpTo(item.row) >= sequence) this.#arrived([item])
  }

  #pause(conversationId: ConversationId, lane: Lane): void {
    lane.state = 'paused'
    const pauseMs = Math.max(lane.pauseMs, backOffMs(retryBackOff, lane.attempt++, this.#core.random.next()))
    lane.cancel = this.#core.clock.setTimer(pauseMs, () => {
      lane.state = 'open'
      lane.restart = 'needed'
      lane.pauseMs = 0
      if (this.#may === 'send' && this.#core.online()) this.#drainLane(conversationId)
    })
  }

  #refuse(items: readonly OutboxItem[], problem: Problem): void {
    for (const item of items) this.#items.update(item, { phase: 'waiting', row: { ...item.row, refused: problem } })
    const orders = items.map(item => item.row.order)
    void this.#core.guard(this.#storage.refuse(orders, problem)).then(() => this.#owner.outboxChanged())
  }
}

function filesOf(row: OutboxEntry): readonly QueuedFile[] {
  return 'files' in row ? (row.files ?? []) : []
}

function endUpload({ upload }: OutboxItem, reason?: typeof takenBack): void {
  if (upload instanceof AbortController) upload.abort(reason)
}

function isUpTo(item: OutboxItem, sequence: number): boolean {
  return item.sequence !== null && item.sequence <= sequence
}

/** These say something about the connection, not about the message. */
function isAboutSession(problem: Problem): boolean {
  return problem.code === 'unauthenticated' || problem.code === 'token-expired' || problem.code === 'session-ended'
}

/**
 * Catching up: compares what the server says has moved with this engine's cursors, pulls what is missing, and keeps the
 * mark. A mark is stored only when everything up to it is stored (design: coming back); until then the next connection
 * begins at the older one, which is harmless.
 */
import { type BellItem, type ConversationId, limits, type StreamHead } from '@recado/protocol'
import type { Resumed } from './connection.ts'
import type { JobOutcome } from './jobs.ts'
import { type ConversationState, cursorAt, hasGap } from './model.ts'
import { type Parts, retryAfter } from './parts.ts'
import {
  listConversations,
  pullConversation,
  pullOwn,
  readRegisters,
  type Settled,
  startOver,
  watchPositions,
} from './sync-jobs.ts'

/** The account's own stream tells of all others, so it goes before them. */
const first = Number.MAX_SAFE_INTEGER

export class Sync {
  readonly #parts: Parts
  /** The newest mark that the server gave on this connection. */
  #mark: string | null = null
  #caughtUp: 'yes' | 'no' = 'no'
  /** While the whole list is on its way, conversations that turn up unknown are most likely in it. */
  #listing: 'yes' | 'no' = 'no'
  /** Of whose members the server tells this connection everything. */
  #watched: ReadonlySet<ConversationState> = new Set()
  readonly #waiting = new Set<PromiseWithResolvers<void>>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get caughtUp(): boolean {
    return this.#caughtUp === 'yes'
  }

  /** What moved since the mark that was shown; the first thing on each connection. */
  resumed(reply: Resumed): void {
    const { conversations, core, outbox, people, receipts, settings } = this.#parts
    const { model } = core
    model.account = reply.account
    model.sessionId = reply.sessionId
    this.#mark = null
    if (model.epoch !== reply.epoch || !model.own) this.#beginAnew(reply)
    else if (reply.moved === null) this.#reconcile(reply)
    else this.#considerAll(reply.moved)
    people.connected()
    receipts.connected()
    for (const state of model.conversations.values()) conversations.recount(state)
    outbox.connected()
    settings.connected()
    core.changed()
  }

  #beginAnew(reply: Resumed): void {
    const { core, open, outbox } = this.#parts
    const { model } = core
    const another = model.epoch !== null && model.epoch !== reply.epoch
    model.epoch = reply.epoch
    model.own = { cursor: cursorAt(reply.epoch, reply.head), wanted: reply.head.sequence, ahead: new Map() }
    model.mark = null
    model.bellVersion = 0
    model.bell.clear()
    model.versions.bell++
    if (another) {
      for (const id of model.conversations.keys()) open.detach(id)
      model.conversations.clear()
      outbox.anotherHistory()
    }
    const meta = model.meta(null)
    if (meta) core.writer.add({ kind: 'wipe', meta })
    this.#parts.mail.startOver()
    this.#list()
    this.#bell()
  }

  #reconcile({ head }: Resumed): void {
    this.#list()
    this.consider({ stream: this.#parts.core.model.me, ...head })
  }

  /** The account's own first: it tells of conversations that the others are. */
  #considerAll(moved: readonly StreamHead[]): void {
    const { me } = this.#parts.core.model
    for (const head of moved) if (head.stream === me) this.consider(head)
    for (const head of moved) if (head.stream !== me) this.consider(head)
  }

  /** Whether events of the account's own stream are on their way. */
  get ownIsBehind(): boolean {
    return this.#parts.jobs.has('pull:own')
  }

  /** A stream moved up to this head. */
  consider(moved: StreamHead): void {
    const { core, conversations } = this.#parts
    const { model } = core
    if (moved.stream === model.me) {
      if (moved.registers > model.bellVersion) this.#bell()
      if (!model.own || moved.sequence <= model.own.cursor.sequence) return
      model.own.wanted = Math.max(model.own.wanted, moved.sequence)
      if (model.own.wanted - model.own.cursor.sequence > limits.replayEvents) this.#skipOwn(moved)
      else this.pullOwn()
      return
    }
    // No stream is without events: a mail's statuses moved.
    if (moved.sequence === 0) {
      this.#parts.mail.part?.statusesBehind(moved)
      return
    }
    const state = model.find(moved.stream)
    if (!state || state.membership === 'left') {
      conversations.stray(moved.stream as ConversationId, moved.sequence)
      return
    }
    state.wanted = Math.max(state.wanted, moved.sequence)
    if (hasGap(state)) this.pull(state, moved.micros)
    if (moved.registers > state.conversation.head.registers || behindPositions(state, moved)) this.registers(state)
  }

  pull(state: ConversationState, priority: number = state.cursor.micros): void {
    const far = state.wanted - state.cursor.sequence > limits.replayEvents
    if (far) {
      this.startOver(state.id, 'same')
      return
    }
    const opened = this.#parts.open.isOpen(state.id) ? first - 1 : priority
    this.#add(`pull:${state.id}`, opened, settled => pullConversation(this.#parts, state, settled))
  }

  pullOwn(): void {
    const { conversations } = this.#parts
    this.#add('pull:own', first, settled => {
      pullOwn(this.#parts, outcome => {
        if (outcome === 'done') for (const id of conversations.strays()) this.get(id)
        settled(outcome)
      })
    })
  }

  /** The list of conversations says what so many events would have told. */
  #skipOwn(head: StreamHead): void {
    const { model } = this.#parts.core
    if (model.own && model.epoch !== null) model.own.cursor = cursorAt(model.epoch, head)
    this.#parts.mail.startOver()
    this.#list()
    this.#bell()
    this.getAccount()
  }

  /** Where this account's stream is can only be learnt by resuming. */
  startOwnOver(): void {
    this.#parts.core.model.own = null
    this.#parts.reconnect()
  }

  startOver(id: ConversationId, history: 'same' | 'gone'): void {
    this.#add(`start-over:${id}`, first - 2, settled => startOver(this.#parts, { id, history }, settled))
  }

  get(id: ConversationId): void {
    const { core, conversations } = this.#parts
    if (this.#listing === 'yes' && !core.model.conversations.has(id)) return
    this.#add(`get:${id}`, first - 1, settled => {
      const moment = conversations.moment
      core.send('conversation.get', { conversationId: id }, outcome => {
        if ('result' in outcome) conversations.adopt(outcome.result, moment)
        else if ('problem' in outcome && outcome.problem.code === 'not-found') conversations.drop(id)
        settled(outcome)
      })
    })
  }

  registers(state: ConversationState): void {
    if (state.positionsVersion === null && !state.positions) this.get(state.id)
    else this.#add(`registers:${state.id}`, state.cursor.micros, settled => readRegisters(this.#parts, state, settled))
  }

  /** Another large conversation is looked at, or one no longer. */
  watchPositions(): void {
    this.#add('watch', first - 1, settled => {
      watchPositions(this.#parts, this.#watched, (outcome, watched) => {
        this.#watched = watched
        settled(outcome)
      })
    })
  }

  getAccount(): void {
    const { core } = this.#parts
    this.#add('account', first, settled => {
      core.send('account.get', {}, outcome => {
        if ('result' in outcome) {
          core.model.account = outcome.result
          core.changed()
        }
        settled(outcome)
      })
    })
  }

  /**
   * Lines of the bell as of a version: those that changed after another one. What came live is complete only if it is the next version: a frame may have been
   * left out before it (L10), and then all above the last complete version is asked for.
   */
  bell(items: readonly BellItem[], version: number, after: number | 'live'): void {
    const { core } = this.#parts
    const known = core.model.bellVersion
    const base = after === 'live' ? known : after
    for (const item of items) {
      if (item.cleared) core.model.bell.delete(item.id)
      else core.model.bell.set(item.id, item)
    }
    if (after !== 'live' || version <= known + 1) {
      core.model.bellVersion = Math.max(known, version)
      core.writer.add({ kind: 'bell', items, base, version })
    } else this.#bell()
    core.model.versions.bell++
    const meta = core.model.meta(null)
    if (meta) core.writer.add({ kind: 'meta', meta })
    core.changed()
  }

  /** The server's word that all up to `mark` was named or sent. */
  mark(mark: string): void {
    this.#mark = mark
    this.settle()
  }

  /** Stores the mark if nothing is missing: it goes into the cache behind everything that it vouches for. */
  settle(): void {
    if (!this.#parts.jobs.idle) return
    if (this.#mark !== null) this.#storeMark(this.#mark)
    if (this.#caughtUp === 'yes' && this.#waiting.size > 0) {
      void this.#parts.core.writer.flushed().then(() => this.#release())
    }
  }

  #storeMark(mark: string): void {
    const { core } = this.#parts
    this.#mark = null
    core.model.mark = mark
    const meta = core.model.meta(mark)
    if (meta) core.writer.add({ kind: 'meta', meta })
    if (this.#caughtUp === 'yes') return
    this.#caughtUp = 'yes'
    core.changed()
  }

  /** Resolves once caught up and stored. */
  whenCaughtUp(): Promise<void> {
    if (this.#caughtUp === 'yes' && this.#parts.jobs.idle) return this.#parts.core.writer.flushed()
    const waiting = Promise.withResolvers<void>()
    this.#waiting.add(waiting)
    return waiting.promise
  }

  disconnected(): void {
    this.#mark = null
    this.#caughtUp = 'no'
    this.#listing = 'no'
    this.#watched = new Set()
  }

  stop(reason: Error): void {
    for (const waiting of this.#waiting) waiting.reject(reason)
    this.#waiting.clear()
  }

  #release(): void {
    for (const waiting of this.#waiting) waiting.resolve()
    this.#waiting.clear()
  }

  #list(): void {
    let next: string | null = null
    this.#listing = 'yes'
    const seen = new Set<ConversationId>()
    this.#add('list', first, settled => {
      listConversations(this.#parts, { next, seen }, (outcome, further) => {
        next = further
        if (outcome === 'done') this.#listed(seen)
        settled(outcome)
      })
    })
  }

  /** What the list did not name is asked for by name: it may have come, or gone, while the list was on its way. */
  #listed(seen: ReadonlySet<ConversationId>): void {
    const { core, conversations } = this.#parts
    this.#listing = 'no'
    core.model.ready = true
    for (const id of core.model.conversations.keys()) if (!seen.has(id)) this.get(id)
    for (const id of conversations.strays()) this.get(id)
    for (const id of conversations.unmet()) this.get(id)
    core.changed()
  }

  #bell(): void {
    const { core } = this.#parts
    this.#add('bell', first - 1, settled => {
      const above = core.model.bellVersion
      core.send('bell.list', above > 0 ? { above } : {}, outcome => {
        if ('result' in outcome) {
          const { items, version, next } = outcome.result
          this.bell(above > 0 ? items : [...items, ...this.#notAmong(items)], version, above)
          // More has changed above it; or something newer came live, and this may have brought back what that had cleared.
          if (next !== null || version < core.model.bellVersion) this.#bell()
        }
        settled(outcome)
      })
    })
  }

  /** The first answer names all open lines: those known here and not in it are cleared. */
  #notAmong(open: readonly BellItem[]): BellItem[] {
    const ids = new Set(open.map(item => item.id))
    const { bell } = this.#parts.core.model
    return [...bell.values()].filter(item => !ids.has(item.id)).map(item => ({ ...item, cleared: true }))
  }

  #add(name: string, priority: number, run: (settled: (outcome: Settled) => void) => void): void {
    const { core, jobs } = this.#parts
    // What a call over HTTP brings while there is no connection is looked after by the next one.
    if (!core.online()) return
    jobs.add({ name, priority, run: finish => run(outcome => conclude(outcome, finish)) })
  }
}

/** A problem that trying again will not help was dealt with by whoever asked, or there is nothing to be done. */
function conclude(outcome: Settled, finish: (outcome: JobOutcome) => void): void {
  if (typeof outcome === 'string') finish(outcome)
  else if ('problem' in outcome) finish(retryAfter(outcome.problem) ?? 'done')
  else if ('result' in outcome) finish('done')
}

function behindPositions(state: ConversationState, moved: StreamHead): boolean {
  return state.positionsVersion !== null && moved.registers > state.positionsVersion
}

/**
 * What somebody sets for a conversation, for themselves alone: pinned, muted, archived, marked as unread.
 *
 * It shows at once, is stored on this device, and is told to the server until the server has answered; only then does
 * the event in the account's stream, which every device receives, take its place. A later wish for the same conversation
 * takes the earlier one up, under a key of its own, so the last one counts however often either is told (L3). A wish is
 * what somebody wants now and no text: where the server refuses it, it goes and the conversation shows what it was.
 */
import { type ConversationId, isMarkedUnread, isMuted, type OwnSettings, type Problem } from '@recado/protocol'
import { newerSettings } from '../cache/persist.ts'
import type { SettingsWish } from '../cache/rows.ts'
import type { Cancel } from '../ports.ts'
import { ProblemError, refuse } from '../problem-error.ts'
import type { SettingsChange } from '../types.ts'
import type { JobOutcome } from './jobs.ts'
import type { ConversationState } from './model.ts'
import { type Parts, retryAfter } from './parts.ts'

interface Wish {
  readonly row: SettingsWish
  /** The event that will bring it, once the server has said so. */
  sequence: number | null
}

/** Timers of browsers overflow above 24 days. */
const longestTimerMs = 86_400_000

export class OwnSettingsPart {
  readonly #parts: Parts
  readonly #wishes = new Map<ConversationId, Wish>()
  /** Who waits for the server's answer, by key. */
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>()
  /** When mutes end, in milliseconds since 1970. */
  readonly #ends = new Map<ConversationId, number>()
  #timer: Cancel | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Takes over what the cache holds at the start. */
  load(rows: readonly SettingsWish[]): void {
    for (const row of rows) this.#wishes.set(row.conversationId, { row, sequence: null })
    for (const state of this.#parts.core.model.conversations.values()) this.watch(state)
  }

  /** Another tab changed what is stored: it tells the server, this one shows it. */
  async reload(): Promise<void> {
    const { core } = this.#parts
    await core.writer.flushed()
    const before = new Map(this.#wishes)
    const read = core.writer.transact(cache => cache.read(['wishes'], transaction => transaction.list('wishes')))
    const rows = await core.guard(read)
    if (!rows) return
    const stored = new Map(rows.map(row => [row.conversationId, row]))
    for (const id of new Set([...before.keys(), ...stored.keys()])) {
      // What changed here while this was being read is newer.
      if (this.#wishes.get(id) !== before.get(id)) continue
      const row = stored.get(id)
      if (row?.key === before.get(id)?.row.key) continue
      if (row) this.#wishes.set(id, { row, sequence: null })
      else this.#wishes.delete(id)
      core.changed(id)
    }
  }

  connected(): void {
    for (const [id, wish] of this.#wishes) {
      // Asked again with its key, the server tells the event anew; meanwhile it may have been missed.
      wish.sequence = null
      this.#tell(id)
    }
  }

  /** What waits for an answer is stored and told later: nobody is kept waiting for that. */
  disconnected(): void {
    for (const waiting of this.#waiting.values()) waiting.resolve()
    this.#waiting.clear()
  }

  stop(): void {
    this.disconnected()
    this.#timer?.()
    this.#timer = null
  }

  /** As they show here: the server's, with what is wished on top. */
  of(state: ConversationState): OwnSettings {
    const { settings } = state.conversation.me
    const wish = this.#wishes.get(state.id)
    return wish ? { ...settings, ...wish.row.changes } : settings
  }

  /** Resolves once the server has it or, away from it, once it is safe here. Raises what the server refuses with. */
  async set(id: ConversationId, change: SettingsChange & { readonly pinned?: number | null }): Promise<void> {
    const { core } = this.#parts
    const state = core.model.conversations.get(id)
    if (state?.membership !== 'member') throw refuse('not-found')
    const before = this.#wishes.get(id)?.row
    const changes = { ...before?.changes, ...resolve(state, change) }
    const row: SettingsWish = { conversationId: id, key: core.random.id(), changes }
    this.#wishes.set(id, { row, sequence: null })
    const earlier = before && this.#waiting.get(before.key)
    const waiting = Promise.withResolvers<void>()
    // Awaited below; a refusal may come before that.
    waiting.promise.catch(() => undefined)
    if (core.online()) this.#waiting.set(row.key, waiting)
    else waiting.resolve()
    // Whoever waits for the earlier one gets this one's answer, which holds it.
    if (before) this.#waiting.delete(before.key)
    if (earlier) void waiting.promise.then(earlier.resolve, earlier.reject)
    core.writer.add({ kind: 'wish', wish: row })
    this.watch(state)
    core.changed(id)
    this.#tell(id)
    await core.guard(core.writer.flushed())
    this.#parts.sharedChanged()
    await waiting.promise
  }

  /** From the account's stream, or with the conversation: keeps the newer. */
  received(state: ConversationState, settings: OwnSettings): void {
    const { core } = this.#parts
    const { me } = state.conversation
    const newer = newerSettings(me.settings, settings)
    if (newer !== me.settings) {
      state.conversation = { ...state.conversation, me: { ...me, settings: newer } }
      core.writer.follow(state, state.cursor.sequence, [])
    }
    this.settle(state)
    core.changed(state.id)
  }

  /** The conversation may have brought what was waited for. */
  settle(state: ConversationState): void {
    const wish = this.#wishes.get(state.id)
    if (wish && wish.sequence !== null && state.conversation.me.settings.version >= wish.sequence) {
      this.#over(state.id, wish.row.key, null)
    }
    this.watch(state)
  }

  /** It was looked at to its end: that is what marking it as unread waits for. */
  looked(state: ConversationState): void {
    const marked = isMarkedUnread({ read: state.conversation.me.read, settings: this.of(state) })
    if (marked) this.set(state.id, { markedUnread: false }).catch(() => undefined)
  }

  left(id: ConversationId): void {
    const wish = this.#wishes.get(id)
    if (wish) this.#over(id, wish.row.key, null)
    this.#ends.delete(id)
  }

  /** A mute that ends by itself is something that changes without an event. */
  watch(state: ConversationState): void {
    const settings = this.of(state)
    const { muted } = settings
    if (muted !== null && muted !== 'forever' && isMuted(settings, this.#parts.core.clock.now())) {
      this.#ends.set(state.id, Date.parse(muted))
    } else if (!this.#ends.delete(state.id)) return
    this.#schedule()
  }

  #schedule(): void {
    const { clock } = this.#parts.core
    this.#timer?.()
    this.#timer = null
    if (this.#ends.size === 0) return
    const next = Math.min(...this.#ends.values())
    this.#timer = clock.setTimer(Math.min(Math.max(next - clock.now(), 0), longestTimerMs), () => this.#ended())
  }

  #ended(): void {
    const { core } = this.#parts
    for (const [id, end] of this.#ends) {
      if (end > core.clock.now()) continue
      this.#ends.delete(id)
      core.changed(id)
    }
    this.#schedule()
  }

  #tell(id: ConversationId): void {
    const { core, jobs } = this.#parts
    if (!core.online()) return
    jobs.add({ name: `settings:${id}`, priority: Number.MAX_SAFE_INTEGER, run: finish => this.#ask(id, finish) })
  }

  #ask(id: ConversationId, finish: (outcome: JobOutcome) => void): void {
    const wish = this.#wishes.get(id)
    if (!wish || wish.sequence !== null) {
      finish('done')
      return
    }
    const { key, changes } = wish.row
    this.#parts.core.send('membership.update', { conversationId: id, key, ...changes }, outcome => {
      if ('lost' in outcome) return
      if ('result' in outcome) this.#answered(id, key, outcome.result.sequence)
      const later = 'problem' in outcome ? retryAfter(outcome.problem) : null
      if ('problem' in outcome && !later) this.#over(id, key, outcome.problem)
      finish(later ?? 'done')
    })
  }

  #answered(id: ConversationId, key: string, sequence: number | null): void {
    const wish = this.#wishes.get(id)
    const state = this.#parts.core.model.conversations.get(id)
    if (wish?.row.key !== key || !state) return
    if (sequence === null) {
      this.#over(id, key, null)
      return
    }
    wish.sequence = sequence
    // Its answer is what was asked for; the event only takes the wish's place.
    this.#waiting.get(key)?.resolve()
    this.#waiting.delete(key)
    this.settle(state)
  }

  #over(id: ConversationId, key: string, problem: Problem | null): void {
    const waiting = this.#waiting.get(key)
    this.#waiting.delete(key)
    if (problem) waiting?.reject(new ProblemError(problem))
    else waiting?.resolve()
    const { core } = this.#parts
    if (this.#wishes.get(id)?.row.key !== key) return
    this.#wishes.delete(id)
    core.writer.add({ kind: 'fulfilled', conversationId: id, key })
    const state = core.model.conversations.get(id)
    if (state) this.watch(state)
    core.changed(id)
    void core.guard(core.writer.flushed()).then(() => this.#parts.sharedChanged())
  }
}

/** What switching something on stands for in this conversation now. */
function resolve(
  { conversation }: ConversationState,
  { pinned, muted, archived, markedUnread }: SettingsChange & { readonly pinned?: number | null },
): SettingsWish['changes'] {
  return {
    ...(pinned !== undefined && { pinned }),
    ...(muted !== undefined && { muted }),
    ...(archived !== undefined && { archived: archived ? conversation.head.ordinal : null }),
    ...(markedUnread !== undefined && { markedUnread: markedUnread ? conversation.me.read : null }),
  }
}

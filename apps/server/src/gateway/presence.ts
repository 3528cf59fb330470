/**
 * Who is online (L9, P1): derived from live connections, held in memory, expiring by itself. Each node tells the others
 * what changed at its own connections and every 5 s that it lives, its full table every 30 s, and forgets a node that has
 * been silent for 15 s. Only last-seen is stored, when an account's last connection ends, and read where memory forgot.
 */
import type { AccountId, Presence, PresenceState } from '@recado/protocol'
import type { Bus } from '../bus/bus.ts'
import { type Clock, isoTime } from '../clock.ts'

const heartbeatMs = 5_000
const silentMs = 15_000
const heartbeatsPerTable = 6
/** Last-seen times kept in memory; the hub reads older ones from the store. */
const lastSeenKept = 10_000
/** A reload closes and opens a connection: nobody is told that somebody left for less than this. */
export const graceMs = 1_500

type Live = 'online' | 'away'

interface PresenceMessage {
  readonly node: string
  readonly full: boolean
  readonly items: readonly (readonly [AccountId, PresenceState])[]
}

interface RemoteNode {
  readonly states: Map<AccountId, Live>
  heardAt: number
}

export interface PresenceOptions {
  readonly node: string
  readonly bus: Bus
  readonly clock: Clock
  /** Told of every change of the state that is seen from outside. */
  onChange(presence: Presence): void
  /** The last connection of an account, anywhere this node knows of, is gone. */
  onGone(accountId: AccountId, micros: number): void
}

export class PresenceTable implements AsyncDisposable {
  readonly #options: PresenceOptions
  readonly #local = new Map<AccountId, Live>()
  readonly #remote = new Map<string, RemoteNode>()
  readonly #lastSeen = new Map<AccountId, number>()
  readonly #leaving = new Map<AccountId, () => void>()
  #beats = 0
  #stopTimer: () => void = () => undefined
  #unsubscribe: () => void = () => undefined

  private constructor(options: PresenceOptions) {
    this.#options = options
  }

  static async start(options: PresenceOptions): Promise<PresenceTable> {
    const table = new PresenceTable(options)
    table.#unsubscribe = await options.bus.subscribe('presence', payload => table.#hear(payload as PresenceMessage))
    table.#tick()
    return table
  }

  get(accountId: AccountId): Presence {
    const seen = this.#lastSeen.get(accountId)
    return { accountId, state: this.#state(accountId), lastSeenAt: seen === undefined ? null : isoTime(seen) }
  }

  /** The state at this node's own connections: null when there is none left. `atOnce` skips the grace of a reload. */
  set(accountId: AccountId, state: Live | null, when: 'at-once' | 'after-grace'): void {
    this.#leaving.get(accountId)?.()
    this.#leaving.delete(accountId)
    if (state !== null) this.#change(accountId, state)
    else if (this.#local.has(accountId)) {
      if (when === 'at-once') this.#leave(accountId)
      else
        this.#leaving.set(
          accountId,
          this.#options.clock.setTimer(graceMs, () => this.#leave(accountId)),
        )
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopTimer()
    // Nobody comes back to a node that stops: who left is gone, and when that was is kept.
    for (const [accountId, cancel] of [...this.#leaving]) {
      cancel()
      this.#leave(accountId)
    }
    this.#unsubscribe()
  }

  #leave(accountId: AccountId): void {
    this.#leaving.delete(accountId)
    const micros = this.#options.clock.now() * 1000
    this.#see(accountId, micros)
    this.#change(accountId, null)
    if (this.#state(accountId) === 'offline') this.#options.onGone(accountId, micros)
  }

  #see(accountId: AccountId, micros: number): void {
    this.#lastSeen.delete(accountId)
    this.#lastSeen.set(accountId, micros)
    for (const oldest of this.#lastSeen.keys()) {
      if (this.#lastSeen.size <= lastSeenKept) break
      this.#lastSeen.delete(oldest)
    }
  }

  #change(accountId: AccountId, state: Live | null): void {
    const before = this.#state(accountId)
    if (state === null) this.#local.delete(accountId)
    else this.#local.set(accountId, state)
    const after = this.#state(accountId)
    if (state !== null) this.#lastSeen.delete(accountId)
    this.#tell({ node: this.#options.node, full: false, items: [[accountId, state ?? 'offline']] })
    if (before !== after) this.#options.onChange(this.get(accountId))
  }

  #state(accountId: AccountId): PresenceState {
    let state: PresenceState = this.#local.get(accountId) ?? 'offline'
    for (const { states } of this.#remote.values()) {
      const there = states.get(accountId)
      if (there === 'online') return 'online'
      if (there === 'away' && state === 'offline') state = 'away'
    }
    return state
  }

  #hear(message: PresenceMessage): void {
    if (message.node === this.#options.node) return
    let remote = this.#remote.get(message.node)
    if (remote === undefined) {
      remote = { states: new Map(), heardAt: 0 }
      this.#remote.set(message.node, remote)
      this.#tellAll()
    }
    remote.heardAt = this.#options.clock.now()
    const changed = new Map(message.items)
    if (message.full) for (const id of remote.states.keys()) if (!changed.has(id)) changed.set(id, 'offline')
    this.#applyRemote(remote, changed)
  }

  #applyRemote(remote: RemoteNode, changed: ReadonlyMap<AccountId, PresenceState>): void {
    for (const [accountId, state] of changed) {
      const before = this.#state(accountId)
      if (state === 'offline') remote.states.delete(accountId)
      else remote.states.set(accountId, state)
      const after = this.#state(accountId)
      if (before === after) continue
      if (after === 'offline') this.#see(accountId, this.#options.clock.now() * 1000)
      this.#options.onChange(this.get(accountId))
    }
  }

  #tick(): void {
    if (this.#beats++ % heartbeatsPerTable === 0) this.#tellAll()
    else this.#tell({ node: this.#options.node, full: false, items: [] })
    const now = this.#options.clock.now()
    for (const [node, remote] of this.#remote) {
      if (now - remote.heardAt < silentMs) continue
      this.#applyRemote(remote, new Map([...remote.states.keys()].map(id => [id, 'offline'])))
      this.#remote.delete(node)
    }
    this.#stopTimer = this.#options.clock.setTimer(heartbeatMs, () => this.#tick())
  }

  #tellAll(): void {
    this.#tell({ node: this.#options.node, full: true, items: [...this.#local] })
  }

  #tell(message: PresenceMessage): void {
    this.#options.bus.publish('presence', message)
  }
}

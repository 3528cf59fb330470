/** Tells connections of the presence they asked for, and friends of each other's coming and going (P1). */
import type { AccountId, Presence } from '@recado/protocol'
import type { Bus } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { Store } from '../store/store.ts'
import type { Connection } from './connection.ts'
import { Frame } from './frame.ts'
import type { OnlineAccount } from './online-account.ts'
import { PresenceTable } from './presence.ts'

/** Last-seen times are written together, this long after the first of them. */
const lastSeenMs = 1_000

export interface PresenceHubOptions {
  readonly node: string
  readonly bus: Bus
  readonly clock: Clock
  readonly logger: Logger
  readonly store: Store
  readonly online: ReadonlyMap<AccountId, OnlineAccount>
  readonly connections: ReadonlySet<Connection>
}

export class PresenceHub implements AsyncDisposable {
  readonly #options: PresenceHubOptions
  /** Who on this node asked for an account's presence. */
  readonly #watchers = new Map<AccountId, Set<Connection>>()
  readonly #watched = new Map<Connection, readonly AccountId[]>()
  readonly #gone = new Map<AccountId, number>()
  #table: PresenceTable | null = null
  #writing: Promise<void> | null = null
  #cancelWrite: (() => void) | null = null

  constructor(options: PresenceHubOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    this.#table = await PresenceTable.start({
      ...this.#options,
      onChange: presence => this.#tell(presence),
      onGone: (accountId, micros) => this.#recordGone(accountId, micros),
    })
  }

  get(accountId: AccountId): Presence {
    return this.#table?.get(accountId) ?? { accountId, state: 'offline', lastSeenAt: null }
  }

  /** Derives an account's state from its connections on this node. */
  update(online: OnlineAccount, when: 'at-once' | 'after-grace'): void {
    let state: 'online' | 'away' | null = null
    for (const connection of online.connections) {
      if (!connection.away) state = 'online'
      else state ??= 'away'
    }
    this.#table?.set(online.id, state, when)
  }

  /** As `get`; when somebody was last seen comes from the store where this node's memory does not go back that far. */
  async read(accounts: readonly AccountId[]): Promise<Presence[]> {
    const forgotten = accounts.filter(accountId => isForgotten(this.get(accountId)))
    const people = forgotten.length === 0 ? [] : await this.#options.store.accounts.findPeople(forgotten)
    const seen = new Map(people.map(person => [person.id, person.lastSeenAt]))
    return accounts.map(accountId => {
      const presence = this.get(accountId)
      return isForgotten(presence) ? { ...presence, lastSeenAt: seen.get(accountId) ?? null } : presence
    })
  }

  subscribe(connection: Connection, accounts: readonly AccountId[]): void {
    this.forget(connection)
    if (accounts.length > 0) this.#watched.set(connection, accounts)
    for (const accountId of accounts) {
      const watchers = this.#watchers.get(accountId)
      if (watchers === undefined) this.#watchers.set(accountId, new Set([connection]))
      else watchers.add(connection)
    }
  }

  forget(connection: Connection): void {
    for (const accountId of this.#watched.get(connection) ?? []) {
      const watchers = this.#watchers.get(accountId)
      watchers?.delete(connection)
      if (watchers?.size === 0) this.#watchers.delete(accountId)
    }
    this.#watched.delete(connection)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#table?.[Symbol.asyncDispose]()
    this.#cancelWrite?.()
    await this.#writing
    await this.#write()
  }

  #tell(presence: Presence): void {
    const frame = Frame.ephemeral({ type: 'presence', items: [presence] })
    const told = new Set<Connection>(this.#watchers.get(presence.accountId))
    for (const friend of this.#friendsOf(presence.accountId))
      for (const connection of friend.connections) told.add(connection)
    for (const connection of told) connection.push(frame)
  }

  #friendsOf(accountId: AccountId): OnlineAccount[] {
    const friends: OnlineAccount[] = []
    const own = this.#options.online.get(accountId)
    if (own !== undefined) {
      for (const id of own.friends ?? []) {
        const friend = this.#options.online.get(id)
        if (friend !== undefined) friends.push(friend)
      }
      return friends
    }
    for (const online of this.#options.online.values())
      if (online.friends?.has(accountId) === true) friends.push(online)
    return friends
  }

  #recordGone(accountId: AccountId, micros: number): void {
    this.#gone.set(accountId, micros)
    this.#cancelWrite ??= this.#options.clock.setTimer(lastSeenMs, () => {
      this.#cancelWrite = null
      this.#writing = this.#write()
    })
  }

  async #write(): Promise<void> {
    if (this.#gone.size === 0) return
    const rows = [...this.#gone].map(([accountId, micros]) => ({ accountId, micros }))
    this.#gone.clear()
    try {
      await this.#options.store.accounts.recordLastSeen(rows)
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'last-seen times could not be written')
    }
  }
}

function isForgotten({ state, lastSeenAt }: Presence): boolean {
  return state === 'offline' && lastSeenAt === null
}

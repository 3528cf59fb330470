/**
 * What the engine needs from outside. It touches no network, clock, randomness or storage by itself: browsers, Node,
 * tests and the simulation hand in their own, and the same inputs give the same run.
 */
import type { OperationInput, OperationName, OperationOutput, Problem, SessionId } from '@recado/protocol'
import type { Cache } from './cache/cache.ts'
import type { Settlement } from './cache/rows.ts'
import type { SavedSession } from './types.ts'

/** One socket. `closed` comes exactly once, also when the socket never opened; nothing comes after it. */
export interface SocketHandlers {
  opened(): void
  message(text: string): void
  closed(code: number): void
}

export interface Socket {
  send(text: string): void
  /** Ends the socket; `closed` follows, at the latest when the other side answers. */
  close(): void
}

export type HttpReply<Name extends OperationName> =
  | { readonly result: OperationOutput<Name> }
  | { readonly problem: Problem }

export interface Transport {
  /** A request to `/v1/media/` or below it. Rejects when no answer came. */
  media?(path: string, request: RequestInit): Promise<Response>
  /** The handlers are called later, never from inside this call. */
  openSocket(handlers: SocketHandlers): Socket
  /** `POST /v1/<operation>`. Rejects only when no answer came: then it is unknown whether the server did it. */
  request<Name extends OperationName>(
    operation: Name,
    data: OperationInput<Name>,
    token: string | null,
  ): Promise<HttpReply<Name>>
}

/** Cancels what it was returned for; harmless when that has already happened. */
export type Cancel = () => void

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  setTimer(afterMs: number, callback: () => void): Cancel
}

export interface Random {
  /** At least 0, below 1. */
  next(): number
  /** A fresh id of at most 64 visible ASCII characters, unguessable where it runs for real. */
  id(): string
}

/** Exclusive locks between all engines that share a cache. Without them two tabs send the same entry twice: harmless (L3), but wasteful. */
export interface Locks {
  /** Runs `task` while the lock is held, after those who asked earlier; `signal` stops waiting for it. */
  exclusive<Result>(name: string, task: () => Promise<Result>, signal?: AbortSignal): Promise<Result>
}

/** What tabs that share a cache tell each other. */
export type TabMessage =
  | { readonly kind: 'outbox-changed'; readonly database: string }
  /** `unsent`: what becomes of what was not sent. */
  | { readonly kind: 'signing-out'; readonly database: string; readonly unsent: Settlement }
  | { readonly kind: 'signed-in' }

/** A channel between tabs: what one posts, all others receive, not the sender. */
export interface Tabs {
  post(message: TabMessage): void
  listen(listener: (message: TabMessage) => void): Cancel
}

/** Opens the durable cache of one sign-in. A storage that is blocked rejects: the client then keeps all in memory. */
export interface CacheFactory {
  readonly storage: 'durable' | 'memory'
  open(database: string, gone: () => void): Promise<Cache>
  /** Deletes it, waiting for other tabs to let go. */
  delete(database: string): Promise<void>
}

/**
 * Where the sign-in survives a restart of the program: one for all tabs, the last one made. `replace` and `clear` look and
 * write in one step: without that, a tab that renews or ends its sign-in would undo one that another tab has made meanwhile.
 */
export interface SessionStore {
  load(): Promise<SavedSession | null>
  save(session: SavedSession): Promise<void>
  /** Stores `next` if what is stored is of the same sign-in and has the same refresh token as `before`; returns whether. */
  replace(before: SavedSession, next: SavedSession): Promise<boolean>
  /** Forgets this sign-in, and no other. */
  clear(sessionId: SessionId): Promise<void>
}

/** Runs `callback` once, soon: the beat at which listeners hear of changes, however many there were. */
export type Schedule = (callback: () => void) => void

export interface Ports {
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly caches: CacheFactory
  readonly sessions: SessionStore
  readonly locks: Locks
  readonly schedule: Schedule
  /** Absent where there is only one engine per cache. */
  readonly tabs?: Tabs
}

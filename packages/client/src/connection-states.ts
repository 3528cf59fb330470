import type { ConnectionStatus } from './engine/connection.ts'
import type { Clock } from './ports.ts'
import type { ConnectionState, SignedOutReason } from './types.ts'

/** The connection as programs see it: the same object until something about it changes, `since` kept within a state. */
export class ConnectionStates {
  readonly #clock: Clock
  #current: ConnectionState

  constructor(clock: Clock) {
    this.#clock = clock
    this.#current = { state: 'starting', since: clock.now() }
  }

  get current(): ConnectionState {
    return this.#current
  }

  signedOut(reason: SignedOutReason): void {
    this.#current = { state: 'signed-out', since: this.#clock.now(), reason }
  }

  follow(status: ConnectionStatus, caughtUp: boolean): void {
    const current = this.#current
    switch (status.at) {
      case 'online':
        if (current.state === 'online' && current.caughtUp === caughtUp) return
        this.#current = { state: 'online', since: this.#since('online'), caughtUp }
        return
      case 'connecting':
        if (current.state !== 'connecting') this.#current = { state: 'connecting', since: this.#clock.now() }
        return
      case 'waiting':
        if (current.state === 'offline' && current.retryAt === status.retryAt) return
        this.#current = { state: 'offline', since: this.#since('offline'), retryAt: status.retryAt }
        return
      case 'stopped':
    }
  }

  #since(state: ConnectionState['state']): number {
    return this.#current.state === state ? this.#current.since : this.#clock.now()
  }
}

/** Ports of a program that can be killed: from then on nothing it began goes on, and nothing it starts is done. */
import type { Cache } from '../cache/cache.ts'
import type { CacheFactory, Clock, Locks, SessionStore, Tabs, Transport } from '../ports.ts'

export class Mortal {
  #state: 'alive' | 'dead' = 'alive'
  readonly #death = Promise.withResolvers<never>()

  constructor() {
    this.#death.promise.catch(() => undefined)
  }

  kill(): void {
    this.#state = 'dead'
    this.#death.reject(new Error('The program died.'))
  }

  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      setTimer: (afterMs, callback) => clock.setTimer(afterMs, () => this.#alive(callback)),
    }
  }

  transport(transport: Transport): Transport {
    return {
      openSocket: handlers => {
        const socket = transport.openSocket({
          opened: () => this.#alive(() => handlers.opened()),
          message: text => this.#alive(() => handlers.message(text)),
          closed: code => this.#alive(() => handlers.closed(code)),
        })
        return { send: text => this.#alive(() => socket.send(text)), close: () => socket.close() }
      },
      request: (operation, data, token) => this.#while(() => transport.request(operation, data, token)),
    }
  }

  /** What the dead held is let go; what they waited for they never get. */
  locks(locks: Locks): Locks {
    return {
      exclusive: (name, task, signal) =>
        this.#while(() =>
          locks
            .exclusive(name, () => Promise.race([this.#while(task), this.#death.promise]), signal)
            .catch(error => (this.#isDead() ? new Promise<never>(() => undefined) : Promise.reject(error))),
        ),
    }
  }

  tabs(tabs: Tabs): Tabs {
    return {
      post: message => this.#alive(() => tabs.post(message)),
      listen: listener => tabs.listen(message => this.#alive(() => listener(message))),
    }
  }

  caches(caches: CacheFactory): CacheFactory {
    return {
      storage: caches.storage,
      open: (name, gone) => this.#while(async () => this.#cache(await caches.open(name, () => this.#alive(gone)))),
      delete: name => this.#while(() => caches.delete(name)),
    }
  }

  sessions(sessions: SessionStore): SessionStore {
    return {
      load: () => this.#while(() => sessions.load()),
      save: session => this.#while(() => sessions.save(session)),
      replace: (before, next) => this.#while(() => sessions.replace(before, next)),
      clear: sessionId => this.#while(() => sessions.clear(sessionId)),
    }
  }

  #cache(cache: Cache): Cache {
    return {
      read: (stores, work) => this.#while(() => cache.read(stores, work)),
      write: (stores, work, durability) => this.#while(() => cache.write(stores, work, durability)),
      close: () => this.#while(() => cache.close()),
    }
  }

  #alive(callback: () => void): void {
    if (this.#state === 'alive') callback()
  }

  /** What was asked of storage before the end may still happen; the dead never hear of it. */
  async #while<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#isDead()) return new Promise(() => undefined)
    const result = await work()
    return this.#isDead() ? new Promise(() => undefined) : result
  }

  #isDead(): boolean {
    return this.#state === 'dead'
  }
}

/**
 * A device: what outlives the program on it (cache, sign-in), and the program, which is the real SDK on ports of the
 * simulation. The program can die at any moment and be started again on what was stored.
 */
import {
  type CacheFactory,
  type Client,
  createClient,
  createMemoryCaches,
  createMemorySessions,
  type Locks,
  type Ports,
  type SessionStore,
  type Transport,
} from '@recado/client'
import type { Dice } from './dice.ts'
import { type Life, never } from './life.ts'
import type { Scheduler } from './scheduler.ts'

type Cache = Awaited<ReturnType<CacheFactory['open']>>

export interface DeviceOptions {
  readonly name: string
  readonly scheduler: Scheduler
  readonly dice: Dice
  /** The way to the servers, for a program that lives as long as this. */
  connect(life: Life): Transport
}

export interface Program {
  readonly client: Client
  readonly life: Life
}

export class Device {
  readonly name: string
  readonly #options: DeviceOptions
  readonly #caches = createMemoryCaches()
  readonly #sessions = createMemorySessions()
  readonly #skewMs: number
  #locks = new Map<string, Promise<unknown>>()
  #ids = 0
  program: Program

  constructor(options: DeviceOptions) {
    this.name = options.name
    this.#options = options
    this.#skewMs = Math.round(options.dice.between(-2_000, 2_000))
    this.program = this.#start()
  }

  /** The program dies; what it had stored is there for the next. */
  crash(): void {
    this.program.life.alive = false
    this.#locks = new Map()
  }

  restart(): void {
    this.program = this.#start()
  }

  #start(): Program {
    const life: Life = { alive: true }
    const { scheduler, dice, connect } = this.#options
    const ifAlive = (run: () => void) => () => {
      if (life.alive) run()
    }
    const ports: Ports = {
      transport: connect(life),
      clock: {
        now: () => scheduler.now + this.#skewMs,
        setTimer: (afterMs, callback) => scheduler.after(afterMs, ifAlive(callback)),
      },
      random: { next: () => dice.next(), id: () => `${this.name}-${++this.#ids}-${dice.integer(1e9)}` },
      caches: this.#cachesOf(life),
      sessions: this.#sessionsOf(life),
      locks: this.#locksOf(life),
      schedule: callback => void scheduler.after(dice.between(0, 16), ifAlive(callback)),
    }
    return { client: createClient(ports, { device: this.name, refresh: 'body' }), life }
  }

  /** Storage takes a moment; the program may die before it began, or before it heard that it is done. */
  async #store<Result>(life: Life, work: () => Promise<Result>): Promise<Result> {
    const { scheduler, dice } = this.#options
    await scheduler.wait(dice.between(0, 3))
    if (!life.alive) return never()
    const result = await work().finally(() => scheduler.wait(dice.between(0, 3)))
    return life.alive ? result : never()
  }

  #cachesOf(life: Life): Ports['caches'] {
    const caches = this.#caches
    return {
      storage: caches.storage,
      open: async (database, gone) => {
        const cache = await this.#store(life, () => caches.open(database, gone))
        return this.#cacheOf(life, cache)
      },
      delete: database => this.#store(life, () => caches.delete(database)),
    }
  }

  #cacheOf(life: Life, cache: Cache): Cache {
    return {
      read: (stores, work) => this.#store(life, () => cache.read(stores, work)),
      write: (stores, work, durability) => this.#store(life, () => cache.write(stores, work, durability)),
      close: () => this.#store(life, () => cache.close()),
    }
  }

  #sessionsOf(life: Life): SessionStore {
    const sessions = this.#sessions
    return {
      load: () => this.#store(life, () => sessions.load()),
      save: session => this.#store(life, () => sessions.save(session)),
      replace: (before, next) => this.#store(life, () => sessions.replace(before, next)),
      clear: sessionId => this.#store(life, () => sessions.clear(sessionId)),
    }
  }

  /** One after the other; a dead program's are free. */
  #locksOf(life: Life): Locks {
    return {
      exclusive: async (name, task) => {
        if (!life.alive) return never()
        const before = this.#locks.get(name) ?? Promise.resolve()
        const turn = before.then(() => (life.alive ? task() : never<never>()))
        this.#locks.set(
          name,
          turn.catch(() => undefined),
        )
        return await turn
      },
    }
  }
}

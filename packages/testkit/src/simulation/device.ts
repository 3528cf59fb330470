/**
 * A program on a machine: one tab, which is the real SDK on ports of the simulation. It can die at any moment and be started
 * again on what the machine has stored.
 */
import {
  type CacheFactory,
  type Client,
  createClient,
  type Ports,
  type SessionStore,
  type Transport,
} from '@recado/client'
import type { Dice } from './dice.ts'
import { type Life, never } from './life.ts'
import type { Machine } from './machine.ts'
import type { Scheduler } from './scheduler.ts'

type Cache = Awaited<ReturnType<CacheFactory['open']>>

export interface DeviceOptions {
  readonly name: string
  readonly machine: Machine
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
  readonly machine: Machine
  readonly #options: DeviceOptions
  #ids = 0
  program: Program

  constructor(options: DeviceOptions) {
    this.name = options.name
    this.machine = options.machine
    this.#options = options
    this.program = this.#start()
  }

  /** The program dies; what it had stored is there for the next. */
  crash(): void {
    const { life } = this.program
    life.alive = false
    this.machine.tabGone(life)
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
        now: () => scheduler.now + this.machine.skewMs,
        setTimer: (afterMs, callback) => scheduler.after(afterMs, ifAlive(callback)),
      },
      random: { next: () => dice.next(), id: () => `${this.name}-${++this.#ids}-${dice.integer(1e9)}` },
      caches: this.#cachesOf(life),
      sessions: this.#sessionsOf(life),
      locks: this.machine.locks(life),
      tabs: this.machine.tabs(life),
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
    const { caches } = this.machine
    const { scheduler, dice } = this.#options
    return {
      storage: 'durable',
      open: async (database, gone) => {
        const told = () =>
          scheduler.after(dice.between(0, 20), () => {
            if (life.alive) gone()
          })
        const cache = await this.#store(life, () => caches.open(database, told))
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
    const { sessions } = this.machine
    return {
      load: () => this.#store(life, () => sessions.load()),
      save: session => this.#store(life, () => sessions.save(session)),
      replace: (before, next) => this.#store(life, () => sessions.replace(before, next)),
      clear: sessionId => this.#store(life, () => sessions.clear(sessionId)),
    }
  }
}

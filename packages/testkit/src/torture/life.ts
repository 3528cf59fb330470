/**
 * The world of a client program from its start until it is killed: the SDK's own ports, with a tap on the wire and an end
 * that comes without warning. After `kill` nothing of it happens any more: no callback, no timer, no write, and whoever
 * waits for storage waits for ever, as in a process that is gone. What storage had taken in by then stays.
 */
import { randomUUID } from 'node:crypto'
import {
  type CacheFactory,
  type Clock,
  createTransport,
  type Ports,
  type SessionStore,
  type Transport,
} from '@recado/client'
import type { Acknowledgement } from './evidence.ts'

type Cache = Awaited<ReturnType<CacheFactory['open']>>

export interface LifeOptions {
  readonly url: string
  /** What survives: storage and the sign-in. */
  readonly caches: CacheFactory
  readonly sessions: SessionStore
  readonly acknowledged: (conversationId: number, acknowledgement: Acknowledgement) => void
}

const reply = /^\{"type":"reply","id":(\d+),"result":/

export class Life {
  readonly ports: Partial<Ports>
  readonly over: Promise<void>
  /** The newest id that was given out: the key of a message that was just handed over. */
  lastId = ''
  /** The name of the cache that was opened first: the sign-in's own. */
  database = ''
  #state: 'alive' | 'dead' = 'alive'
  readonly #end: () => void
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #options: LifeOptions

  constructor(options: LifeOptions) {
    this.#options = options
    const { promise, resolve } = Promise.withResolvers<void>()
    this.over = promise
    this.#end = resolve
    this.ports = {
      transport: this.#transport(createTransport(options.url)),
      clock: this.#clock(),
      random: { next: () => Math.random(), id: () => this.#id() },
      caches: {
        storage: options.caches.storage,
        open: async name => this.#open(name),
        delete: name => options.caches.delete(name),
      },
      sessions: {
        load: () => this.#whileAlive(options.sessions.load()),
        save: session => (this.#state === 'alive' ? options.sessions.save(session) : this.#never()),
        replace: (before, next) => (this.#state === 'alive' ? options.sessions.replace(before, next) : this.#never()),
        clear: sessionId => (this.#state === 'alive' ? options.sessions.clear(sessionId) : this.#never()),
      },
    }
  }

  kill(): void {
    this.#state = 'dead'
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#end()
  }

  #id(): string {
    this.lastId = randomUUID()
    return this.lastId
  }

  #never<Result>(): Promise<Result> {
    return new Promise<Result>(() => undefined)
  }

  #ifAlive(callback: () => void): void {
    if (this.#state === 'alive') callback()
  }

  async #whileAlive<Result>(work: Promise<Result>): Promise<Result> {
    try {
      const result = await work
      return this.#state === 'alive' ? result : this.#never()
    } catch (error) {
      if (this.#state === 'alive') throw error
      return this.#never()
    }
  }

  #clock(): Clock {
    return {
      now: () => Date.now(),
      setTimer: (afterMs, callback) => {
        if (this.#state === 'dead') return () => undefined
        const timer = setTimeout(() => {
          this.#timers.delete(timer)
          callback()
        }, afterMs)
        this.#timers.add(timer)
        return () => {
          clearTimeout(timer)
          this.#timers.delete(timer)
        }
      },
    }
  }

  #transport(real: Transport): Transport {
    return {
      request: (operation, data, token) =>
        this.#state === 'alive' ? this.#whileAlive(real.request(operation, data, token)) : this.#never(),
      openSocket: handlers => {
        const sends = new Map<number, { readonly conversationId: number; readonly key: string }>()
        const socket = real.openSocket({
          opened: () => this.#ifAlive(() => handlers.opened()),
          closed: code => this.#ifAlive(() => handlers.closed(code)),
          message: text => {
            this.#ifAlive(() => {
              this.#hear(text, sends)
              handlers.message(text)
            })
          },
        })
        return {
          send: text => {
            this.#ifAlive(() => {
              note(text, sends)
              socket.send(text)
            })
          },
          close: () => this.#ifAlive(() => socket.close()),
        }
      },
    }
  }

  #hear(text: string, sends: Map<number, { readonly conversationId: number; readonly key: string }>): void {
    const id = Number(reply.exec(text)?.[1] ?? Number.NaN)
    const sent = sends.get(id)
    if (sent === undefined) return
    sends.delete(id)
    const { result } = JSON.parse(text)
    this.#options.acknowledged(sent.conversationId, {
      key: sent.key,
      id: result.id,
      sequence: result.sequence,
      ordinal: result.ordinal,
    })
  }

  async #open(name: string): Promise<Cache> {
    this.database ||= name
    const real = await this.#options.caches.open(name, () => undefined)
    return {
      read: (stores, work) => (this.#state === 'alive' ? this.#whileAlive(real.read(stores, work)) : this.#never()),
      write: (stores, work, durability) =>
        this.#state === 'alive' ? this.#settleLater(real.write(stores, work, durability)) : this.#never(),
      close: () => real.close(),
    }
  }

  /** A write has happened a moment before its writer hears of it: between the two the program may die. */
  async #settleLater<Result>(work: Promise<Result>): Promise<Result> {
    const result = await work
    await new Promise(resolve => setImmediate(resolve))
    return this.#state === 'alive' ? result : this.#never()
  }
}

function note(text: string, sends: Map<number, { readonly conversationId: number; readonly key: string }>): void {
  if (!text.includes('"op":"message.send"')) return
  const { id, op, data } = JSON.parse(text)
  if (op === 'message.send') sends.set(id, { conversationId: data.conversationId, key: data.clientMessageId })
}

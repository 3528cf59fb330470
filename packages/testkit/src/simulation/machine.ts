/**
 * What the tabs of one browser share, and what outlives them: storage, the sign-in, locks and a channel. Some browsers have
 * no locks, as on plain http. A tab that dies lets go what it held; what it had stored is there for the next.
 */
import {
  type CacheFactory,
  createMemoryCaches,
  createMemorySessions,
  type Locks,
  type SessionStore,
  type TabMessage,
  type Tabs,
} from '@recado/client'
import type { AccountId, MailId, SessionId } from '@recado/protocol'
import type { Dice } from './dice.ts'
import { type Life, never } from './life.ts'
import type { Scheduler } from './scheduler.ts'
import type { Weather } from './weather.ts'

export interface MachineOptions {
  readonly name: string
  readonly scheduler: Scheduler
  readonly dice: Dice
  readonly weather: Weather
  /** A mail is in its storage. */
  onMailStored(accountId: AccountId, mailId: MailId): void
  /** A draft that says this is in its storage. */
  onDraftStored(html: string): void
  /** A test's own faults. */
  readonly planted: {
    caches?(caches: CacheFactory): CacheFactory
    sessions?(sessions: SessionStore): SessionStore
    readonly tabs?: 'deaf'
  }
}

type Cache = Awaited<ReturnType<CacheFactory['open']>>

interface Waiting {
  readonly life: Life
  begin(): void
}

export class Machine {
  readonly name: string
  readonly caches: CacheFactory
  readonly sessions: SessionStore
  readonly skewMs: number
  readonly #options: MachineOptions
  readonly #hasLocks: boolean
  readonly #queues = new Map<string, Waiting[]>()
  readonly #listeners = new Map<(message: TabMessage) => void, Life>()
  readonly #stored: CacheFactory
  /** The sign-in's own databases, by name. */
  readonly #databases = new Set<string>()
  /** The sign-in that was last stored here. */
  lastSession: SessionId | null = null
  /** Whether somebody at it has asked to end its sign-in, or to put another in its place. */
  leaving = false
  readonly #leaves = new Set<{ readonly life: Life }>()
  /** Whether the last sign-in ended with everything unsent thrown away; then the next one that is made begins with nothing. */
  emptied = false
  cleanSession: SessionId | null = null
  /** In ms: until then nothing of it dies, so that what only lives in memory finds its way back into storage. */
  sparedUntil = 0

  constructor(options: MachineOptions) {
    const { name, dice } = options
    this.name = name
    this.#options = options
    this.skewMs = Math.round(dice.between(-2_000, 2_000))
    this.#hasLocks = dice.chance(0.7)
    this.#stored = createMemoryCaches()
    const noted: CacheFactory = {
      ...this.#stored,
      open: (database, gone) => {
        if (/\d$/.test(database)) this.#databases.add(database)
        return this.#open(database, gone)
      },
    }
    this.caches = options.planted.caches?.(noted) ?? noted
    const sessions = createMemorySessions()
    const remembered: SessionStore = {
      ...sessions,
      save: session => {
        this.lastSession = session.sessionId
        this.cleanSession = this.emptied ? session.sessionId : null
        this.emptied = false
        return sessions.save(session)
      },
    }
    this.sessions = options.planted.sessions?.(remembered) ?? remembered
  }

  /** What the browser does when it needs the room, or somebody clears it: what waits for a sign-in is in another place. */
  async clear(accountId: AccountId): Promise<void> {
    for (const database of this.#databases) {
      if (database.startsWith(`recado-${accountId}-`)) await this.#stored.delete(database)
    }
  }

  /** Notes which mails and drafts a transaction has stored. */
  async #open(database: string, gone: () => void): Promise<Cache> {
    const cache = await this.#stored.open(database, gone)
    const accountId = Number(database.split('-')[1]) as AccountId
    return {
      ...cache,
      write: async (stores, work, durability) => {
        if (!stores.includes('mailHeaders') && !stores.includes('drafts')) return cache.write(stores, work, durability)
        const put: MailId[] = []
        const drafts: string[] = []
        const result = await cache.write(
          stores,
          rows => {
            const noting: typeof rows.put = (store, key, row) => {
              if (store === 'mailHeaders') put.push(key as MailId)
              if (store === 'drafts') drafts.push((row as { readonly content: { readonly html: string } }).content.html)
              return rows.put(store, key, row)
            }
            return work({ ...rows, put: noting })
          },
          durability,
        )
        for (const mailId of put) this.#options.onMailStored(accountId, mailId)
        for (const html of drafts) this.#options.onDraftStored(html)
        return result
      },
    }
  }

  /** Runs what may end its sign-in, and says whether somebody is signed in afterwards. */
  async leave(life: Life, work: () => Promise<boolean>): Promise<void> {
    const one = { life }
    this.#leaves.add(one)
    this.leaving = true
    const isIn = await work().finally(() => this.#leaves.delete(one))
    // What others in it began, or in a tab beside it, may still end this sign-in too.
    if (isIn) this.leaving = [...this.#leaves].some(other => other.life.alive)
  }

  locks(life: Life): Locks {
    if (!this.#hasLocks) return { exclusive: (_name, task) => (life.alive ? task() : never()) }
    return { exclusive: (name, task, signal) => this.#exclusive(name, { life, task, signal }) }
  }

  tabs(life: Life): Tabs {
    const { scheduler, dice, weather, planted } = this.#options
    return {
      post: message => {
        if (!life.alive || planted.tabs === 'deaf') return
        for (const [listener, other] of this.#listeners) {
          if (other === life) continue
          scheduler.after(dice.between(0.1, weather.tabMs), () => {
            if (other.alive && this.#listeners.has(listener)) listener(message)
          })
        }
      },
      listen: listener => {
        this.#listeners.set(listener, life)
        return () => this.#listeners.delete(listener)
      },
    }
  }

  /** A tab died. */
  tabGone(life: Life): void {
    for (const [listener, other] of this.#listeners) if (other === life) this.#listeners.delete(listener)
    for (const [name, queue] of this.#queues) {
      const head = queue[0]
      const left = queue.filter(waiting => waiting.life !== life)
      this.#queues.set(name, left)
      if (left[0] !== undefined && left[0] !== head) left[0].begin()
    }
  }

  #exclusive<Result>(
    name: string,
    { life, task, signal }: { life: Life; task: () => Promise<Result>; signal: AbortSignal | undefined },
  ): Promise<Result> {
    if (!life.alive) return never()
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const queue = this.#queues.get(name) ?? []
    this.#queues.set(name, queue)
    let state: 'waiting' | 'running' = 'waiting'
    const waiting: Waiting = {
      life,
      begin: () => {
        state = 'running'
        void Promise.resolve()
          .then(task)
          .then(resolve, reject)
          .then(() => this.#leave(name, waiting))
      },
    }
    signal?.addEventListener('abort', () => {
      if (state === 'running') return
      this.#leave(name, waiting)
      reject(signal.reason)
    })
    queue.push(waiting)
    if (queue[0] === waiting) waiting.begin()
    return promise
  }

  #leave(name: string, who: Waiting): void {
    const queue = this.#queues.get(name) ?? []
    const place = queue.indexOf(who)
    if (place < 0) return
    queue.splice(place, 1)
    if (place === 0) queue[0]?.begin()
  }
}

/** People by id, and who of them is here (L9): looked up a few at a time, watched while somebody on screen asks. */
import { type AccountId, limits, type Person, type Presence } from '@recado/protocol'
import type { Cancel } from '../ports.ts'
import type { Core } from './core.ts'

/** Long enough for a screen to ask for everybody on it, too short to notice. */
const gatherMs = 30

export class People {
  readonly #core: Core
  readonly #wanted = new Set<AccountId>()
  /** Asked for and not there: not asked for again on this connection. */
  readonly #unknown = new Set<AccountId>()
  readonly #watched = new Map<AccountId, number>()
  #lookUp: Cancel | null = null
  #subscribe: Cancel | null = null
  #own: 'online' | 'away' = 'online'

  constructor(core: Core) {
    this.#core = core
  }

  /** Newer facts about these people. */
  learn(people: readonly Person[]): void {
    const known = this.#core.model.people
    const changed = people.filter(person => {
      const before = known.get(person.id)
      return before?.displayName !== person.displayName || before.username !== person.username
    })
    if (changed.length === 0) return
    for (const person of changed) known.set(person.id, person)
    this.#core.model.versions.people++
    this.#core.writer.add({ kind: 'people', items: changed })
    this.#core.changed()
  }

  want(ids: Iterable<AccountId>): void {
    for (const id of ids) {
      if (!this.#core.model.people.has(id) && !this.#unknown.has(id)) this.#wanted.add(id)
    }
    if (this.#wanted.size > 0) this.#lookUp ??= this.#core.clock.setTimer(gatherMs, () => this.#request())
  }

  watch(ids: readonly AccountId[]): () => void {
    for (const id of ids) this.#watched.set(id, (this.#watched.get(id) ?? 0) + 1)
    this.want(ids)
    this.#resubscribe()
    let release = () => {
      for (const id of ids) {
        const left = (this.#watched.get(id) ?? 1) - 1
        if (left > 0) this.#watched.set(id, left)
        else this.#watched.delete(id)
      }
      this.#resubscribe()
    }
    return () => {
      release()
      release = () => undefined
    }
  }

  setOwn(state: 'online' | 'away'): void {
    if (this.#own === state) return
    this.#own = state
    this.#core.send('presence.set', { state }, () => undefined)
  }

  presence(items: readonly Presence[]): void {
    if (items.length === 0) return
    for (const item of items) this.#core.model.presence.set(item.accountId, item)
    this.#core.model.versions.presence++
    this.#core.changed()
  }

  connected(): void {
    this.#unknown.clear()
    if (this.#own === 'away') this.#core.send('presence.set', { state: 'away' }, () => undefined)
    if (this.#watched.size > 0) this.#resubscribe()
    this.want([])
  }

  disconnected(): void {
    this.#core.model.presence.clear()
    this.#core.model.versions.presence++
    this.stop()
  }

  stop(): void {
    this.#lookUp?.()
    this.#subscribe?.()
    this.#lookUp = null
    this.#subscribe = null
  }

  #resubscribe(): void {
    this.#subscribe ??= this.#core.clock.setTimer(gatherMs, () => {
      this.#subscribe = null
      const accountIds = [...this.#watched.keys()].slice(-limits.presenceSubscriptions)
      this.#core.send('presence.subscribe', { accountIds }, outcome => {
        if ('result' in outcome) this.presence(outcome.result.items)
      })
    })
  }

  #request(): void {
    this.#lookUp = null
    const ids = [...this.#wanted].slice(0, limits.pageSize)
    const asked = this.#core.send('people.get', { accountIds: ids }, outcome => {
      if (!('result' in outcome)) return
      this.learn(outcome.result.items)
      const found = new Set(outcome.result.items.map(person => person.id))
      for (const id of ids) if (!found.has(id)) this.#unknown.add(id)
    })
    if (!asked) return
    for (const id of ids) this.#wanted.delete(id)
    this.want([])
  }
}

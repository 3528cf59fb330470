/** Builds the snapshot of the whole, lazily: only what changed since the last one is made anew. */
import type { ConversationId } from '@recado/protocol'
import type { BellView, ClientSnapshot, ConversationView } from '../types.ts'
import type { Parts } from './parts.ts'
import { compareRecency, countUnread, createConversationView } from './views.ts'

/** What the engine contributes to the client's snapshot. */
export type EngineSnapshot = Omit<ClientSnapshot, 'connection' | 'storage' | 'signIn'>

export class Snapshots {
  readonly #parts: Parts
  readonly #views = new Map<ConversationId, ConversationView>()
  readonly #dirty = new Set<ConversationId>()
  #list: readonly ConversationView[] = []
  #last: EngineSnapshot | null = null
  #people: { version: number; value: EngineSnapshot['people'] } = { version: -1, value: new Map() }
  #presence: { version: number; value: EngineSnapshot['presence'] } = { version: -1, value: new Map() }
  #bell: { version: number; value: BellView } = { version: -1, value: { items: [], count: 0 } }

  constructor(parts: Parts) {
    this.#parts = parts
  }

  changed(id: ConversationId | undefined): void {
    this.#last = null
    if (id !== undefined) this.#dirty.add(id)
  }

  /** Every conversation anew: at the start, and when the list was emptied. */
  changedAll(): void {
    this.#last = null
    for (const id of this.#views.keys()) this.#dirty.add(id)
    for (const id of this.#parts.core.model.conversations.keys()) this.#dirty.add(id)
  }

  view(id: ConversationId): ConversationView | null {
    this.build()
    return this.#views.get(id) ?? null
  }

  build(): EngineSnapshot {
    if (this.#last) return this.#last
    this.#refreshViews()
    const { model } = this.#parts.core
    const { versions } = model
    if (this.#people.version !== versions.people) {
      this.#people = { version: versions.people, value: new Map(model.people) }
    }
    if (this.#presence.version !== versions.presence) {
      this.#presence = { version: versions.presence, value: new Map(model.presence) }
    }
    if (this.#bell.version !== versions.bell) {
      const items = [...model.bell.values()].sort((a, b) => b.id - a.id)
      this.#bell = { version: versions.bell, value: { items, count: items.length } }
    }
    this.#last = {
      me: model.account,
      sessionId: model.sessionId,
      ready: model.ready,
      conversations: this.#list,
      unread: countUnread(this.#list),
      people: this.#people.value,
      presence: this.#presence.value,
      bell: this.#bell.value,
      outbox: this.#countOutbox(),
      saved: this.#parts.saved.view(),
    }
    return this.#last
  }

  #refreshViews(): void {
    if (this.#dirty.size === 0) return
    const { core, outbox, settings, typing } = this.#parts
    const nowMs = core.clock.now()
    for (const id of this.#dirty) {
      const state = core.model.conversations.get(id)
      const common = { outbox: outbox.items, typing: typing.of(id), nowMs, me: core.model.me }
      if (state) this.#views.set(id, createConversationView(state, { ...common, settings: settings.of(state) }))
      else this.#views.delete(id)
    }
    this.#dirty.clear()
    this.#list = [...this.#views.values()].sort(compareRecency)
  }

  #countOutbox(): ClientSnapshot['outbox'] {
    const { waiting, refused } = this.#parts.outbox.items.count()
    const known = this.#counted
    if (known.waiting !== waiting || known.refused !== refused) this.#counted = { waiting, refused }
    return this.#counted
  }

  #counted: ClientSnapshot['outbox'] = { waiting: 0, refused: 0 }
}

/** A conversation as a program holds it; what stands behind it may come and go with the sign-in. */
import type { ConversationId } from '@recado/protocol'
import type { Beat } from './beat.ts'
import type { Engine } from './engine/engine.ts'
import type { ConversationHandle, ConversationSnapshot } from './types.ts'

const nothing = (id: ConversationId): ConversationSnapshot => ({
  id,
  view: null,
  items: [],
  hasOlder: true,
  hasNewer: false,
  loading: { first: true, older: false, newer: false },
  problem: null,
  members: null,
  positions: new Map(),
  typing: [],
  pins: null,
})

export class Handle implements ConversationHandle {
  readonly id: ConversationId
  readonly #beat: Beat
  readonly #engine: () => Engine | null
  readonly #nothing: ConversationSnapshot

  constructor(id: ConversationId, beat: Beat, engine: () => Engine | null) {
    this.id = id
    this.#beat = beat
    this.#engine = engine
    this.#nothing = nothing(id)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const stop = this.#beat.listenTo(this.id, listener)
    this.#engine()?.open(this.id)
    return () => {
      stop()
      if (!this.#beat.isListenedTo(this.id)) this.#engine()?.close(this.id)
    }
  }

  readonly getSnapshot = (): ConversationSnapshot => {
    const engine = this.#engine()
    const opened = engine?.opened(this.id)
    return (engine && opened?.snapshot(engine.view(this.id))) || this.#nothing
  }

  async open(): Promise<void> {
    const engine = this.#engine()
    await engine?.open(this.id).window?.opened
    if (!this.#beat.isListenedTo(this.id)) engine?.close(this.id)
  }

  async loadOlder(): Promise<void> {
    await this.#engine()?.open(this.id).window?.loadOlder()
  }

  async loadNewer(): Promise<void> {
    await this.#engine()?.open(this.id).window?.loadNewer()
  }

  async jumpTo(sequence: number): Promise<void> {
    await this.#engine()?.open(this.id).window?.jumpTo(sequence)
  }

  async jumpToTime(time: string): Promise<number | null> {
    return (await this.#engine()?.open(this.id).window?.jumpToTime(time)) ?? null
  }

  reads(sequence: number | null): void {
    const window = this.#engine()?.opened(this.id)?.window
    if (window) window.reading = sequence
  }

  async jumpToNewest(): Promise<void> {
    await this.#engine()?.open(this.id).window?.jumpToNewest()
  }

  markRead(sequence: number): void {
    this.#engine()?.markRead(this.id, sequence)
  }

  async loadMembers(): Promise<void> {
    await this.#engine()?.open(this.id).loadMembers()
  }

  setTyping(state: 'typing' | 'idle'): void {
    this.#engine()?.setTyping(this.id, state)
  }

  receiptsOf(sequence: number) {
    return this.#engine()?.opened(this.id)?.receiptsOf(sequence) ?? { delivered: [], read: [] }
  }
}

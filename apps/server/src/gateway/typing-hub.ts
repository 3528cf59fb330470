/** Who is typing (C6, L9): passed on to the others of the conversation on every node, never stored, expiring by itself. */
import { type AccountId, type ConversationId, limits, type StreamId } from '@recado/protocol'
import type { Bus } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { FollowedStream } from './followed-stream.ts'
import { Frame } from './frame.ts'

/** Repeats of the same state within this time are not passed on. */
const repeatMs = 2_000

interface TypingMessage {
  readonly node: string
  readonly conversationId: ConversationId
  readonly accountId: AccountId
  readonly state: 'typing' | 'idle'
}

export interface TypingHubOptions {
  readonly node: string
  readonly bus: Bus
  readonly clock: Clock
  readonly streams: ReadonlyMap<StreamId, FollowedStream>
}

export class TypingHub implements AsyncDisposable {
  readonly #options: TypingHubOptions
  /** When each person was last passed on as typing, by conversation and account. */
  readonly #told = new Map<string, number>()
  #unsubscribe: () => void = () => undefined

  constructor(options: TypingHubOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    this.#unsubscribe = await this.#options.bus.subscribe('typing', payload => {
      const message = payload as TypingMessage
      if (message.node !== this.#options.node) this.#tell(message)
    })
  }

  /** The caller has checked the membership. */
  set(conversationId: ConversationId, accountId: AccountId, state: 'typing' | 'idle'): void {
    const key = `${conversationId} ${accountId}`
    const now = this.#options.clock.now()
    const told = this.#told.get(key)
    if (state === 'idle' && told === undefined) return
    if (state === 'typing' && told !== undefined && now - told < repeatMs) return
    this.#told.delete(key)
    if (state === 'typing') this.#told.set(key, now)
    this.#forgetExpired(now)
    const message = { node: this.#options.node, conversationId, accountId, state }
    this.#tell(message)
    this.#options.bus.publish('typing', message)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unsubscribe()
  }

  #tell({ conversationId, accountId, state }: TypingMessage): void {
    const stream = this.#options.streams.get(conversationId)
    if (stream === undefined) return
    const expiresInMs = state === 'typing' ? limits.typingMs : 0
    const frame = Frame.ephemeral({ type: 'typing', conversationId, accountId, expiresInMs })
    for (const online of stream.audience.keys()) {
      if (online.id === accountId) continue
      for (const connection of online.connections) connection.push(frame)
    }
  }

  /** The map is in the order of telling, so the oldest come first. */
  #forgetExpired(now: number): void {
    for (const [key, told] of this.#told) {
      if (now - told < limits.typingMs) return
      this.#told.delete(key)
    }
  }
}

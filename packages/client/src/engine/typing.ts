/** Who types where (L9): what comes expires by itself, what goes out is repeated at most every few seconds. */
import { type AccountId, type ConversationId, limits, type TypingFrame } from '@recado/protocol'
import type { Cancel } from '../ports.ts'
import type { Core } from './core.ts'

/** Half the time after which others stop showing it. */
const repeatMs = limits.typingMs / 2

export class Typing {
  readonly #core: Core
  readonly #typing = new Map<ConversationId, Map<AccountId, Cancel>>()
  #own: { readonly conversationId: ConversationId; readonly sentAt: number } | null = null

  constructor(core: Core) {
    this.#core = core
  }

  of(conversationId: ConversationId): readonly AccountId[] {
    return [...(this.#typing.get(conversationId)?.keys() ?? [])]
  }

  received({ conversationId, accountId, expiresInMs }: TypingFrame): void {
    if (accountId === this.#core.model.me) return
    if (expiresInMs === 0) {
      this.stopped(conversationId, accountId)
      return
    }
    const typing = this.#typing.get(conversationId) ?? new Map<AccountId, Cancel>()
    typing.get(accountId)?.()
    typing.set(
      accountId,
      this.#core.clock.setTimer(expiresInMs, () => this.stopped(conversationId, accountId)),
    )
    this.#typing.set(conversationId, typing)
    this.#core.changed(conversationId)
  }

  stopped(conversationId: ConversationId, accountId: AccountId): void {
    const typing = this.#typing.get(conversationId)
    const cancel = typing?.get(accountId)
    if (!typing || !cancel) return
    cancel()
    typing.delete(accountId)
    if (typing.size === 0) this.#typing.delete(conversationId)
    this.#core.changed(conversationId)
  }

  /** One types in one conversation at a time. */
  set(conversationId: ConversationId, state: 'typing' | 'idle'): void {
    if (this.#own && this.#own.conversationId !== conversationId && state === 'typing') this.#tell('idle')
    const now = this.#core.clock.now()
    const own = this.#own?.conversationId === conversationId ? this.#own : null
    if (state === 'idle') {
      if (own) this.#tell('idle')
    } else if (!own || now - own.sentAt >= repeatMs) {
      this.#own = { conversationId, sentAt: now }
      this.#tell('typing')
    }
  }

  /** The server ends it with the message itself. */
  sent(conversationId: ConversationId): void {
    this.set(conversationId, 'idle')
  }

  disconnected(): void {
    this.#own = null
    for (const [conversationId, typing] of this.#typing) {
      for (const cancel of typing.values()) cancel()
      this.#typing.delete(conversationId)
      this.#core.changed(conversationId)
    }
  }

  #tell(state: 'typing' | 'idle'): void {
    if (!this.#own) return
    this.#core.send('typing.set', { conversationId: this.#own.conversationId, state }, () => undefined)
    if (state === 'idle') this.#own = null
  }
}

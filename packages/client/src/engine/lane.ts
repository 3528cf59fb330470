/** The sending side of one conversation on one connection, as the restart rule of L3 needs it. */
import type { ConversationId } from '@recado/protocol'
import type { Cancel } from '../ports.ts'

export interface Lane {
  inFlight: number
  /** After a refusal: nothing goes out until all replies are in and the pause is over. */
  state: 'open' | 'settling' | 'paused'
  restart: 'needed' | 'no'
  pauseMs: number
  attempt: number
  cancel: Cancel
}

export class Lanes {
  readonly #lanes = new Map<ConversationId, Lane>()

  find(conversationId: ConversationId): Lane | undefined {
    return this.#lanes.get(conversationId)
  }

  get(conversationId: ConversationId): Lane {
    const known = this.#lanes.get(conversationId)
    if (known) return known
    const lane: Lane = {
      inFlight: 0,
      state: 'open',
      restart: 'no',
      pauseMs: 0,
      attempt: 0,
      cancel: () => undefined,
    }
    this.#lanes.set(conversationId, lane)
    return lane
  }

  /** The connection ended, and with it the server's memory of refusals. */
  clear(): void {
    for (const lane of this.#lanes.values()) lane.cancel()
    this.#lanes.clear()
  }
}

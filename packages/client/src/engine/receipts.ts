/**
 * Tells the server how far this device got: `delivered` once it is stored here, `read` when the app says it was on
 * screen. Positions are registers (L11): only the newest counts, so they are gathered, and what could not be told is
 * told on the next connection.
 */
import type { Cancel } from '../ports.ts'
import type { Core } from './core.ts'
import type { ConversationState } from './model.ts'

const gatherMs = 250
const parallel = 16

export class Receipts {
  readonly #core: Core
  readonly #reported: (state: ConversationState) => void
  readonly #due = new Set<ConversationState>()
  #timer: Cancel | null = null
  #inFlight = 0

  constructor(core: Core, reported: (state: ConversationState) => void) {
    this.#core = core
    this.#reported = reported
  }

  /** Its positions or what is stored of it changed. */
  touch(state: ConversationState): void {
    if (this.#core.options.receipts === 'none' || !this.#core.online()) return
    if (!pending(state, this.#core.model.me)) return
    this.#due.add(state)
    this.#timer ??= this.#core.clock.setTimer(gatherMs, () => {
      this.#timer = null
      this.#flush()
    })
  }

  connected(): void {
    for (const state of this.#core.model.conversations.values()) this.touch(state)
  }

  disconnected(): void {
    this.#timer?.()
    this.#timer = null
    this.#due.clear()
    this.#inFlight = 0
  }

  #flush(): void {
    for (const state of this.#due) {
      if (this.#inFlight >= parallel) return
      this.#due.delete(state)
      const positions = pending(state, this.#core.model.me)
      if (positions && state.membership === 'member') this.#report(state, positions)
    }
  }

  #report(state: ConversationState, positions: Positions): void {
    this.#inFlight++
    this.#core.send('position.move', { conversationId: state.id, ...positions }, outcome => {
      if ('lost' in outcome) return
      this.#inFlight--
      if ('result' in outcome) {
        noteReported(state, {
          delivered: Math.max(positions.delivered ?? 0, positions.read ?? 0),
          read: positions.read,
        })
        this.#core.writer.follow(state, state.cursor.sequence, [])
        this.#reported(state)
      }
      this.#flush()
    })
  }
}

interface Positions {
  readonly delivered?: number
  readonly read?: number
}

/** What the server does not know yet; null if nothing. */
function pending(state: ConversationState, me: number): Positions | null {
  const { conversation, reported, stored } = state
  const last = conversation.lastMessage
  const read = conversation.me.read > reported.read ? conversation.me.read : undefined
  const newest = last && last.authorId === me && last.sequence <= stored ? 0 : Math.min(stored, last?.sequence ?? 0)
  const delivered = newest > Math.max(reported.delivered, read ?? 0) ? newest : undefined
  if (read === undefined && delivered === undefined) return null
  return { ...(delivered !== undefined && { delivered }), ...(read !== undefined && { read }) }
}

/** The server is known to know at least this. */
export function noteReported(state: ConversationState, known: { delivered?: number; read?: number | undefined }): void {
  state.reported.delivered = Math.max(state.reported.delivered, known.delivered ?? 0)
  state.reported.read = Math.max(state.reported.read, known.read ?? 0)
}

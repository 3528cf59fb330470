/** What the parts of one open conversation share: the conversation, and what can be done from anywhere in it. */
import type { ConversationHandle } from '@recado/client'
import type { Conversation, Message } from '@recado/protocol'
import { createContext, useContext } from 'react'

export interface Desk {
  readonly handle: ConversationHandle
  /** Null while unknown. */
  readonly conversation: Conversation | null
  /** The message that a link or a quote just led to. */
  readonly pointedAt: number | null
  readonly startReply: (message: Message) => void
  readonly startEdit: (message: Message) => void
  readonly jumpTo: (sequence: number) => void
}

export const DeskContext = createContext<Desk | null>(null)

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('A part of a conversation was rendered outside of one.')
  return desk
}

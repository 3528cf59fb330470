/** What an event does to a conversation as lists show it: pure, and harmless when the conversation is already newer. */

import type { AccountId, Conversation, Head, Message, StreamEvent } from '@recado/protocol'
import { targetOf } from '@recado/protocol'
import { applyToMessage } from './messages.ts'

export function applyToConversation(conversation: Conversation, event: StreamEvent, me: AccountId): Conversation {
  const head = moveHead(conversation.head, event)
  switch (event.kind) {
    case 'message.created':
      return withMessage({ ...conversation, head }, event.data.message, me)
    case 'message.edited':
    case 'message.deleted':
    case 'reaction.changed': {
      const last = conversation.lastMessage
      if (!last || last.sequence !== targetOf(event)) return { ...conversation, head }
      return { ...conversation, head, lastMessage: applyToMessage(last, event) ?? last }
    }
    case 'conversation.created':
    case 'conversation.updated': {
      const { version } = event.data
      return version > conversation.version ? { ...conversation, head, ...event.data } : { ...conversation, head }
    }
    case 'member.added':
    case 'member.removed':
    case 'member.left':
    case 'member.roleChanged': {
      const { accountId, role, memberCount } = event.data
      const own = accountId === me && role ? { ...conversation.me, role } : conversation.me
      return { ...conversation, head, memberCount, me: own }
    }
    default:
      return { ...conversation, head }
  }
}

function moveHead(head: Head, event: StreamEvent): Head {
  const ordinal = event.kind === 'message.created' ? Math.max(head.ordinal, event.data.message.ordinal) : head.ordinal
  if (event.sequence <= head.sequence) return ordinal === head.ordinal ? head : { ...head, ordinal }
  return { ...head, sequence: event.sequence, micros: event.micros, ordinal }
}

/** An author has had and read what they wrote: no register says so (L11). A position may also arrive before its message. */
function withMessage(conversation: Conversation, message: Message, me: AccountId): Conversation {
  const last = conversation.lastMessage
  const lastMessage = last && last.sequence >= message.sequence ? last : message
  if (message.authorId !== me && conversation.me.read < message.sequence) return { ...conversation, lastMessage }
  const own = conversation.me
  return {
    ...conversation,
    lastMessage,
    me: {
      ...own,
      delivered: Math.max(own.delivered, message.sequence),
      read: Math.max(own.read, message.sequence),
      readOrdinal: Math.max(own.readOrdinal, message.ordinal),
    },
  }
}

/** A newer reading of the same conversation: whichever head is further has the newer properties; positions only grow. */
export function mergeHeads(known: Head, incoming: Head): Head {
  const further = incoming.sequence > known.sequence ? incoming : known
  return {
    ...further,
    ordinal: Math.max(known.ordinal, incoming.ordinal),
    registers: Math.max(known.registers, incoming.registers),
  }
}

export function unreadOf(conversation: Conversation): number {
  return Math.max(0, conversation.head.ordinal - conversation.me.readOrdinal)
}

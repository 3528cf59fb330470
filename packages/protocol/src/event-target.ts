import type { StreamEvent } from './events.ts'

/** The sequence of the message that an event of a conversation is about; null for an event about none. */
export function targetOf(event: StreamEvent): number | null {
  switch (event.kind) {
    case 'message.created':
    case 'message.edited':
    case 'message.deleted':
    case 'message.pinned':
    case 'message.unpinned':
      return event.data.message.sequence
    case 'reaction.changed':
      return event.data.sequence
    default:
      return null
  }
}

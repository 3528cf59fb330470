import type { PushFrame } from '@recado/protocol'
import type { Parts } from './parts.ts'

/** Hands what the server sent unasked to the part that it concerns. */
export function routeFrame(
  { core, conversations, follower, mail, people, sync, typing }: Parts,
  frame: PushFrame,
): void {
  switch (frame.type) {
    case 'event':
      follower.receive(frame)
      break
    case 'positions': {
      const state = core.model.conversations.get(frame.conversationId)
      if (state) conversations.positions(state, frame.items, frame.version, 'some')
      break
    }
    case 'bell':
      sync.bell(frame.items, frame.version, 'live')
      break
    case 'deliveries':
      mail.part?.statusesMoved(frame)
      break
    case 'presence':
      people.presence(frame.items)
      break
    case 'typing':
      typing.received(frame)
      break
    case 'behind':
      for (const moved of frame.streams) sync.consider(moved)
      break
    case 'caught-up':
      sync.mark(frame.mark)
      break
  }
}

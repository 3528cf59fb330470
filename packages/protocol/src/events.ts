/**
 * What happened, as a reader receives it. An event in the log holds kind, actor, target and version, never content
 * (L12): `data` is read from the target when the event is presented, so a deleted body is gone from every replay and a
 * newer body may arrive with an older event. Clients keep the highest version.
 */
import { type Static, Type } from 'typebox'
import { draftHeader } from './drafts.ts'
import { message, ownSettings, pin, role, savedPlace } from './entities.ts'
import { mailFrom, mailHeader, unreadMails } from './mail.ts'
import { accountId, conversationId, key, mailId, messageId, nullable, position, sequence, sessionId } from './schema.ts'

const conversationChange = Type.Object({
  name: nullable(Type.String()),
  description: nullable(Type.String()),
  mailFrom,
  version: position,
})

const memberChange = Type.Object({
  accountId,
  /** The role as of now; null if no longer a member. */
  role: nullable(role),
  memberCount: Type.Integer({ minimum: 0 }),
})

/** The pin as of now; null if the message is not pinned. */
const pinChange = Type.Object({ message, pin: nullable(pin) })
/** Where it is saved as of now; null if it is not. */
const saveChange = Type.Object({ messageId, saved: nullable(savedPlace) })

/** The mail in one's own mailbox, and one's unread ones, as of now. */
const mailContent = { mailId, mail: mailHeader, unread: unreadMails }
const mailChange = Type.Object(mailContent)

export const eventData = {
  'conversation.created': conversationChange,
  'conversation.updated': conversationChange,
  'member.added': memberChange,
  'member.removed': memberChange,
  'member.left': memberChange,
  'member.roleChanged': memberChange,
  'message.created': Type.Object({ message }),
  'message.edited': Type.Object({ message }),
  'message.deleted': Type.Object({ message }),
  /** All that `accountId` now leaves on the message: the set replaces what was known of this person. */
  'reaction.changed': Type.Object({ sequence, accountId, emojis: Type.Array(Type.String()) }),
  'message.pinned': pinChange,
  'message.unpinned': pinChange,
  'account.created': Type.Object({}),
  'account.updated': Type.Object({ version: position }),
  'conversation.joined': Type.Object({ conversationId }),
  'conversation.left': Type.Object({ conversationId }),
  /** One's own settings of a conversation as of now; null if one is no longer a member. */
  'membership.updated': Type.Object({ conversationId, settings: nullable(ownSettings) }),
  'message.saved': saveChange,
  'message.unsaved': saveChange,
  /** One wrote a mail: it is held, or on its way. */
  'mail.composed': mailChange,
  'mail.arrived': mailChange,
  /** `marked`: it was marked as read, perhaps once more. */
  'mailbox.changed': Type.Object({ ...mailContent, marked: Type.Optional(Type.Literal('read')) }),
  /** The draft as of now; null if it was sent or discarded since. */
  'draft.changed': Type.Object({ draftId: key, draft: nullable(draftHeader) }),
  /** It was sent or discarded. */
  'draft.deleted': Type.Object({ draftId: key }),
  'session.created': Type.Object({ sessionId }),
  'session.ended': Type.Object({ sessionId }),
  /** An event that the reader may not see: it only keeps sequences dense (L8). */
  void: Type.Object({}),
} as const

export type EventKind = keyof typeof eventData
export type EventData = { [Kind in EventKind]: Static<(typeof eventData)[Kind]> }

/** One event of one stream: `micros` is its time in microseconds since 1970, part of a cursor. */
export type StreamEvent = {
  [Kind in EventKind]: {
    readonly sequence: number
    readonly micros: number
    readonly kind: Kind
    readonly actorId: Static<typeof accountId> | null
    readonly data: EventData[Kind]
  }
}[EventKind]

export const streamEvent = Type.Unsafe<StreamEvent>(
  Type.Union(
    (Object.keys(eventData) as EventKind[]).map(kind =>
      Type.Object({
        sequence,
        micros: position,
        kind: Type.Literal(kind),
        actorId: nullable(accountId),
        data: eventData[kind],
      }),
    ),
  ),
)

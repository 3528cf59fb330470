import { type Static, Type } from 'typebox'
import { attachment } from './attachment.ts'
import { mailFrom } from './mail.ts'
import {
  accountId,
  conversationId,
  mediaId,
  messageId,
  nullable,
  position,
  sequence,
  sessionId,
  streamId,
  text,
  time,
} from './schema.ts'

export const person = Type.Object({
  id: accountId,
  username: Type.String(),
  displayName: Type.String(),
  lastSeenAt: nullable(time),
})
export type Person = Static<typeof person>

/** What one sees of oneself. */
export const account = Type.Object({
  id: accountId,
  username: Type.String(),
  displayName: Type.String(),
  email: nullable(Type.String()),
  phone: nullable(Type.String()),
  role: Type.Union([Type.Literal('administrator'), Type.Literal('member')]),
  language: nullable(Type.String()),
  /** Whether others see how far one has read. What was delivered shows in any case. */
  readReceipts: Type.Boolean(),
  /** What one ends one's mails with: sanitised HTML. The server puts it nowhere; clients do. */
  signature: nullable(Type.String()),
  createdAt: time,
})
export type Account = Static<typeof account>

export const session = Type.Object({
  id: sessionId,
  device: Type.String({ description: 'What the client said it is, for example "Chrome on Linux"' }),
  createdAt: time,
  lastUsedAt: time,
  current: Type.Boolean(),
})
export type Session = Static<typeof session>

/** What signing up, signing in and refreshing give. Browsers get `refreshToken` as a cookie instead, and null here. */
export const grant = Type.Object({
  account,
  sessionId,
  accessToken: Type.String(),
  expiresAt: time,
  refreshToken: nullable(Type.String()),
})
export type Grant = Static<typeof grant>

export const role = Type.Union([Type.Literal('owner'), Type.Literal('admin'), Type.Literal('member')])
export type Role = Static<typeof role>

export const member = Type.Object({ person, role, joinedAt: time })
export type Member = Static<typeof member>

export const reaction = Type.Object({ emoji: Type.String(), accountIds: Type.Array(accountId) })
export type Reaction = Static<typeof reaction>

/** Why a file was refused once it had been looked at. */
export const mediaRefusal = Type.Union([
  Type.Literal('too-many-pixels'),
  Type.Literal('too-many-frames'),
  Type.Literal('unreadable-image'),
  Type.Literal('took-too-long'),
])
export type MediaRefusal = Static<typeof mediaRefusal>

/** What became of an upload. It can hang on a message once it is `ready`. */
export const media = Type.Union([
  Type.Object({ state: Type.Literal('uploading'), id: mediaId, offset: position, bytes: position }),
  Type.Object({ state: Type.Literal('inspecting'), id: mediaId }),
  Type.Object({ state: Type.Literal('ready'), id: mediaId, attachment }),
  Type.Object({ state: Type.Literal('refused'), id: mediaId, reason: mediaRefusal }),
])
export type Media = Static<typeof media>

/**
 * A message as of its `version`. `sequence` addresses it within its conversation; `ordinal` counts messages only;
 * `body` is null once `deletedAt` is set. `replyTo` is the sequence of the quoted message, which a client reads like
 * any other: a reader who may not see it gets nothing (L8). `forwardedFrom` is who first wrote what was forwarded here.
 * `attachments` is left out where there are none; with them `body` may be empty.
 */
export const message = Type.Object({
  conversationId,
  sequence,
  ordinal: sequence,
  id: messageId,
  authorId: accountId,
  clientMessageId: Type.String(),
  body: nullable(Type.String()),
  replyTo: nullable(sequence),
  mentions: Type.Array(accountId),
  forwardedFrom: nullable(accountId),
  version: Type.Integer({ minimum: 1 }),
  createdAt: time,
  editedAt: nullable(time),
  deletedAt: nullable(time),
  reactions: Type.Array(reaction),
  attachments: Type.Optional(Type.Array(attachment)),
})
export type Message = Static<typeof message>

export const messageVersion = Type.Object({ version: Type.Integer({ minimum: 1 }), body: Type.String(), at: time })
export type MessageVersion = Static<typeof messageVersion>

/** Who pinned a message, and when. */
export const pin = Type.Object({ accountId, at: time })
export type Pin = Static<typeof pin>

/** A message that is pinned in its conversation. */
export const pinnedMessage = Type.Object({ message, pin })
export type PinnedMessage = Static<typeof pinnedMessage>

/** Where a message is that an account saved, and when it did. */
export const savedPlace = Type.Object({ conversationId, sequence, at: time })
export type SavedPlace = Static<typeof savedPlace>

/** A saved message. `message` is null if the account may not see it any more (L8). */
export const savedMessage = Type.Object({ messageId, ...savedPlace.properties, message: nullable(message) })
export type SavedMessage = Static<typeof savedMessage>

/** Where a reader is (L6): which history, which event, and when that event happened in microseconds since 1970. */
export const cursor = Type.Object(
  { epoch: text(64), sequence: position, micros: position },
  { additionalProperties: false },
)
export type Cursor = Static<typeof cursor>

/** The newest event of a stream. `registers` is the version of its register group: positions, or an account's bell. */
export const head = Type.Object({ sequence: position, micros: position, ordinal: position, registers: position })
export type Head = Static<typeof head>

export const streamHead = Type.Object({ stream: streamId, ...head.properties })
export type StreamHead = Static<typeof streamHead>

/** What one has set for a conversation, for oneself alone. Clients keep the highest version. */
export const ownSettings = Type.Object({
  /** The sequence of the event in one's own stream that last changed it; 0 if none did. */
  version: position,
  /** Its place among the pinned, lowest first; null when it is not pinned. */
  pinned: nullable(Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })),
  /** Until when it neither calls nor counts; null when it does. */
  muted: nullable(Type.Union([Type.Literal('forever'), time])),
  /** The newest ordinal when it was archived. A later message brings it back, unless it is muted. */
  archived: nullable(position),
  /** How far one had read when one marked it as unread. Reading further ends it. */
  markedUnread: nullable(position),
})
export type OwnSettings = Static<typeof ownSettings>

export const ownMembership = Type.Object({
  role,
  joinedAt: time,
  /** The first sequence one may see. */
  visibleFrom: position,
  delivered: position,
  read: position,
  /** The ordinal that `read` stands for; unread is the head's ordinal minus this. */
  readOrdinal: position,
  settings: ownSettings,
})
export type OwnMembership = Static<typeof ownMembership>

export const conversation = Type.Object({
  id: conversationId,
  kind: Type.Union([Type.Literal('direct'), Type.Literal('group')]),
  /** A group's name; null for a direct conversation, which shows its peer's. */
  name: nullable(Type.String()),
  /** What a group is for; null when nobody has said. */
  description: nullable(Type.String()),
  /** Who may mail a group; means nothing for a direct conversation. */
  mailFrom,
  /** Grows with every change of the conversation's own properties; clients keep the highest. */
  version: position,
  /** The other person of a direct conversation. */
  peer: nullable(person),
  memberCount: Type.Integer({ minimum: 0 }),
  createdAt: time,
  head,
  lastMessage: nullable(message),
  me: ownMembership,
})
export type Conversation = Static<typeof conversation>

/**
 * How far one member's devices got: sequences. A register (L11). While the member shows nobody what was read, `read` is 0
 * for others and `readHidden` says so: then not even a message of the member's own tells that those before it were read.
 */
export const memberPosition = Type.Object({
  accountId,
  delivered: position,
  read: position,
  readHidden: Type.Optional(Type.Literal(true)),
})
export type MemberPosition = Static<typeof memberPosition>

/** A line of the bell. A register of the account: the row with the highest version counts. */
export const bellItem = Type.Object({
  id: sequence,
  kind: Type.Union([Type.Literal('mention'), Type.Literal('reply'), Type.Literal('invitation')]),
  conversationId,
  /** The message that mentions or replies; for an invitation the event that added. */
  sequence,
  actorId: accountId,
  at: time,
  cleared: Type.Boolean(),
})
export type BellItem = Static<typeof bellItem>

export const presenceState = Type.Union([Type.Literal('online'), Type.Literal('away'), Type.Literal('offline')])
export type PresenceState = Static<typeof presenceState>

export const presence = Type.Object({ accountId, state: presenceState, lastSeenAt: nullable(time) })
export type Presence = Static<typeof presence>

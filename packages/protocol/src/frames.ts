/**
 * What travels on the socket `/v1/socket`: JSON text frames. A client sends requests; the server sends one reply for
 * each and, between them, what happens. The first request is `session.resume`.
 */
import { type Static, Type } from 'typebox'
import { bellItem, memberPosition, presence, streamHead } from './entities.ts'
import { type StreamEvent, streamEvent } from './events.ts'
import type { StreamId } from './ids.ts'
import { delivery, mailStatuses } from './mail.ts'
import type { OperationInput, OperationName } from './operations.ts'
import type { Problem } from './problems.ts'
import { accountId, conversationId, mailId, position, streamId } from './schema.ts'

/** `id` is the client's and comes back in the reply; a client uses each once per connection. */
export const requestFrame = Type.Object(
  {
    id: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    op: Type.String({ maxLength: 64 }),
    data: Type.Optional(Type.Unknown()),
  },
  { additionalProperties: false },
)
export type RequestFrame<Name extends OperationName = OperationName> = {
  readonly id: number
  readonly op: Name
  readonly data: OperationInput<Name>
}

/**
 * The frames of the server, by `type`:
 * - `event`: one event of a stream that this account follows, in sequence (L5).
 * - `positions`: the rows of a conversation's positions that changed; `version` is the group's head after them (L11).
 * - `bell`: the same for the account's bell.
 * - `deliveries`: how far a mail of one's own got, at most twice a second: counts, and where it has no more than
 *   `limits.statusRowsRecipients` recipients all rows that changed above the version `above`. Who knows less reads the list.
 * - `presence`, `typing`: ephemeral (L9). `typing` with `expiresInMs` 0 means stopped.
 * - `behind`: the connection was slow; these streams moved up to these heads: pull them (L10).
 * - `caught-up`: everything up to `mark` is either in `moved`, in a `behind`, or was sent before this frame on this
 *   connection. A client stores the mark once it has stored all that.
 */
export const serverFrames = {
  event: Type.Object({ type: Type.Literal('event'), stream: streamId, event: streamEvent }),
  positions: Type.Object({
    type: Type.Literal('positions'),
    conversationId,
    version: position,
    items: Type.Array(memberPosition),
  }),
  bell: Type.Object({ type: Type.Literal('bell'), version: position, items: Type.Array(bellItem) }),
  deliveries: Type.Object({
    type: Type.Literal('deliveries'),
    mailId,
    statuses: mailStatuses,
    above: position,
    items: Type.Array(delivery),
  }),
  presence: Type.Object({ type: Type.Literal('presence'), items: Type.Array(presence) }),
  typing: Type.Object({
    type: Type.Literal('typing'),
    conversationId,
    accountId,
    expiresInMs: Type.Integer({ minimum: 0 }),
  }),
  behind: Type.Object({ type: Type.Literal('behind'), streams: Type.Array(streamHead) }),
  'caught-up': Type.Object({ type: Type.Literal('caught-up'), mark: Type.String() }),
} as const

export interface EventFrame {
  readonly type: 'event'
  readonly stream: StreamId
  readonly event: StreamEvent
}
export type PositionsFrame = Static<typeof serverFrames.positions>
export type BellFrame = Static<typeof serverFrames.bell>
export type DeliveriesFrame = Static<typeof serverFrames.deliveries>
export type PresenceFrame = Static<typeof serverFrames.presence>
export type TypingFrame = Static<typeof serverFrames.typing>
export type BehindFrame = Static<typeof serverFrames.behind>
export type CaughtUpFrame = Static<(typeof serverFrames)['caught-up']>

export type ReplyFrame =
  | { readonly type: 'reply'; readonly id: number; readonly result: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly problem: Problem }

/** Everything that is not a reply: what also arrives as Server-Sent Events, with the type as the event's name. */
export type PushFrame =
  | EventFrame
  | PositionsFrame
  | BellFrame
  | DeliveriesFrame
  | PresenceFrame
  | TypingFrame
  | BehindFrame
  | CaughtUpFrame
export type ServerFrame = ReplyFrame | PushFrame

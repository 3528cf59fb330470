/** What a search finds: a piece of a message or a mail with what matched in it, grouped by where it stands. */
import { type Static, Type } from 'typebox'
import { mailFolder } from './mail.ts'
import { accountId, conversationId, mailId, messageId, position, sequence, time } from './schema.ts'

/** A piece of a text, in one line; `ranges` are what matched in it: from and to, in UTF-16 units of `text`. */
export const snippet = Type.Object({ text: Type.String(), ranges: Type.Array(Type.Tuple([position, position])) })
export type Snippet = Static<typeof snippet>

export const foundMessage = Type.Object({
  sequence,
  id: messageId,
  authorId: accountId,
  createdAt: time,
  snippet,
  attachmentCount: position,
})
export type FoundMessage = Static<typeof foundMessage>

export const foundMail = Type.Object({
  mailId,
  authorId: accountId,
  /** When it arrived, was sent, or came back, as in lists. */
  at: time,
  folder: mailFolder,
  subject: snippet,
  snippet,
  attachmentCount: position,
})
export type FoundMail = Static<typeof foundMail>

/** Newest first within; a page has each place once, a later page may have it again. */
export const foundGroup = Type.Union([
  Type.Object({ kind: Type.Literal('conversation'), conversationId, items: Type.Array(foundMessage) }),
  Type.Object({ kind: Type.Literal('thread'), threadId: mailId, items: Type.Array(foundMail) }),
])
export type FoundGroup = Static<typeof foundGroup>

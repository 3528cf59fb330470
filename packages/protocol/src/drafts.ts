/** A mail that is being written: its writer's alone, the same on all of their devices. */
import { type Static, Type } from 'typebox'
import { attachment } from './attachment.ts'
import { limits } from './limits.ts'
import { recipientInput } from './mail.ts'
import { input, key, mailId, nullable, position, text, time } from './schema.ts'

/** A recipient, or what was typed where one is not found yet. */
export const draftRecipient = Type.Union([...recipientInput.anyOf, input({ typed: text(limits.emailLength, 1) })])
export type DraftRecipient = Static<typeof draftRecipient>

const draftProperties = {
  id: key,
  /** The sequence of the event in one's own stream that last changed it. Clients keep the highest. */
  version: position,
  to: Type.Array(draftRecipient),
  cc: Type.Array(draftRecipient),
  bcc: Type.Array(draftRecipient),
  subject: Type.String(),
  /** The beginning of the text. */
  preview: Type.String(),
  /** The mail that it answers. */
  inReplyTo: nullable(mailId),
  /** The mail that it passes on. */
  forwardOf: nullable(mailId),
  attachments: Type.Array(attachment),
  updatedAt: time,
}

/** A draft as lists and events show it: of To, Cc and Bcc the first `limits.recipientsInLists` each. */
export const draftHeader = Type.Object(draftProperties)
export type DraftHeader = Static<typeof draftHeader>

export const draft = Type.Object({
  ...draftProperties,
  /** Sanitised like that of a mail. */
  html: Type.String(),
})
export type Draft = Static<typeof draft>

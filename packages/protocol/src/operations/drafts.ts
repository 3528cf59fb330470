import { Type } from 'typebox'
import { draft, draftHeader, draftRecipient } from '../drafts.ts'
import { limits } from '../limits.ts'
import { mailFiles } from '../mail.ts'
import { input, key, mailId, nullable, page, pageRequest, position, sequence, text } from '../schema.ts'
import { operation } from './define.ts'

const recipients = Type.Array(draftRecipient, { maxItems: limits.recipientsPerMail })
/** Made by the client, once for each draft. */
const draftId = key

export const draftOperations = {
  'draft.save': operation({
    summary:
      'Keep a mail that is being written, whole each time. `base` is the version that it was written upon (0 for a new one): any other is refused by `draft-changed`, so that of two devices neither overwrites the other; one that was sent or discarded by `draft-gone`. Repeating it is harmless: the same content is the same version.',
    effect: 'write',
    input: input({
      draftId,
      base: position,
      to: recipients,
      cc: recipients,
      bcc: recipients,
      subject: text(limits.subjectLength),
      html: text(limits.mailHtmlLength),
      inReplyTo: Type.Optional(nullable(mailId)),
      forwardOf: Type.Optional(nullable(mailId)),
      /** Files, as in `mail.send`; they are kept as long as the draft names them. */
      mediaIds: Type.Optional(mailFiles),
    }),
    output: Type.Object({ version: sequence }),
    problems: ['draft-changed', 'draft-gone', 'limit-reached', 'attachment-unavailable'],
  }),
  'draft.get': operation({
    summary: 'Read a draft of yours.',
    effect: 'read',
    input: input({ draftId }),
    output: draft,
    problems: ['not-found'],
  }),
  'draft.list': operation({
    summary: 'List your drafts, the one that changed last first.',
    effect: 'read',
    input: input({ ...pageRequest }),
    output: page(draftHeader),
  }),
  'draft.delete': operation({
    summary:
      'Discard a draft. With `base`, only if nobody changed it since that version. Repeating it is harmless, and no later save brings it back.',
    effect: 'write',
    input: input({ draftId, base: Type.Optional(position) }),
    output: Type.Object({}),
    problems: ['draft-changed'],
  }),
}

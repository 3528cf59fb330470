import type { AccountId, ConversationId, Message } from '@recado/protocol'
import { readAsMember } from '../access/membership.ts'
import { presentSent, repeatSent } from '../access/sent.ts'
import { maySee } from '../access/sight.ts'
import type { Context } from '../context.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { requireWritten } from '../log/outcome.ts'
import { Refusal } from '../problem.ts'
import { handle } from './handler.ts'

interface Source {
  readonly conversationId: ConversationId
  readonly sequence: number
}

export const messageForward = handle('message.forward', async (context, input, { accountId }) => {
  const { conversationId, clientMessageId: key, from } = input
  // What tells another request is which message is forwarded, not how it reads now: it may be edited between two attempts.
  const content = fingerprint('forward', from.conversationId, from.sequence)
  const attempt = { conversationId, actorId: accountId, key, fingerprint: content }
  const source = await readSource(context, from, accountId)
  if (source instanceof Refusal) return await repeatSent(context, attempt, source)
  const outcome = await context.log.append({
    op: 'send',
    ...attempt,
    body: source.body,
    replyTo: null,
    mentions: [],
    // Of what was forwarded already the first author stays.
    forwardedFrom: source.forwardedFrom ?? source.authorId,
    attachments: source.attachments ?? [],
  })
  return presentSent(requireWritten(outcome))
})

/** The message as its sight allows (L8), or why it cannot be forwarded. */
async function readSource(
  { store }: Pick<Context, 'store'>,
  { conversationId, sequence }: Source,
  accountId: AccountId,
): Promise<(Message & { readonly body: string }) | Refusal> {
  try {
    const message = await readAsMember(store, { conversationId, accountId }, async ({ visibleFrom }) =>
      maySee(visibleFrom, sequence) ? await store.findMessage(conversationId, sequence) : null,
    )
    if (message === null) return new Refusal('not-found', { detail: 'There is no such message to forward.' })
    const { body } = message
    return body === null ? new Refusal('message-deleted') : { ...message, body }
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

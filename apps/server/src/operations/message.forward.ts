import type { AccountId, ConversationId, Message } from '@recado/protocol'
import { readAsMember } from '../access/membership.ts'
import { maySee } from '../access/sight.ts'
import { isoTime } from '../clock.ts'
import type { Context } from '../context.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { requireWritten } from '../log/outcome.ts'
import { Refusal, refuse } from '../problem.ts'
import type { SentMessage } from '../store/store.ts'
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
  if (source instanceof Refusal) return await repeat(context, attempt, source)
  const outcome = await context.log.append({
    op: 'send',
    ...attempt,
    body: source.body,
    replyTo: null,
    mentions: [],
    // Of what was forwarded already the first author stays.
    forwardedFrom: source.forwardedFrom ?? source.authorId,
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

interface Attempt {
  readonly conversationId: ConversationId
  readonly actorId: AccountId
  readonly key: string
  readonly fingerprint: string
}

/** A retry is answered as the first attempt was, also when the source went out of sight since (L3). */
async function repeat({ store }: Pick<Context, 'store'>, attempt: Attempt, refusal: Refusal) {
  const sent = await store.findSent(attempt.conversationId, attempt.actorId, attempt.key)
  if (sent === null) throw refusal
  if (sent.fingerprint !== attempt.fingerprint) refuse('key-reused')
  return presentSent(sent)
}

function presentSent({ id, sequence, ordinal, micros }: Omit<SentMessage, 'fingerprint'>) {
  return { id, sequence, ordinal, createdAt: isoTime(micros) }
}

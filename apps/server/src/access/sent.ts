/** What a send is answered with, the first time and every other (L3). */
import type { AccountId, ConversationId } from '@recado/protocol'
import { isoTime } from '../clock.ts'
import { type Refusal, refuse } from '../problem.ts'
import type { SentMessage, Store } from '../store/store.ts'

interface SendAttempt {
  readonly conversationId: ConversationId
  readonly actorId: AccountId
  readonly key: string
  readonly fingerprint: string
}

/** A retry is answered as the first attempt was, also when what it names went away since; else it gets the refusal. */
export async function repeatSent(
  { store }: { readonly store: Pick<Store, 'findSent'> },
  attempt: SendAttempt,
  refusal: Refusal,
) {
  const sent = await store.findSent(attempt.conversationId, attempt.actorId, attempt.key)
  if (sent === null) throw refusal
  if (sent.fingerprint !== attempt.fingerprint) refuse('key-reused')
  return presentSent(sent)
}

export function presentSent({ id, sequence, ordinal, micros }: Omit<SentMessage, 'fingerprint'>) {
  return { id, sequence, ordinal, createdAt: isoTime(micros) }
}

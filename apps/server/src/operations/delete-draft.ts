import type { AccountId } from '@recado/protocol'
import { refuse } from '../problem.ts'
import type { Transaction } from '../store/transaction.ts'

interface Deleting {
  readonly accountId: AccountId
  readonly draftId: string
  /** The version that whoever deletes it has seen. */
  readonly base?: number
}

/** The text of a mail that it was. */
interface Sent {
  readonly html: string | null
}

/**
 * Under the lock of one's own stream. Another version than the one that was seen is not what is to go: it is refused, or,
 * where a mail is sent, left, unless its text is that of the mail. A draft that was never saved is kept as gone too: its
 * save may be on the way.
 */
export async function deleteDraft(
  transaction: Transaction,
  { accountId, draftId, base }: Deleting,
  sent?: Sent,
): Promise<void> {
  const known = await transaction.drafts.find(accountId, draftId)
  if (known?.state === 'gone') return
  if (known !== null) {
    if (base !== undefined && base !== known.version) {
      if (!sent) refuse('draft-changed')
      if (sent.html !== known.html) return
    }
    const event = { stream: accountId, kind: 'draft.deleted' as const, actorId: accountId, target: known.number }
    await transaction.appendEvents([event])
  }
  await transaction.drafts.remove(accountId, draftId)
}

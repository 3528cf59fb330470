import type { AccountId, MailId } from '@recado/protocol'
import { findEarlierIn } from '../access/keys.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { placeAgain } from '../log/mail-release.ts'
import { refuse } from '../problem.ts'
import type { Transaction } from '../store/transaction.ts'
import { handle } from './handler.ts'

interface Cancelling {
  readonly mailId: MailId
  readonly actorId: AccountId
  readonly key: string
  readonly fingerprint: string
}

export const mailCancel = handle('mail.cancel', async (context, { mailId, key }, { accountId }) => {
  const cancelling = { mailId, actorId: accountId, key, fingerprint: fingerprint('cancel', mailId) }
  return { sequence: await context.log.transact(transaction => cancel(transaction, cancelling)) }
})

/** Releasing takes the author's lock too, so a mail is either taken back as a whole or was on its way already. */
async function cancel(transaction: Transaction, cancelling: Cancelling): Promise<number | null> {
  const { mailId, actorId, key, fingerprint: mark } = cancelling
  await transaction.lockStreams([], [actorId])
  const earlier = await findEarlierIn(transaction, actorId, cancelling)
  if (earlier !== null) return earlier
  const mail = await transaction.mail.findMail(mailId)
  if (mail?.authorId !== actorId) refuse('not-found')
  if (mail.state === 'held') await transaction.mail.updateState(mailId, 'cancelled', null)
  else if (mail.state !== 'released' || (await transaction.mail.stopQueued(mailId)) === 0) return null
  const [entry] = await transaction.mail.findEntries(actorId, [mailId])
  const event = { kind: 'mailbox.changed' as const, key, fingerprint: mark }
  return await placeAgain(transaction, mail, { folder: entry?.folder ?? 'unsent', event })
}

/**
 * For a caller who looks into the recipient's mailbox as soon as the send is answered: delivers a mail to its only recipient
 * without waiting for the worker. If it fails, the mail is still queued, and the worker delivers it.
 */
import type { AccountId, MailId } from '@recado/protocol'
import type { Context } from '../context.ts'
import { deliver } from '../log/mail-delivery.ts'

export async function deliverNow(
  { log, logger }: Pick<Context, 'log' | 'logger'>,
  { mailId, recipientId }: { readonly mailId: MailId; readonly recipientId: AccountId },
): Promise<void> {
  try {
    await log.transact(transaction => deliver(transaction, [{ mailId, number: 1, accountId: recipientId }]))
  } catch (error) {
    logger.warn({ err: error }, 'a mail could not be delivered at once; the worker will do it')
  }
}

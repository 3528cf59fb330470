/** Who may mail whom, and whose mail one may read. */
import type {
  AccountId,
  ConversationId,
  FieldError,
  Mail,
  MailId,
  OperationInput,
  RecipientInput,
} from '@recado/protocol'
import { Refusal, refuse } from '../problem.ts'
import type { MailGroup, RecipientRow } from '../store/mail.ts'
import type { Store } from '../store/store.ts'
import type { Transaction } from '../store/transaction.ts'

/** Having it in one's mailbox is what lets one see a mail (L8). Raises `not-found`. */
export async function requireMail(store: Pick<Store, 'mail'>, accountId: AccountId, mailId: MailId): Promise<Mail> {
  const [mail] = await store.mail.readMails(accountId, [mailId])
  return mail ?? refuse('not-found')
}

/** Recipients as they were written, in the order To, Cc, Bcc. */
export function parseRecipients({
  to,
  cc = [],
  bcc = [],
}: Pick<OperationInput<'mail.send'>, 'to' | 'cc' | 'bcc'>): RecipientRow[] {
  const parse = (mode: RecipientRow['mode'], recipients: readonly RecipientInput[]) =>
    recipients.map(recipient => ({
      mode,
      accountId: 'accountId' in recipient ? recipient.accountId : null,
      groupId: 'conversationId' in recipient ? recipient.conversationId : null,
      address: 'address' in recipient ? recipient.address : null,
    }))
  return [...parse('to', to), ...parse('cc', cc), ...parse('bcc', bcc)]
}

/** All or nothing: raises `unknown-recipient`, which names each that cannot be mailed. */
export async function requireRecipients(
  transaction: Transaction,
  authorId: AccountId,
  recipients: readonly RecipientRow[],
): Promise<void> {
  const errors = await judgeRecipients(transaction, authorId, recipients)
  if (errors.length > 0) throw new Refusal('unknown-recipient', { errors })
}

/** What speaks against mailing each of them now: a pointer into the request, and why. */
export async function judgeRecipients(
  transaction: Transaction,
  authorId: AccountId,
  recipients: readonly RecipientRow[],
): Promise<FieldError[]> {
  const accountIds = recipients.flatMap(({ accountId }) => (accountId === null ? [] : [accountId]))
  const groupIds = recipients.flatMap(({ groupId }) => (groupId === null ? [] : [groupId]))
  const accounts = new Set(accountIds.length === 0 ? [] : await transaction.existingAccounts(accountIds))
  const found = groupIds.length === 0 ? [] : await transaction.mail.findGroups(groupIds, authorId)
  const groups = new Map(found.map(group => [group.id, group]))
  const places = { to: 0, cc: 0, bcc: 0 }
  return recipients.flatMap(recipient => {
    const path = `/${recipient.mode}/${places[recipient.mode]++}`
    const message = judge(recipient, accounts, groups)
    return message === null ? [] : [{ path, message }]
  })
}

function judge(
  { accountId, groupId }: RecipientRow,
  accounts: ReadonlySet<AccountId>,
  groups: ReadonlyMap<ConversationId, MailGroup>,
): string | null {
  if (accountId !== null) return accounts.has(accountId) ? null : 'There is nobody with this id.'
  if (groupId === null) return 'Mail to addresses outside is not switched on.'
  const group = groups.get(groupId)
  // Who is no member learns nothing, not even that the group exists (L8), unless it takes mail from everyone.
  if (group === undefined || (group.role === null && group.mailFrom !== 'everyone')) {
    return 'There is no such group, or not for you.'
  }
  if (group.mailFrom === 'admins' && group.role === 'member')
    return 'Your role in this group does not allow to mail it.'
  return null
}

/** The names of recipients: people and groups by the name they have now, others as they were written. */
import { useLingui } from '@lingui/react/macro'
import type { DraftRecipient } from '@recado/client'
import type { AccountId, Mail, MailHeader, MailRecipient } from '@recado/protocol'
import { useEffect } from 'react'
import { useClient } from '../../state/app-context.ts'
import { firstName } from '../../state/names.ts'
import { useMe, usePeople, useSnapshot } from '../../state/use-snapshot.ts'

/** Names of people who are not known yet are asked for. */
export function usePeopleNames(ids: readonly AccountId[]): (id: AccountId) => string {
  const { t } = useLingui()
  const client = useClient()
  const me = useMe()
  const people = usePeople()
  const missing = ids.filter(id => id !== me.id && !people.has(id)).join(',')
  useEffect(() => {
    if (missing !== '') client.wantPeople(missing.split(',').map(id => Number(id) as AccountId))
  }, [client, missing])
  return id => (id === me.id ? t`You` : (people.get(id)?.displayName ?? '…'))
}

export function useRecipientName(recipient: MailRecipient): string {
  const { t } = useLingui()
  const nameOf = usePeopleNames(recipient.accountId === null ? [] : [recipient.accountId])
  if (recipient.accountId !== null) return nameOf(recipient.accountId)
  return recipient.name ?? recipient.address ?? t`Somebody`
}

/** "Marina, João and 3 others": as many names as a line of a list takes. */
export function useRecipientsLine(): (mail: MailHeader | Mail, most?: number) => string {
  const { t } = useLingui()
  const me = useMe()
  const people = usePeople()
  return ({ recipients, recipientCount }, most = 3) => {
    const named = recipients.slice(0, most).map(({ accountId, name, address }) => {
      if (accountId === me.id) return t`You`
      const known = accountId === null ? null : people.get(accountId)?.displayName
      return recipientCount === 1 ? (known ?? name ?? address ?? '…') : (name ?? firstName(known ?? address ?? '…'))
    })
    const others = recipientCount - named.length
    return named.join(', ') + (others > 0 ? ` +${others}` : '')
  }
}

/** The name of a recipient that is being written to. */
export function useDraftRecipientName(recipient: DraftRecipient): string {
  const { t } = useLingui()
  const account = 'accountId' in recipient ? recipient.accountId : null
  const nameOf = usePeopleNames(account === null ? [] : [account])
  const group = useSnapshot(({ conversations }) =>
    'conversationId' in recipient
      ? (conversations.find(({ id }) => id === recipient.conversationId)?.conversation.name ?? null)
      : null,
  )
  if (account !== null) return nameOf(account)
  if ('address' in recipient) return recipient.address
  return 'typed' in recipient ? recipient.typed : (group ?? t`A group`)
}

/** Each recipient and how far the mail got, a page at a time. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Delivery, MailId } from '@recado/protocol'
import { Avatar } from '../../../components/avatar.tsx'
import { Button } from '../../../components/button.tsx'
import { useTimes } from '../../../i18n/use-times.ts'
import { Face } from '../face.tsx'
import { usePeopleNames } from '../names.ts'
import { StatusGlyph, useStatusWords } from '../status.tsx'
import { useDeliveries } from '../use-mail.ts'

export function DeliveryList({ mailId }: { readonly mailId: MailId }) {
  const { items, hasMore, loading, loadMore } = useDeliveries(mailId)
  return (
    <div className="min-h-0 overflow-y-auto">
      <ul>
        {items.map(delivery => (
          <li key={delivery.number}>
            <DeliveryRow delivery={delivery} />
          </li>
        ))}
      </ul>
      {hasMore ? (
        <Button tone="plain" className="w-full" disabled={loading} onClick={() => void loadMore()}>
          <Trans>Show more</Trans>
        </Button>
      ) : null}
    </div>
  )
}

export function DeliveryRow({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useLingui()
  const times = useTimes()
  const words = useStatusWords()
  const { accountId, address, status } = delivery
  const nameOf = usePeopleNames(accountId === null ? [] : [accountId])
  const name = accountId === null ? (address ?? t`A member of the group`) : nameOf(accountId)
  const at = delivery.readAt ?? delivery.deliveredAt ?? delivery.sentAt
  return (
    <div className="flex min-h-10 items-center gap-2.5 px-2.5 py-1">
      {accountId === null ? <Avatar id={delivery.number} name={name} size="xs" /> : <Face id={accountId} size="xs" />}
      <bdi className="one-line min-w-0 flex-1">{name}</bdi>
      <span className="flex shrink-0 items-center gap-1.5 text-ink-muted text-meta">
        <StatusGlyph status={status} />
        <span aria-hidden="true">{words[status]}</span>
        {at === null ? null : (
          <time dateTime={at} title={times.exact(at)} className="tabular">
            {times.brief(at)}
          </time>
        )}
      </span>
    </div>
  )
}

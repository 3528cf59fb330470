/** Whom a mail went to, as chips that carry how far it got with each; for its author live. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Delivery, Mail, MailRecipient } from '@recado/protocol'
import { ChevronDown, UsersRound } from 'lucide-react'
import { FloatingPanel } from '../../../components/floating-panel.tsx'
import { useMe } from '../../../state/use-snapshot.ts'
import { useRecipientName, useRecipientsLine } from '../names.ts'
import { StatusGlyph, useCountWords, useStatusWords } from '../status.tsx'
import { useDeliveries } from '../use-mail.ts'
import { countGroup, findDelivery } from './deliveries.ts'
import { DeliveryList } from './delivery-list.tsx'
import { GroupMembers } from './group-members.tsx'

/** Beyond so many there are counts instead of chips: rows of all are not sent to the author unasked. */
const mostChips = 100

export function RecipientLine({ mail }: { readonly mail: Mail }) {
  const me = useMe()
  return mail.authorId === me.id && mail.statuses ? (
    <AuthorsView mail={mail} />
  ) : (
    <Chips mail={mail} deliveries={null} />
  )
}

/** What a mail is shown to its author with. */
function AuthorsView({ mail }: { readonly mail: Mail }) {
  const { statuses, items, hasMore } = useDeliveries(mail.id)
  const words = useCountWords()
  const counts = statuses ?? mail.statuses
  return (
    <div className="flex flex-col gap-1.5">
      {mail.recipientCount > mostChips ? (
        <p className="text-ink-muted text-meta">
          <Trans>To</Trans> <ManyRecipients mail={mail} />
        </p>
      ) : (
        <Chips mail={mail} deliveries={items} counted={hasMore ? 'some' : 'all'} />
      )}
      {counts ? (
        <FloatingPanel
          title={words(counts)}
          align="start"
          className="flex max-h-[min(60dvh,var(--available-height))] w-80 max-w-[calc(100vw-1rem)] flex-col"
          trigger={props => (
            <button
              type="button"
              className="tabular relative inline-flex min-h-8 items-center gap-1 self-start rounded px-1 text-ink-muted text-meta before:absolute before:inset-x-0 before:-inset-y-1.5 hover:bg-hover hover:text-ink"
              {...props}
            >
              {words(counts)}
              <ChevronDown size={14} aria-hidden="true" />
            </button>
          )}
        >
          {() => <DeliveryList mailId={mail.id} />}
        </FloatingPanel>
      ) : null}
    </div>
  )
}

function ManyRecipients({ mail }: { readonly mail: Mail }) {
  return <bdi className="text-ink">{useRecipientsLine()(mail)}</bdi>
}

interface ChipsProps {
  readonly mail: Mail
  /** Null for who is not the author. */
  readonly deliveries: readonly Delivery[] | null
  /** Whether these are all: of some there is nothing to sum up. */
  readonly counted?: 'all' | 'some'
}

function Chips({ mail, deliveries, counted = 'all' }: ChipsProps) {
  const { t } = useLingui()
  const names = { to: t`To`, cc: t`Cc`, bcc: t`Bcc` }
  const lines = (['to', 'cc', 'bcc'] as const).map(mode => {
    const recipients = mail.recipients.filter(recipient => recipient.mode === mode)
    if (recipients.length === 0) return null
    return (
      <div key={mode} className="flex gap-2">
        <span className="min-w-6 pt-1 text-ink-muted text-meta">{names[mode]}</span>
        <ul aria-label={names[mode]} className="flex min-w-0 flex-1 flex-wrap gap-1.5">
          {recipients.map(recipient => (
            <li key={`${recipient.accountId} ${recipient.conversationId} ${recipient.address}`} className="max-w-full">
              {recipient.conversationId === null ? (
                <PersonChip recipient={recipient} delivery={deliveries && findDelivery(deliveries, recipient)} />
              ) : (
                <GroupChip recipient={recipient} deliveries={deliveries} counted={counted} />
              )}
            </li>
          ))}
        </ul>
      </div>
    )
  })
  return <div className="flex flex-col gap-1.5">{lines}</div>
}

const chip =
  'inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-full border border-line bg-surface px-2.5 text-meta'

interface PersonChipProps {
  readonly recipient: MailRecipient
  readonly delivery: Delivery | null
}

function PersonChip({ recipient, delivery }: PersonChipProps) {
  const words = useStatusWords()
  const name = useRecipientName(recipient)
  return (
    <span className={chip} data-status={delivery?.status}>
      <bdi className="one-line min-w-0 max-w-64">{name}</bdi>
      {delivery ? (
        <>
          <StatusGlyph status={delivery.status} />
          <span aria-hidden="true" className="shrink-0 text-ink-muted">
            {words[delivery.status]}
          </span>
        </>
      ) : null}
    </span>
  )
}

interface GroupChipProps extends Required<Omit<ChipsProps, 'mail'>> {
  readonly recipient: MailRecipient
}

/** A group stands as the group; who is in it shows when asked. */
function GroupChip({ recipient, deliveries, counted }: GroupChipProps) {
  const { t } = useLingui()
  const name = useRecipientName(recipient)
  const words = useCountWords()
  const id = recipient.conversationId
  if (id === null) return null
  const counts = deliveries && counted === 'all' ? countGroup(deliveries, id) : null
  const reached = counts && Object.values(counts).some(count => count > 0)
  return (
    <FloatingPanel
      title={name}
      align="start"
      className="flex max-h-[min(60dvh,var(--available-height))] w-80 max-w-[calc(100vw-1rem)] flex-col"
      trigger={props => (
        <button
          type="button"
          title={t`Show the members`}
          className={`${chip} relative before:absolute before:inset-x-0 before:-inset-y-2 hover:bg-hover`}
          {...props}
        >
          <UsersRound size={14} className="shrink-0 text-ink-muted" role="img" aria-label={t`Group`} />
          <bdi className="one-line min-w-0 max-w-64">{name}</bdi>
          {reached ? <span className="tabular shrink-0 text-ink-muted">{words(counts)}</span> : null}
          <ChevronDown size={14} className="shrink-0" aria-hidden="true" />
        </button>
      )}
    >
      {() => <GroupMembers conversationId={id} deliveries={deliveries} />}
    </FloatingPanel>
  )
}

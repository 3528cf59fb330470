import { Trans, useLingui } from '@lingui/react/macro'
import type { MessageView } from '@recado/client'
import { memo, useState } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { classNames } from '../../components/class-names.ts'
import { lazyPart } from '../../parts/lazy-part.tsx'
import { messageKey } from '../../state/deferrals.ts'
import { useAuthorName } from '../../state/names.ts'
import { useHidden } from '../../state/use-conversation.ts'
import { usePerson, useSnapshot } from '../../state/use-snapshot.ts'
import { ProfileTrigger } from '../people/profile-trigger.tsx'
import { Bubble } from './bubble.tsx'
import { DaySeparator } from './day-separator.tsx'
import { useDesk } from './desk.ts'
import { MessageToolbar } from './message-toolbar.tsx'
import { Reactions } from './reactions.tsx'
import type { Row } from './rows.ts'

const PendingChanges = lazyPart(() => import('../message/pending-changes.tsx').then(module => module.PendingChanges))

/** One message in the feed, read as who, what, when. */
export const MessageRow = memo(function MessageRow({ row }: { readonly row: Row }) {
  const { item } = row
  const { conversation, pointedAt } = useDesk()
  const [near, setNear] = useState(false)
  const author = usePerson(row.authorId)
  const name = useAuthorName(row.authorId, author?.displayName ?? null)
  const own = item.type === 'pending' || item.own
  const message = item.type === 'message' ? item.message : null
  const deleted = useHidden().has(messageKey(message?.conversationId ?? 0, message?.sequence ?? 0))
  const grouped = conversation?.kind === 'group' && !own
  return (
    <div className={row.startsRun ? 'pt-3' : 'pt-0.5'}>
      <article
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys go from message to message (ARIA feed).
        tabIndex={0}
        aria-labelledby={`${row.key}-who ${row.key}-files ${row.key}-what ${row.key}-when`}
        data-sequence={message?.sequence}
        onPointerEnter={event => (event.pointerType === 'mouse' ? setNear(true) : undefined)}
        onPointerLeave={event => (holdsOpen(event.currentTarget) ? undefined : setNear(false))}
        onFocus={() => setNear(true)}
        onBlur={({ currentTarget, relatedTarget }) =>
          currentTarget.contains(relatedTarget) || holdsOpen(currentTarget) ? undefined : setNear(false)
        }
        className="rounded-lg"
      >
        {/* A feed holds articles and nothing else. */}
        {row.startsDay ? <DaySeparator at={row.at} /> : null}
        {row.firstUnread ? <UnreadDivider /> : null}
        <div
          className={classNames(
            'relative flex gap-2 rounded-lg',
            own ? 'justify-end ps-12 md:ps-28' : 'pe-12 md:pe-28',
            message !== null && message.sequence === pointedAt && 'animate-flash',
          )}
        >
          <span id={`${row.key}-who`} className="sr-only">
            {name}
          </span>
          {grouped ? <AuthorColumn row={row} name={name} /> : null}
          <div className={classNames('flex min-w-0 max-w-[38rem] flex-col', own ? 'items-end' : 'items-start')}>
            {grouped && row.startsRun ? (
              <span aria-hidden="true" className="max-w-full ps-3 pb-0.5 font-semibold text-ink-muted text-meta">
                <bdi className="one-line">{name}</bdi>
              </span>
            ) : null}
            <div className="relative max-w-full">
              <Bubble row={row} deleted={deleted} />
              {near && message && message.body !== null && !deleted ? (
                <MessageToolbar message={message} own={own} />
              ) : null}
            </div>
            {message && !deleted ? <Reactions message={message} /> : null}
            {item.type === 'message' ? <ChangesOf item={item} /> : null}
          </div>
        </div>
      </article>
    </div>
  )
})

/** Whether something of this message floats elsewhere in the document, where the pointer and the focus may be now. */
function holdsOpen(message: Element): boolean {
  return message.querySelector('[aria-expanded="true"]') !== null
}

/** What waits is told only away from the network: else it is done before one has read it. */
function ChangesOf({ item }: { readonly item: MessageView }) {
  const online = useSnapshot(snapshot => snapshot.connection.state === 'online')
  const shown = item.changes.filter(({ state }) => state === 'refused' || (state === 'waiting' && !online))
  if (shown.length === 0) return null
  return <PendingChanges changes={shown} />
}

function AuthorColumn({ row, name }: { readonly row: Row; readonly name: string }) {
  return (
    <span className="flex w-8 shrink-0 items-end">
      {row.endsRun ? (
        <ProfileTrigger accountId={row.authorId} name={name} by="pointer">
          <Avatar id={row.authorId} name={name} size="sm" />
        </ProfileTrigger>
      ) : null}
    </span>
  )
}

function UnreadDivider() {
  const { t } = useLingui()
  return (
    <p className="flex items-center gap-3 py-2 text-fine text-wax-ink" title={t`You had read up to here.`}>
      <span className="h-px flex-1 bg-wax/40" />
      <Trans>New</Trans>
      <span className="h-px flex-1 bg-wax/40" />
    </p>
  )
}

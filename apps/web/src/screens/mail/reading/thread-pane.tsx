/** A thread: its mails oldest first, closed but for the unread ones and the last, and what one does with all of it. */
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import type { Mail, MailId } from '@recado/protocol'
import {
  Archive,
  ArrowLeft,
  Clock,
  Forward,
  Inbox,
  Mail as MailIcon,
  MoreHorizontal,
  Reply,
  ReplyAll,
  ShieldAlert,
  Tag,
  Trash2,
} from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { IconButton } from '../../../components/icon-button.tsx'
import { Menu, type MenuEntry } from '../../../components/menu.tsx'
import { Loading } from '../../../components/skeleton.tsx'
import { useProblemWords } from '../../../i18n/problem-words.ts'
import { withoutOverrides } from '../../../state/isolate.ts'
import { useCompose } from '../compose/use-compose.ts'
import { LabelMenu } from '../label-menu.tsx'
import { LaterMenu } from '../later-menu.tsx'
import type { MailPlace } from '../mail-places.ts'
import { useThread } from '../use-mail.ts'
import type { MailActions } from '../use-mail-actions.ts'
import { MailCard } from './mail-card.tsx'

interface ThreadPaneProps {
  readonly threadId: MailId
  readonly place: MailPlace
  readonly actions: MailActions
  /** Back to the list, and what is open goes. */
  readonly onLeave: () => void
  /** On to the next mail after this one went elsewhere. */
  readonly onGone: () => void
}

export function ThreadPane({ threadId, place, actions, onLeave, onGone }: ThreadPaneProps) {
  const { mails, loading, problem } = useThread(threadId)
  const words = useProblemWords()
  const { t } = useLingui()
  if (mails.length === 0) {
    if (loading) return <ThreadSkeleton />
    return (
      <main className="flex min-w-0 flex-1">
        <EmptyState action={<Button onClick={onLeave}>{t`Back to the list`}</Button>}>
          {problem ? words(problem.code) : <Trans>This mail is not there any more, or not for you.</Trans>}
        </EmptyState>
      </main>
    )
  }
  return <Thread mails={mails} place={place} actions={actions} onLeave={onLeave} onGone={onGone} />
}

type ThreadProps = Omit<ThreadPaneProps, 'threadId'> & { readonly mails: readonly Mail[] }

function Thread({ mails, place, actions, onLeave, onGone }: ThreadProps) {
  const last = mails.at(-1)
  const subject = mails[0]?.subject ?? ''
  const cards = useOpenCards(mails)
  const scroller = useRef<HTMLDivElement>(null)
  useSeen(mails, actions)
  useStartAt(scroller, cards.first)
  const labels = [...new Set(mails.flatMap(({ entry }) => entry.labels))].sort()
  return (
    <main className="flex min-w-0 flex-1 flex-col bg-surface">
      <ThreadBar mails={mails} place={place} actions={actions} onLeave={onLeave} onGone={onGone} />
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto">
        <header className="flex flex-wrap items-center gap-2 px-4 pt-4 pb-2 md:ps-15 md:pe-6">
          <h1 tabIndex={-1} className="min-w-0 font-semibold text-title outline-none">
            <bdi className="spoken">{subject === '' ? <Trans>no subject</Trans> : withoutOverrides(subject)}</bdi>
          </h1>
          {labels.map(label => (
            <bdi key={label} className="one-line max-w-40 rounded-sm bg-hover px-1.5 py-0.5 text-ink-muted text-meta">
              {label}
            </bdi>
          ))}
        </header>
        {mails.map(mail => (
          <MailCard
            key={mail.id}
            mail={mail}
            open={cards.isOpen(mail)}
            onToggle={() => cards.toggle(mail)}
            actions={actions}
            onLeave={onLeave}
          />
        ))}
        {last ? <AnswerBar mail={last} /> : null}
      </div>
    </main>
  )
}

/** Which are open: what was unread when the thread was opened, and the last; then as somebody opens and closes them. */
function useOpenCards(mails: readonly Mail[]) {
  const [atFirst] = useState(() => new Set(mails.filter(isUnread).map(({ id }) => id)))
  const [turned, setTurned] = useState<ReadonlyMap<MailId, boolean>>(new Map())
  const last = mails.at(-1)
  const isOpen = (mail: Mail) => turned.get(mail.id) ?? (mail === last || atFirst.has(mail.id) || isUnread(mail))
  const toggle = (mail: Mail) => setTurned(new Map(turned).set(mail.id, !isOpen(mail)))
  const first = mails.find(({ id }) => atFirst.has(id)) ?? last
  return { isOpen, toggle, first: first?.id ?? null }
}

function isUnread({ entry }: Mail): boolean {
  return entry.received && !entry.read
}

/** What is open on a visible, focused screen was read; what was read here and is marked as unread stays so. */
function useSeen(mails: readonly Mail[], actions: MailActions): void {
  const [seen] = useState(() => new Set<MailId>())
  for (const mail of mails) if (!isUnread(mail)) seen.add(mail.id)
  const unread = mails.filter(mail => isUnread(mail) && !seen.has(mail.id))
  const key = unread.map(({ id }) => id).join()
  const latest = useRef({ unread, actions })
  latest.current = { unread, actions }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each that is new.
  useEffect(() => {
    const see = () => {
      if (document.visibilityState !== 'visible' || !document.hasFocus()) return
      latest.current.actions.see(latest.current.unread)
    }
    see()
    window.addEventListener('focus', see)
    document.addEventListener('visibilitychange', see)
    return () => {
      window.removeEventListener('focus', see)
      document.removeEventListener('visibilitychange', see)
    }
  }, [key])
}

/** Opens at the first that is new, below what was read before. */
function useStartAt(scroller: RefObject<HTMLDivElement | null>, first: MailId | null): void {
  const begun = useRef(false)
  useEffect(() => {
    const card = scroller.current?.querySelector(`[data-mail-card="${first}"]`)
    if (begun.current || !card) return
    begun.current = true
    const above = card.previousElementSibling
    if (above?.matches('article')) above.scrollIntoView({ block: 'start' })
  }, [first, scroller])
}

function ThreadBar({ mails, place, actions, onLeave, onGone }: ThreadProps) {
  const { t } = useLingui()
  const gone = (act: () => void) => () => {
    act()
    onGone()
  }
  const away = place.folder === 'archive' || place.folder === 'trash' || place.folder === 'spam'
  const received = mails.filter(({ entry }) => entry.received)
  const newest = received.at(-1)
  const unread = () => {
    if (newest) actions.markRead([newest], false)
    onLeave()
  }
  const entries: readonly MenuEntry[] = [
    ...(newest ? [{ icon: MailIcon, label: t`Mark as unread`, onSelect: unread }] : []),
    ...(place.folder === 'spam' || received.length === 0
      ? []
      : [{ icon: ShieldAlert, label: t`Mark as spam`, onSelect: gone(() => actions.spam(mails)) }]),
  ]
  return (
    <header className="flex h-14 shrink-0 items-center gap-0.5 border-line border-b px-2">
      <IconButton icon={ArrowLeft} label={t`Back to the list`} className="rtl:rotate-180 md:hidden" onClick={onLeave} />
      {away ? (
        <IconButton icon={Inbox} label={t`Move to inbox`} onClick={gone(() => actions.restore(mails))} />
      ) : received.length > 0 ? (
        <IconButton icon={Archive} label={t`Archive`} onClick={gone(() => actions.archive(mails))} />
      ) : null}
      {place.folder === 'trash' ? null : (
        <IconButton icon={Trash2} label={t`Move to trash`} onClick={gone(() => actions.trash(mails))} />
      )}
      {received.length === 0 ? null : (
        <LaterMenu
          title={t`Snooze until`}
          trigger={props => <IconButton icon={Clock} label={t`Snooze`} {...props} />}
          onChoose={at => gone(() => actions.snooze(received, at))()}
          {...(place.folder === 'snoozed' && {
            more: close => (
              <Button
                tone="plain"
                className="w-full"
                onClick={() => {
                  close()
                  gone(() => actions.snooze(received, null))()
                }}
              >
                <Trans>Bring it back now</Trans>
              </Button>
            ),
          })}
        />
      )}
      <LabelMenu
        mails={mails}
        trigger={props => <IconButton icon={Tag} label={t`Labels`} {...props} />}
        onChange={change => actions.label(mails, change)}
      />
      <span className="tabular flex-1 ps-2 text-ink-muted text-meta max-md:sr-only">
        {t({ message: plural(mails.length, { one: '# mail', other: '# mails' }) })}
      </span>
      <span className="flex-1 md:hidden" />
      {entries.length > 0 ? (
        <Menu trigger={props => <IconButton icon={MoreHorizontal} label={t`More`} {...props} />} entries={entries} />
      ) : null}
    </header>
  )
}

/** Under the last mail: where one's eyes are when it is read. */
function AnswerBar({ mail }: { readonly mail: Mail }) {
  const compose = useCompose()
  const many = mail.recipientCount > 1
  const icon = { size: 18, strokeWidth: 1.75, 'aria-hidden': true } as const
  if (mail.state !== 'released') return null
  return (
    <div className="flex flex-wrap gap-2 px-4 pt-1 pb-8 md:ps-15 md:pe-6">
      <Button onClick={() => compose.answer('reply', mail)}>
        <Reply {...icon} />
        <Trans>Reply</Trans>
      </Button>
      {many ? (
        <Button onClick={() => compose.answer('reply-all', mail)}>
          <ReplyAll {...icon} />
          <Trans>Reply to all</Trans>
        </Button>
      ) : null}
      <Button onClick={() => compose.answer('forward', mail)}>
        <Forward {...icon} />
        <Trans>Forward</Trans>
      </Button>
    </div>
  )
}

function ThreadSkeleton() {
  return (
    <main className="min-w-0 flex-1 bg-surface">
      <Loading className="flex flex-col gap-4 p-6 pt-20">
        <div className="flex flex-col gap-4">
          <div className="skeleton h-7 w-3/5" />
          <div className="flex items-center gap-3">
            <div className="skeleton size-8 rounded-full" />
            <div className="skeleton h-4 w-40" />
          </div>
          <div className="skeleton h-4 w-11/12" />
          <div className="skeleton h-4 w-10/12" />
          <div className="skeleton h-4 w-2/3" />
        </div>
      </Loading>
    </main>
  )
}

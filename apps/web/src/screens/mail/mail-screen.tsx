/** Mail: folders, the list of one of them, and what is being read. On a phone one at a time. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { SquarePen } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { classNames } from '../../components/class-names.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { RowSkeletons } from '../../components/skeleton.tsx'
import { Splitter } from '../../components/splitter.tsx'
import { useApp } from '../../state/app-context.ts'
import { listWidths } from '../../state/preferences.ts'
import { useMedia } from '../../state/use-media.ts'
import { usePreferences } from '../../state/use-snapshot.ts'
import { useCompose } from './compose/use-compose.ts'
import { FolderList } from './folder-list.tsx'
import { MailGroups } from './group-mails.ts'
import { type ListedMails, MailList } from './list/mail-list.tsx'
import { useSelection } from './list/use-selection.ts'
import { MailPart } from './mail-part.tsx'
import { linkTo, type MailPlace, readPlace, readThreadId, viewOf } from './mail-places.ts'
import { ThreadPane } from './reading/thread-pane.tsx'
import { useMailList } from './use-mail.ts'
import { useMailActions } from './use-mail-actions.ts'
import { useMailKeys } from './use-mail-keys.ts'

export function MailScreen() {
  const { view, threadId } = useParams({ strict: false })
  const { label } = useSearch({ strict: false })
  const place = readPlace(view, label)
  return (
    <MailPart fallback={<MailSkeleton />}>
      <Desk key={place.folder === 'label' ? `label ${place.label}` : place.folder} place={place} thread={threadId} />
    </MailPart>
  )
}

interface DeskProps {
  readonly place: MailPlace
  readonly thread: string | undefined
}

function Desk({ place, thread }: DeskProps) {
  const { t } = useLingui()
  const { preferences } = useApp()
  const { listWidth } = usePreferences()
  const navigate = useNavigate()
  const wide = useMedia('(min-width: 800px)')
  const [only, setOnly] = useState<'all' | 'unread'>('all')
  const open = readThreadId(thread)
  const listed = useListed(place, only)
  const groups = listed?.groups ?? noGroups
  const selection = useSelection(groups)
  const actions = useMailActions()
  const go = (threadId: number | null) => void navigate(linkTo(place, threadId ?? undefined))
  /** The one after it, else the one before: who files one mail reads the next. */
  const goOn = () => {
    const at = groups.findIndex(group => group.threadId === open)
    const next = at < 0 ? undefined : (groups[at + 1] ?? groups[at - 1])
    go(wide ? (next?.threadId ?? null) : null)
  }
  useMailKeys({ place, groups, open, selection, actions, go, goOn })
  return (
    <>
      <div className="hidden w-52 shrink-0 flex-col border-line border-e bg-desk/50 pt-3 lg:flex">
        <ComposeButton />
        <FolderList place={place} />
      </div>
      <section
        aria-label={t`Mail`}
        style={wide ? { width: listWidth } : undefined}
        className={classNames('min-h-0 shrink-0 flex-col max-md:w-full', open === null ? 'flex' : 'hidden md:flex')}
      >
        <MailList
          place={place}
          open={open}
          listed={listed}
          only={only}
          onOnly={setOnly}
          selection={selection}
          actions={actions}
        />
      </section>
      <Splitter
        label={t`Width of the list`}
        width={listWidth}
        {...listWidths}
        pane="before"
        onChange={width => preferences.set({ ...preferences.get(), listWidth: width })}
      />
      <div className={classNames('relative min-h-0 min-w-0 flex-1', open === null ? 'hidden md:flex' : 'flex')}>
        {open === null ? (
          <NothingOpen />
        ) : (
          <ThreadPane
            key={open}
            threadId={open}
            place={place}
            actions={actions}
            onLeave={() => go(null)}
            onGone={goOn}
          />
        )}
      </div>
    </>
  )
}

const noGroups: ListedMails['groups'] = []

/** The mails of a place as rows; null for drafts. */
function useListed(place: MailPlace, only: 'all' | 'unread'): ListedMails | null {
  const view = viewOf(place, only)
  // Of drafts nothing is listed; hooks are called all the same.
  const { handle, list } = useMailList(view ?? { folder: 'unsent' })
  const [memory] = useState(() => new MailGroups())
  const groups = memory.of(list.items)
  return view === null ? null : { groups, list, loadOlder: () => handle.loadOlder() }
}

function ComposeButton() {
  const compose = useCompose()
  return (
    <div className="px-3 pb-3">
      <Button className="w-full" onClick={() => compose.begin()}>
        <SquarePen size={18} strokeWidth={1.75} aria-hidden="true" />
        <Trans>Write a mail</Trans>
      </Button>
    </div>
  )
}

function NothingOpen() {
  return (
    <main className="flex min-w-0 flex-1 bg-surface">
      <EmptyState>
        <Trans>Choose a mail to read it.</Trans>
      </EmptyState>
    </main>
  )
}

function MailSkeleton() {
  return (
    <div className="w-full pt-16 md:w-[344px] md:border-line md:border-e lg:ms-52">
      <RowSkeletons count={9} />
    </div>
  )
}

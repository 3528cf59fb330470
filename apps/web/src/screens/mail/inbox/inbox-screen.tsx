/** Everything that waits for one, chats and mails together; a mail opens beside the list, a chat in its place. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate, useParams } from '@tanstack/react-router'
import { SquarePen } from 'lucide-react'
import { useMemo, useState } from 'react'
import { classNames } from '../../../components/class-names.ts'
import { EmptyState } from '../../../components/empty-state.tsx'
import { FilterChips } from '../../../components/filter-chips.tsx'
import { IconButton } from '../../../components/icon-button.tsx'
import { RowSkeletons } from '../../../components/skeleton.tsx'
import { Splitter } from '../../../components/splitter.tsx'
import { useApp } from '../../../state/app-context.ts'
import { listWidths } from '../../../state/preferences.ts'
import { useMedia } from '../../../state/use-media.ts'
import { usePreferences, useSnapshot } from '../../../state/use-snapshot.ts'
import { ConnectionMark } from '../../frame/connection-mark.tsx'
import { useCompose } from '../compose/use-compose.ts'
import { MailGroups } from '../group-mails.ts'
import { useSelection } from '../list/use-selection.ts'
import { MailPart } from '../mail-part.tsx'
import { readThreadId } from '../mail-places.ts'
import { ThreadPane } from '../reading/thread-pane.tsx'
import { useMailList } from '../use-mail.ts'
import { useMailActions } from '../use-mail-actions.ts'
import { useMailKeys } from '../use-mail-keys.ts'
import { arrangeInbox, type InboxFilter, type InboxRow } from './arrange-inbox.ts'
import { InboxRows } from './inbox-rows.tsx'

export function InboxScreen() {
  return (
    <MailPart
      fallback={
        <div className="w-full pt-28 md:w-[344px] md:border-line md:border-e">
          <RowSkeletons count={8} />
        </div>
      }
    >
      <Desk />
    </MailPart>
  )
}

const place = { folder: 'inbox' } as const

function Desk() {
  const { t } = useLingui()
  const { preferences } = useApp()
  const { listWidth } = usePreferences()
  const wide = useMedia('(min-width: 800px)')
  const navigate = useNavigate()
  const open = readThreadId(useParams({ strict: false }).threadId)
  const [filter, setFilter] = useState<InboxFilter>('all')
  const { handle, list } = useMailList(place)
  const [memory] = useState(() => new MailGroups())
  const groups = memory.of(list.items)
  const rows = useRows(groups, list.hasOlder, filter)
  const selection = useSelection(groups)
  const actions = useMailActions()
  const go = (threadId: number | null) =>
    void navigate({
      to: '/app/inbox/{-$threadId}',
      params: { threadId: threadId === null ? undefined : String(threadId) },
    })
  const goOn = () => {
    const at = groups.findIndex(group => group.threadId === open)
    const next = at < 0 ? undefined : (groups[at + 1] ?? groups[at - 1])
    go(wide ? (next?.threadId ?? null) : null)
  }
  useMailKeys({ place, groups, open, selection, actions, go, goOn })
  const loading = list.loading.first && rows.length === 0
  return (
    <>
      <section
        aria-label={t`Inbox`}
        style={wide ? { width: listWidth } : undefined}
        className={classNames('min-h-0 shrink-0 flex-col max-md:w-full', open === null ? 'flex' : 'hidden md:flex')}
      >
        <InboxHeader />
        <Filters value={filter} onChange={setFilter} />
        <ConnectionMark shape="line" />
        {loading ? (
          <RowSkeletons count={8} />
        ) : rows.length === 0 ? (
          <NothingInInbox filter={filter} />
        ) : (
          <InboxRows
            rows={rows}
            open={open}
            hasOlder={list.hasOlder && !list.loading.older}
            onOlder={() => void handle.loadOlder()}
          />
        )}
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
          <main className="flex min-w-0 flex-1 bg-surface">
            <EmptyState>
              <Trans>Choose what to read.</Trans>
            </EmptyState>
          </main>
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

function useRows(groups: ReturnType<MailGroups['of']>, hasOlder: boolean, filter: InboxFilter): readonly InboxRow[] {
  const conversations = useSnapshot(snapshot => snapshot.conversations)
  const bell = useSnapshot(snapshot => snapshot.bell.items)
  return useMemo(() => {
    const mentioned = new Set(bell.filter(item => item.kind !== 'invitation').map(item => item.conversationId))
    return arrangeInbox({ conversations, groups, hasOlder, filter, mentioned })
  }, [bell, conversations, filter, groups, hasOlder])
}

function InboxHeader() {
  const { t } = useLingui()
  const compose = useCompose()
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 ps-4 pe-2">
      <h1 className="flex-1 font-semibold text-title">
        <Trans>Inbox</Trans>
      </h1>
      <IconButton icon={SquarePen} label={t`Write a mail`} onClick={() => compose.begin()} />
    </header>
  )
}

interface FiltersProps {
  readonly value: InboxFilter
  readonly onChange: (filter: InboxFilter) => void
}

function Filters({ value, onChange }: FiltersProps) {
  const { t } = useLingui()
  const names: Record<InboxFilter, string> = {
    all: t`All`,
    unread: t({ message: 'Unread', context: 'filter' }),
    mail: t`Mail`,
    chats: t`Chats`,
    mentions: t`Mentions`,
  }
  return <FilterChips names={names} value={value} all="all" onChange={onChange} />
}

function NothingInInbox({ filter }: { readonly filter: InboxFilter }) {
  const { t } = useLingui()
  const words: Record<InboxFilter, string> = {
    all: t`Nothing is waiting for you.`,
    unread: t`You have read everything.`,
    mail: t`No mail is waiting for you.`,
    chats: t`You have no chats yet.`,
    mentions: t`Nobody is waiting for you by name.`,
  }
  return <EmptyState>{words[filter]}</EmptyState>
}

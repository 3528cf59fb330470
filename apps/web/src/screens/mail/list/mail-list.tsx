import { Trans, useLingui } from '@lingui/react/macro'
import type { MailListSnapshot } from '@recado/client'
import type { MailId } from '@recado/protocol'
import { ChevronDown, ListFilter, SquarePen } from 'lucide-react'
import { FloatingPanel } from '../../../components/floating-panel.tsx'
import { IconButton } from '../../../components/icon-button.tsx'
import { Notice } from '../../../components/notice.tsx'
import { RowSkeletons } from '../../../components/skeleton.tsx'
import { useProblemWords } from '../../../i18n/problem-words.ts'
import { ConnectionMark } from '../../frame/connection-mark.tsx'
import { useCompose } from '../compose/use-compose.ts'
import { FolderList } from '../folder-list.tsx'
import { usePlaceName } from '../folder-words.ts'
import type { MailGroup } from '../group-mails.ts'
import type { MailPlace } from '../mail-places.ts'
import type { MailActions } from '../use-mail-actions.ts'
import { BulkBar } from './bulk-bar.tsx'
import { DraftRows } from './draft-rows.tsx'
import { MailRows } from './mail-rows.tsx'
import { NothingHere } from './nothing-here.tsx'
import { OutboxRows } from './outbox-rows.tsx'
import type { Selection } from './use-selection.ts'

export interface ListedMails {
  readonly groups: readonly MailGroup[]
  readonly list: MailListSnapshot
  readonly loadOlder: () => Promise<void>
}

interface MailListProps {
  readonly place: MailPlace
  readonly open: MailId | null
  /** Null for drafts. */
  readonly listed: ListedMails | null
  readonly only: 'all' | 'unread'
  readonly onOnly: (only: 'all' | 'unread') => void
  readonly selection: Selection
  readonly actions: MailActions
}

export function MailList({ place, open, listed, only, onOnly, selection, actions }: MailListProps) {
  return (
    <>
      {selection.chosen.size > 0 ? (
        <BulkBar selection={selection} place={place} actions={actions} />
      ) : (
        <ListHeader place={place} only={only} onOnly={listed && place.folder !== 'sent' ? onOnly : null} />
      )}
      <ConnectionMark shape="line" />
      {place.folder === 'unsent' ? <OutboxRows /> : null}
      {listed === null ? (
        <DraftRows />
      ) : (
        <ListBody place={place} open={open} listed={listed} only={only} selection={selection} actions={actions} />
      )}
    </>
  )
}

interface ListHeaderProps {
  readonly place: MailPlace
  readonly only: 'all' | 'unread'
  readonly onOnly: ((only: 'all' | 'unread') => void) | null
}

function ListHeader({ place, only, onOnly }: ListHeaderProps) {
  const { t } = useLingui()
  const compose = useCompose()
  const name = usePlaceName()(place)
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 ps-4 pe-2">
      <h1 className="min-w-0 flex-1 font-semibold text-title">
        <bdi className="one-line hidden lg:block">{name}</bdi>
        <FloatingPanel
          title={t`Folders`}
          heading="spoken"
          align="start"
          className="flex max-h-[70dvh] w-64 flex-col pt-2"
          trigger={props => (
            <button
              type="button"
              className="-ms-2 inline-flex min-h-11 max-w-full items-center gap-1 rounded px-2 hover:bg-hover lg:hidden"
              {...props}
            >
              <bdi className="one-line min-w-0">{name}</bdi>
              <ChevronDown size={18} strokeWidth={1.75} className="shrink-0" aria-hidden="true" />
            </button>
          )}
        >
          {close => <FolderList place={place} onGo={close} />}
        </FloatingPanel>
      </h1>
      {onOnly ? (
        <IconButton
          icon={ListFilter}
          label={t`Only unread`}
          aria-pressed={only === 'unread'}
          onClick={() => onOnly(only === 'unread' ? 'all' : 'unread')}
          className="aria-pressed:bg-wax-tint aria-pressed:text-wax-ink"
        />
      ) : null}
      <IconButton icon={SquarePen} label={t`Write a mail`} onClick={() => compose.begin()} />
    </header>
  )
}

type ListBodyProps = Omit<MailListProps, 'onOnly' | 'listed'> & { readonly listed: ListedMails }

function ListBody({ place, open, listed, only, selection, actions }: ListBodyProps) {
  const { groups, list, loadOlder } = listed
  const words = useProblemWords()
  if (groups.length === 0) {
    if (list.problem) {
      return (
        <div className="p-3">
          <Notice tone="failure">{words(list.problem.code)}</Notice>
        </div>
      )
    }
    return list.loading.first ? <RowSkeletons count={9} /> : <NothingHere place={place} only={only} />
  }
  return (
    <>
      <MailRows
        groups={groups}
        place={place}
        open={open}
        selection={selection}
        actions={actions}
        hasOlder={list.hasOlder && !list.loading.older}
        onOlder={() => void loadOlder()}
      />
      {list.offline ? (
        <p className="shrink-0 border-line border-t px-4 py-2 text-ink-muted text-meta">
          <Trans>These are the mails that this device keeps.</Trans>
        </p>
      ) : null}
    </>
  )
}

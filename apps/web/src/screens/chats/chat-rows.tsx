import { useLingui } from '@lingui/react/macro'
import type { ConversationView } from '@recado/client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef } from 'react'
import { classNames } from '../../components/class-names.ts'
import { isKey } from '../../keys/match-key.ts'
import { useApp } from '../../state/app-context.ts'
import type { Preferences } from '../../state/preferences.ts'
import { useMedia } from '../../state/use-media.ts'
import { usePreferences } from '../../state/use-snapshot.ts'
import { ArchiveRow } from './archive-row.tsx'
import type { ArrangedChats } from './arrange-chats.ts'
import { ChatRow } from './chat-row.tsx'
import { type ChatActions, useChatActions } from './use-chat-actions.ts'
import { useChatMenu } from './use-chat-menu.tsx'
import { usePinDrag } from './use-pin-drag.ts'

const rowHeights = { comfortable: 68, compact: 52 } as const
const headingHeight = 32
const archiveHeight = 48

type Row =
  | { readonly kind: 'archive'; readonly key: string }
  | { readonly kind: 'heading'; readonly key: string; readonly of: 'pinned' | 'others' }
  | { readonly kind: 'chat'; readonly key: number; readonly view: ConversationView }

interface ChatRowsProps {
  readonly chats: ArrangedChats
  /** Null where the archive is not to be entered from here. */
  readonly onArchive: (() => void) | null
}

/** The rows on screen, whatever the number of chats. The arrow keys go from row to row. */
export function ChatRows({ chats, onArchive }: ChatRowsProps) {
  const { t } = useLingui()
  const { pinned, others, archived, archivedUnread } = chats
  const density = useDensity()
  const scroller = useRef<HTMLDivElement>(null)
  const archive = onArchive !== null
  const rows = useMemo(() => listRows({ pinned, others }, archive), [archive, pinned, others])
  const views = useMemo(() => [...pinned, ...others], [pinned, others])
  const actions = useChatActions(pinned)
  const menu = useChatMenu({ views, pinned, actions })
  const { drag, handlers } = usePinDrag(pinned, actions.drop)
  const onKeyDown = useRowKeys(views, actions)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => heightOf(rows[index], rowHeights[density]),
    getItemKey: index => rows[index]?.key ?? index,
    overscan: 6,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights follow the density.
  useEffect(() => virtualizer.measure(), [density, virtualizer])
  const show = (row: Row): ReactNode => {
    if (row.kind === 'archive') {
      return <ArchiveRow count={archived} unread={archivedUnread} onOpen={onArchive ?? (() => undefined)} />
    }
    if (row.kind === 'chat') return <ChatRow view={row.view} density={density} />
    return (
      <h2 className="flex h-full items-end px-2.5 pb-1 font-semibold text-fine text-ink-muted">
        {row.of === 'pinned' ? t`Pinned` : t`Other chats`}
      </h2>
    )
  }
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
      <ul
        aria-label={t`Chats`}
        className="relative"
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={onKeyDown}
        {...handlers}
        {...menu.handlers}
      >
        {virtualizer.getVirtualItems().map(({ index, key, start, size }) => {
          const row = rows[index]
          if (!row) return null
          const isPinned = row.kind === 'chat' && row.view.pinned !== null && index <= pinned.length + 1
          return (
            <li
              key={key}
              data-chat={row.kind === 'chat' ? row.key : undefined}
              draggable={isPinned && pinned.length > 1 ? true : undefined}
              className={classNames('absolute inset-x-0 top-0', drag && marksDrop(row, drag.before, pinned))}
              style={{ height: size, transform: `translateY(${start}px)` }}
            >
              {show(row)}
            </li>
          )
        })}
      </ul>
      {menu.menu}
    </div>
  )
}

function listRows({ pinned, others }: Pick<ArrangedChats, 'pinned' | 'others'>, archive: boolean): readonly Row[] {
  const chat = (view: ConversationView): Row => ({ kind: 'chat', key: view.id, view })
  const heading = (of: 'pinned' | 'others'): Row => ({ kind: 'heading', key: of, of })
  return [
    ...(archive ? [{ kind: 'archive', key: 'archive' } as const] : []),
    ...(pinned.length > 0 ? [heading('pinned'), ...pinned.map(chat)] : []),
    ...(pinned.length > 0 && others.length > 0 ? [heading('others')] : []),
    ...others.map(chat),
  ]
}

/** Close together only where no thumb has to hit anything. */
function useDensity(): Preferences['density'] {
  const { density } = usePreferences()
  return useMedia('(pointer: fine)') ? density : 'comfortable'
}

function heightOf(row: Row | undefined, rowHeight: number): number {
  if (row?.kind === 'heading') return headingHeight
  return row?.kind === 'archive' ? archiveHeight : rowHeight
}

/** A line where the row would be dropped: above the one it goes before, or below the last pinned one. */
function marksDrop(row: Row, before: number | null, pinned: readonly ConversationView[]): string | false {
  if (row.kind !== 'chat') return false
  if (row.view.id === before) return 'shadow-[0_-2px_0_var(--color-wax)]'
  return before === null && row.view.id === pinned.at(-1)?.id && 'shadow-[0_2px_0_var(--color-wax)]'
}

/** What the keys do on the row that has the focus. */
function useRowKeys(views: readonly ConversationView[], actions: ChatActions) {
  const { preferences } = useApp()
  return (event: KeyboardEvent<HTMLUListElement>) => {
    if (moveFocus(event)) return
    const row = (event.target as Element).closest('[data-chat]')
    const view = row && views.find(({ id }) => String(id) === row.getAttribute('data-chat'))
    if (!view) return
    const letters = preferences.get().singleKeys === 'on'
    const press = event.nativeEvent
    if (isKey(press, 'pinUp')) actions.move(view, -1)
    else if (isKey(press, 'pinDown')) actions.move(view, 1)
    else if (letters && isKey(press, 'pinChat')) actions.pin(view)
    else if (letters && isKey(press, 'muteChat')) {
      if (view.muted === null) actions.mute(view, 'forever')
      else actions.unmute(view)
    } else if (letters && isKey(press, 'archiveChat')) actions.archive(view)
    else if (letters && isKey(press, 'unreadChat')) actions.toggleUnread(view)
    else return
    event.preventDefault()
  }
}

function moveFocus(event: KeyboardEvent<HTMLUListElement>): boolean {
  const step = isKey(event.nativeEvent, 'rowBelow') ? 1 : isKey(event.nativeEvent, 'rowAbove') ? -1 : 0
  if (step === 0) return false
  const targets = [...event.currentTarget.querySelectorAll<HTMLElement>('a, button')].sort(
    (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
  )
  const at = targets.findIndex(target => target.contains(event.target as Element))
  const next = at < 0 ? undefined : targets[at + step]
  if (!next) return false
  event.preventDefault()
  next.focus()
  return true
}

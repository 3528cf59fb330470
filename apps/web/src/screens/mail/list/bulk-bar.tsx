/** What can be done with all mails that are chosen, in the place of the list's header. */
import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import {
  Archive,
  Clock,
  Inbox,
  ListChecks,
  Mail,
  MailOpen,
  MoreHorizontal,
  ShieldAlert,
  Tag,
  Trash2,
  X,
} from 'lucide-react'
import { IconButton } from '../../../components/icon-button.tsx'
import { Menu, type MenuEntry } from '../../../components/menu.tsx'
import { LabelMenu } from '../label-menu.tsx'
import { LaterMenu } from '../later-menu.tsx'
import type { MailPlace } from '../mail-places.ts'
import type { MailActions } from '../use-mail-actions.ts'
import type { Selection } from './use-selection.ts'

interface BulkBarProps {
  readonly selection: Selection
  readonly place: MailPlace
  readonly actions: MailActions
}

export function BulkBar({ selection, place, actions }: BulkBarProps) {
  const { t } = useLingui()
  const mails = selection.groups.flatMap(group => group.mails)
  const count = selection.groups.length
  const unread = selection.groups.some(group => group.unread)
  const done = (act: () => void) => () => {
    act()
    selection.clear()
  }
  const away = place.folder === 'archive' || place.folder === 'trash' || place.folder === 'spam'
  const entries: readonly MenuEntry[] = [
    { icon: ListChecks, label: t`Choose all`, onSelect: selection.chooseAll },
    ...(place.folder === 'spam'
      ? []
      : [{ icon: ShieldAlert, label: t`Mark as spam`, onSelect: done(() => actions.spam(mails)) }]),
    ...(place.folder === 'trash'
      ? []
      : [{ icon: Trash2, label: t`Move to trash`, onSelect: done(() => actions.trash(mails)) }]),
  ]
  return (
    <header className="flex h-14 shrink-0 items-center bg-wax-tint ps-1 pe-2">
      <IconButton icon={X} label={t`Choose none`} onClick={selection.clear} />
      <h2 aria-live="polite" className="tabular min-w-0 flex-1 font-semibold leading-tight">
        {t({ message: plural(count, { one: '# chosen', other: '# chosen' }) })}
      </h2>
      {away ? (
        <IconButton icon={Inbox} label={t`Move to inbox`} onClick={done(() => actions.restore(mails))} />
      ) : (
        <IconButton icon={Archive} label={t`Archive`} onClick={done(() => actions.archive(mails))} />
      )}
      <IconButton
        icon={unread ? MailOpen : Mail}
        label={unread ? t`Mark as read` : t`Mark as unread`}
        onClick={done(() => actions.markRead(mails, unread))}
      />
      <LaterMenu
        title={t`Snooze until`}
        trigger={props => <IconButton icon={Clock} label={t`Snooze`} {...props} />}
        onChoose={at => done(() => actions.snooze(mails, at))()}
      />
      <LabelMenu
        mails={mails}
        trigger={props => <IconButton icon={Tag} label={t`Labels`} {...props} />}
        onChange={change => actions.label(mails, change)}
      />
      <Menu trigger={props => <IconButton icon={MoreHorizontal} label={t`More`} {...props} />} entries={entries} />
    </header>
  )
}

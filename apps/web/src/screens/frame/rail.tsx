import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { Link, type LinkProps } from '@tanstack/react-router'
import { Inbox, type LucideIcon, Mail, MessagesSquare, Settings, UsersRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { classNames } from '../../components/class-names.ts'
import { CountBadge } from '../../components/count-badge.tsx'
import { Seal } from '../../components/seal.tsx'
import { lazyPart } from '../../parts/lazy-part.tsx'
import { useMe, useSnapshot } from '../../state/use-snapshot.ts'
import { Bell } from './bell.tsx'
import { ConnectionMark } from './connection-mark.tsx'
import { railItemClass } from './rail-item.ts'

const MailUnread = lazyPart(() => import('../mail/mail-unread.tsx').then(module => module.MailUnread))

export function Rail({ hiddenOnPhone }: { readonly hiddenOnPhone: 'hidden' | 'shown' }) {
  const { t } = useLingui()
  const unread = useSnapshot(snapshot => snapshot.unread)
  return (
    <nav
      aria-label={t`Main`}
      className={classNames(
        'shrink-0 border-line bg-desk max-md:border-t max-md:pb-[env(safe-area-inset-bottom)] md:flex md:w-18 md:flex-col md:items-center md:border-e md:py-3',
        hiddenOnPhone === 'hidden' ? 'max-md:hidden' : 'max-md:flex max-md:justify-around',
      )}
    >
      <Seal className="mb-4 size-9 max-md:hidden" />
      <RailLink to="/app/inbox/{-$threadId}" icon={Inbox} label={t`Inbox`} />
      <RailLink to="/app/chats" icon={MessagesSquare} label={t`Chats`}>
        <CountBadge
          count={unread}
          label={t({ message: plural(unread, { one: '# unread message', other: '# unread messages' }) })}
        />
      </RailLink>
      <RailLink to="/app/mail/{-$view}/{-$threadId}" icon={Mail} label={t`Mail`}>
        <MailUnread />
      </RailLink>
      <RailLink to="/app/people" icon={UsersRound} label={t`People`} />
      <Bell />
      <RailLink to="/app/settings" icon={Settings} label={t`Settings`} />
      <RailFoot />
    </nav>
  )
}

interface RailLinkProps {
  readonly to: NonNullable<LinkProps['to']>
  readonly icon: LucideIcon
  readonly label: string
  readonly children?: ReactNode
}

function RailLink({ to, icon: Icon, label, children }: RailLinkProps) {
  return (
    <Link
      to={to}
      // Not what is open there now.
      params={{ view: undefined, threadId: undefined }}
      className={railItemClass}
      activeProps={{ className: 'text-wax-ink hover:text-wax-ink font-semibold', 'aria-current': 'page' }}
    >
      <Icon size={22} strokeWidth={1.75} aria-hidden="true" />
      {label}
      <span className="absolute start-[calc(50%+3px)] top-1">{children}</span>
    </Link>
  )
}

/** Who is signed in, and how the connection is. On a phone both are in the settings and above the list. */
function RailFoot() {
  const { t } = useLingui()
  const me = useMe()
  const online = useSnapshot(snapshot => snapshot.connection.state === 'online')
  return (
    <div className="mt-auto flex flex-col items-center gap-2 max-md:hidden">
      <ConnectionMark shape="rail" />
      <Link to="/app/settings" title={me.displayName} className="rounded-full">
        <span aria-hidden="true">
          <Avatar id={me.id} name={me.displayName} presence={online ? 'online' : 'offline'} />
        </span>
        <span className="sr-only">{t`You: ${me.displayName}`}</span>
      </Link>
    </div>
  )
}

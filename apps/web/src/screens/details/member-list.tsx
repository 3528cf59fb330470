import { useLingui } from '@lingui/react/macro'
import type { Conversation, Member, Role } from '@recado/protocol'
import { Crown, Ellipsis, type LucideIcon, MessageCircle, ShieldCheck, ShieldOff, UserMinus } from 'lucide-react'
import { Avatar } from '../../components/avatar.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { Menu, type MenuEntry } from '../../components/menu.tsx'
import { RowSkeletons } from '../../components/skeleton.tsx'
import { useClient } from '../../state/app-context.ts'
import { useAttempt, useTell } from '../../state/use-attempt.ts'
import { useOpenDirect } from '../../state/use-open-direct.ts'
import { useMe, usePresence, useWatchedPresence } from '../../state/use-snapshot.ts'
import { ProfileTrigger } from '../people/profile-trigger.tsx'

interface MemberListProps {
  readonly conversation: Conversation
  /** Null while they load. */
  readonly members: readonly Member[] | null
}

/** So many members show presence. */
const watchedMembers = 100

export function MemberList({ conversation, members }: MemberListProps) {
  useWatchedPresence((members ?? []).slice(0, watchedMembers).map(member => member.person.id))
  if (!members) return <RowSkeletons count={Math.min(5, conversation.memberCount)} />
  return (
    <ul>
      {members.map(member => (
        <li key={member.person.id}>
          <MemberRow conversation={conversation} member={member} />
        </li>
      ))}
    </ul>
  )
}

interface MemberRowProps {
  readonly conversation: Conversation
  readonly member: Member
}

function MemberRow({ conversation, member }: MemberRowProps) {
  const { t } = useLingui()
  const me = useMe()
  const presence = usePresence(member.person.id)
  const roles: Record<Role, string | null> = { owner: t`Owner`, admin: t`Admin`, member: null }
  const own = member.person.id === me.id
  return (
    <div className="flex min-h-12 items-center gap-3 py-1">
      <ProfileTrigger accountId={member.person.id} name={member.person.displayName}>
        <Avatar id={member.person.id} name={member.person.displayName} size="sm" presence={own ? null : presence} />
      </ProfileTrigger>
      <div className="min-w-0 flex-1">
        <p className="truncate">
          <bdi dir="auto">{member.person.displayName}</bdi>
          {own ? <span className="text-ink-muted"> ({t`you`})</span> : null}
        </p>
        <bdi className="block truncate text-ink-muted text-meta">@{member.person.username}</bdi>
      </div>
      {roles[member.role] ? <span className="text-ink-muted text-meta">{roles[member.role]}</span> : null}
      {own ? null : <MemberMenu conversation={conversation} member={member} />}
    </div>
  )
}

/** The owner may do everything; an admin may remove members. */
function MemberMenu({ conversation, member }: MemberRowProps) {
  const { t } = useLingui()
  const client = useClient()
  const attempt = useAttempt()
  const openDirect = useOpenDirect()
  const remove = useRemoveMember(conversation, member)
  const owner = conversation.me.role === 'owner'
  const removable = owner || (conversation.me.role === 'admin' && member.role === 'member')
  const asRole = (role: Role, icon: LucideIcon, label: string): readonly MenuEntry[] =>
    owner && member.role !== role
      ? [{ icon, label, onSelect: () => void attempt(() => client.setRole(conversation.id, member.person.id, role)) }]
      : []
  const removal: MenuEntry = { icon: UserMinus, label: t`Remove from the group`, onSelect: remove, tone: 'danger' }
  return (
    <Menu
      entries={[
        { icon: MessageCircle, label: t`Write a message`, onSelect: () => openDirect(member.person) },
        ...asRole('admin', ShieldCheck, t`Make admin`),
        ...asRole('member', ShieldOff, t`Make member`),
        ...asRole('owner', Crown, t`Make owner`),
        ...(removable ? [removal] : []),
      ]}
      trigger={trigger => (
        <IconButton
          icon={Ellipsis}
          label={t`Actions for ${member.person.displayName}`}
          className="-me-2"
          {...trigger}
        />
      )}
    />
  )
}

/** Removal counts at once, so that nothing more reaches the person; whoever slipped adds them again. */
function useRemoveMember(conversation: Conversation, { person }: Member): () => void {
  const { t } = useLingui()
  const client = useClient()
  const attempt = useAttempt()
  const tell = useTell()
  return () =>
    void attempt(() => client.removeMember(conversation.id, person.id)).then(done =>
      done
        ? tell(t`${person.displayName} was removed.`, {
            label: t`Undo`,
            run: () => void attempt(() => client.addMembers(conversation.id, [person.id], 'all')),
          })
        : undefined,
    )
}

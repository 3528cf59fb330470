import { Trans, useLingui } from '@lingui/react/macro'
import type { Conversation, Member, Role } from '@recado/protocol'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Crown, Ellipsis, type LucideIcon, MessageCircle, ShieldCheck, ShieldOff, UserMinus } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { Button } from '../../components/button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { Menu, type MenuEntry } from '../../components/menu.tsx'
import { RowSkeletons } from '../../components/skeleton.tsx'
import { useProblemWords } from '../../i18n/problem-words.ts'
import { useClient } from '../../state/app-context.ts'
import { isolate } from '../../state/isolate.ts'
import { useAttempt, useTell } from '../../state/use-attempt.ts'
import { useOpenDirect } from '../../state/use-open-direct.ts'
import { useMe, usePresence, useWatchedPresence } from '../../state/use-snapshot.ts'
import { ProfileTrigger } from '../people/profile-trigger.tsx'
import { type Members, useMembers } from './use-members.ts'

/** So many members show presence. */
const watchedMembers = 100
const rowHeight = 52
/** Below so many, all are in sight anyway. */
const searchableFrom = 8
const rowsAhead = 20

/** The members, the rows on screen only, found by name on the server: it may be thousands. */
export function MemberList({ conversation }: { readonly conversation: Conversation }) {
  const { t } = useLingui()
  const [query, setQuery] = useState('')
  const members = useMembers(conversation.id, query)
  useWatchedPresence((members.items ?? []).slice(0, watchedMembers).map(member => member.person.id))
  return (
    <>
      {conversation.memberCount >= searchableFrom ? (
        <input
          type="search"
          dir="auto"
          value={query}
          maxLength={100}
          onChange={event => setQuery(event.target.value)}
          aria-label={t`Find a member`}
          placeholder={t`Find a member`}
          className="mb-2 min-h-11 w-full rounded border border-transparent bg-hover px-3 placeholder:text-ink-muted focus:border-wax focus:bg-surface focus:outline-none md:pointer-fine:min-h-9"
        />
      ) : null}
      <MemberRows conversation={conversation} members={members} />
    </>
  )
}

function MemberRows({ conversation, members }: { readonly conversation: Conversation; readonly members: Members }) {
  const { t } = useLingui()
  const words = useProblemWords()
  const { items, problem } = members
  if (problem !== null) {
    return (
      <div className="py-2 text-ink-muted">
        <p>{words(problem)}</p>
        <Button tone="plain" onClick={members.reload}>
          <Trans>Try again</Trans>
        </Button>
      </div>
    )
  }
  if (!items) return <RowSkeletons count={Math.min(5, conversation.memberCount)} />
  if (items.length === 0) {
    return (
      <p className="py-2 text-ink-muted">
        <Trans>No member has this name.</Trans>
      </p>
    )
  }
  return <VirtualMembers label={t`Members`} conversation={conversation} members={members} items={items} />
}

interface VirtualMembersProps {
  readonly label: string
  readonly conversation: Conversation
  readonly members: Members
  readonly items: readonly Member[]
}

function VirtualMembers({ label, conversation, members, items }: VirtualMembersProps) {
  const list = useRef<HTMLUListElement>(null)
  const [margin, setMargin] = useState(0)
  const scroller = () => list.current?.closest<HTMLElement>('[data-scroller]') ?? null
  // What is above the list in the same scroller grows and shrinks: a description, a name being edited.
  useLayoutEffect(() => {
    const [element, parent] = [list.current, list.current?.closest<HTMLElement>('[data-scroller]')]
    if (!element || !parent) return
    const top = element.getBoundingClientRect().top - parent.getBoundingClientRect().top + parent.scrollTop
    if (Math.abs(top - margin) > 1) setMargin(top)
  })
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: scroller,
    estimateSize: () => rowHeight,
    getItemKey: index => items[index]?.person.id ?? index,
    scrollMargin: margin,
    overscan: 8,
  })
  const rows = virtualizer.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  const { more, loadMore } = members
  useEffect(() => {
    if (more && last >= items.length - rowsAhead) loadMore()
  })
  return (
    <ul ref={list} aria-label={label} className="relative" style={{ height: virtualizer.getTotalSize() }}>
      {rows.map(({ index, key, start }) => {
        const member = items[index]
        return member ? (
          <li
            key={key}
            aria-posinset={index + 1}
            aria-setsize={more ? -1 : items.length}
            className="absolute inset-x-0 top-0"
            style={{ height: rowHeight, transform: `translateY(${start - margin}px)` }}
          >
            <MemberRow conversation={conversation} member={member} />
          </li>
        ) : null
      })}
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
        <p className="flex gap-1">
          <bdi className="one-line min-w-0">{member.person.displayName}</bdi>
          {own ? <span className="shrink-0 text-ink-muted"> ({t`you`})</span> : null}
        </p>
        <bdi className="one-line text-ink-muted text-meta">@{member.person.username}</bdi>
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
function useRemoveMember(conversation: Conversation, { person, role }: Member): () => void {
  const { t } = useLingui()
  const client = useClient()
  const attempt = useAttempt()
  const tell = useTell()
  const name = isolate(person.displayName)
  const addAgain = async () => {
    await client.addMembers(conversation.id, [person.id], 'all')
    if (role !== 'member') await client.setRole(conversation.id, person.id, role)
  }
  return () =>
    void attempt(() => client.removeMember(conversation.id, person.id)).then(done =>
      done
        ? tell(t`${name} was removed.`, {
            label: t`Undo`,
            run: () => void attempt(addAgain),
          })
        : undefined,
    )
}

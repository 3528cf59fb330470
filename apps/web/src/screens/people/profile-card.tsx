import { Trans, useLingui } from '@lingui/react/macro'
import type { AccountId, Person } from '@recado/protocol'
import { MessageCircle } from 'lucide-react'
import { Avatar } from '../../components/avatar.tsx'
import { Button } from '../../components/button.tsx'
import { Modal } from '../../components/modal.tsx'
import { Loading } from '../../components/skeleton.tsx'
import { useTimes } from '../../i18n/use-times.ts'
import { useOpenDirect } from '../../state/use-open-direct.ts'
import { useMe, usePerson, usePresence, useSnapshot, useWatchedPresence } from '../../state/use-snapshot.ts'
import { PersonPresence } from '../conversation/presence-words.tsx'

interface ProfileCardProps {
  readonly open: boolean
  readonly onClose: () => void
  /** Null before anybody was asked for. */
  readonly accountId: AccountId | null
}

/** Who somebody is, and the way to write to them. */
export function ProfileCard({ open, onClose, accountId }: ProfileCardProps) {
  const { t } = useLingui()
  const person = usePerson(accountId)
  return (
    <Modal open={open} onClose={onClose} title={t`Profile`}>
      <div className="flex min-h-24 flex-1 flex-col items-center gap-1 overflow-y-auto p-6 text-center tall:min-h-64">
        {person ? <Profile person={person} onClose={onClose} /> : <ProfileSkeleton />}
      </div>
    </Modal>
  )
}

function ProfileSkeleton() {
  return (
    <Loading className="flex flex-col items-center">
      <div className="skeleton mx-auto size-20 rounded-full" />
      <div className="skeleton mt-4 h-5 w-44" />
    </Loading>
  )
}

function Profile({ person, onClose }: { readonly person: Person; readonly onClose: () => void }) {
  const me = useMe()
  const presence = usePresence(person.id)
  const openDirect = useOpenDirect(onClose)
  const { displayName, username } = person
  useWatchedPresence([person.id])
  return (
    <>
      <Avatar id={person.id} name={displayName} size="lg" presence={presence} />
      <h3 dir="auto" className="spoken mt-2 font-semibold text-title">
        {displayName}
      </h3>
      <bdi className="spoken text-ink-muted">@{username}</bdi>
      <p className="min-h-5 text-ink-muted text-meta">
        <PersonPresence person={person} />
      </p>
      {person.id === me.id ? (
        <p className="mt-4 text-ink-muted">
          <Trans>This is you.</Trans>
        </p>
      ) : (
        <Button tone="primary" onClick={() => openDirect(person)} className="mt-4 max-w-full">
          <MessageCircle size={18} strokeWidth={1.75} aria-hidden="true" />
          <Trans>Write a message</Trans>
        </Button>
      )}
      <LastMessage person={person} />
    </>
  )
}

/** When one last wrote to each other. */
function LastMessage({ person }: { readonly person: Person }) {
  const times = useTimes()
  const at = useSnapshot(
    ({ conversations }) =>
      conversations.find(({ conversation }) => conversation.peer?.id === person.id)?.conversation.lastMessage
        ?.createdAt ?? null,
  )
  if (at === null) return null
  const ago = times.ago(at)
  return (
    <p title={times.exact(at)} className="mt-3 text-ink-muted text-meta">
      <Trans>Last message {ago}</Trans>
    </p>
  )
}

import { Trans, useLingui } from '@lingui/react/macro'
import type { Person } from '@recado/protocol'
import { Check, UserRound } from 'lucide-react'
import { Avatar } from '../../components/avatar.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { Loading } from '../../components/skeleton.tsx'
import { useShowOverlay } from '../../state/frame-overlay.ts'
import { peersOf, usePeopleSearch } from '../../state/use-people-search.ts'
import { usePresence, useSnapshot } from '../../state/use-snapshot.ts'

interface PeopleResultsProps {
  readonly query: string
  readonly onChoose: (person: Person) => void
  /** Those chosen already, where several can be. */
  readonly chosen?: ReadonlySet<number>
  /** Whether each row leads to its person's profile too. */
  readonly profiles?: 'shown'
  /** Those that cannot be chosen: members already. */
  readonly without?: ReadonlySet<number>
}

const none: ReadonlySet<number> = new Set()

/** Whom the search finds; before anything is typed, the people one talks with. */
export function PeopleResults({ query, onChoose, chosen, profiles, without = none }: PeopleResultsProps) {
  const conversations = useSnapshot(snapshot => snapshot.conversations)
  const search = usePeopleSearch(query)
  const idle = search.state === 'idle'
  const people = (idle ? peersOf(conversations) : search.people).filter(person => !without.has(person.id))
  if (people.length === 0) {
    return search.state === 'searching' ? <ResultSkeleton /> : <NobodyFound state={search.state} />
  }
  return (
    <ul className="flex flex-col">
      {people.map(person => (
        <li key={person.id} className="flex items-center gap-1">
          <PersonButton person={person} onChoose={onChoose} {...(chosen ? { chosen: chosen.has(person.id) } : {})} />
          {profiles ? <ProfileButton person={person} /> : null}
        </li>
      ))}
    </ul>
  )
}

function ProfileButton({ person }: { readonly person: Person }) {
  const { t } = useLingui()
  const show = useShowOverlay()
  const name = person.displayName
  return (
    <IconButton
      icon={UserRound}
      label={t`Profile of ${name}`}
      onClick={() => show({ kind: 'person', accountId: person.id })}
    />
  )
}

function NobodyFound({ state }: { readonly state: 'idle' | 'found' | 'failed' }) {
  const { t } = useLingui()
  const words = {
    idle: t`Search for people by name, username or e-mail.`,
    found: t`Nobody by this name. Try the username or the e-mail.`,
    failed: t`Could not search right now. Try again in a moment.`,
  }
  return (
    <p role="status" className="px-4 py-8 text-center text-ink-muted">
      {words[state]}
    </p>
  )
}

function ResultSkeleton() {
  return (
    <Loading className="px-4 py-2">
      <div className="flex items-center gap-3">
        <div className="skeleton size-8 rounded-full" />
        <div className="skeleton h-3.5 w-40" />
      </div>
    </Loading>
  )
}

interface PersonButtonProps {
  readonly person: Person
  readonly onChoose: (person: Person) => void
  readonly chosen?: boolean
}

function PersonButton({ person, onChoose, chosen }: PersonButtonProps) {
  const presence = usePresence(person.id)
  return (
    <button
      type="button"
      data-inset-focus=""
      aria-pressed={chosen}
      onClick={() => onChoose(person)}
      className="flex min-h-14 w-full min-w-0 items-center gap-3 rounded px-3 py-1.5 text-start hover:bg-hover"
    >
      <Avatar id={person.id} name={person.displayName} size="sm" presence={presence} />
      <span className="flex min-w-0 flex-1 flex-col">
        <bdi className="one-line font-semibold">{person.displayName}</bdi>
        <bdi className="one-line text-ink-muted text-meta">@{person.username}</bdi>
      </span>
      {chosen ? (
        <Check size={18} className="text-wax-ink" aria-hidden="true" />
      ) : (
        <span className="sr-only">
          <Trans>Choose</Trans>
        </span>
      )}
    </button>
  )
}

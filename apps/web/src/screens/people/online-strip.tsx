import { useLingui } from '@lingui/react/macro'
import type { Person } from '@recado/protocol'
import { Avatar } from '../../components/avatar.tsx'
import { firstName } from '../../state/names.ts'
import { useOnlinePeople } from '../../state/use-online-people.ts'
import { useOpenDirect } from '../../state/use-open-direct.ts'

/** Who is here now, in a line that scrolls; a tap opens the chat with them. Nothing while nobody is. */
export function OnlineStrip() {
  const { t } = useLingui()
  const people = useOnlinePeople()
  if (people.length === 0) return null
  return (
    <nav aria-label={t`Online now`} className="shrink-0 pb-1">
      <ul className="flex gap-1 overflow-x-auto overscroll-x-contain px-2 py-1 [scrollbar-width:none]">
        {people.map(person => (
          <li key={person.id} className="shrink-0">
            <OnlinePerson person={person} />
          </li>
        ))}
      </ul>
    </nav>
  )
}

function OnlinePerson({ person }: { readonly person: Person }) {
  const { t } = useLingui()
  const openDirect = useOpenDirect()
  const { displayName } = person
  return (
    <button
      type="button"
      data-inset-focus=""
      aria-label={t`Write to ${displayName}`}
      title={displayName}
      onClick={() => openDirect(person)}
      className="flex w-16 flex-col items-center gap-1 rounded py-1 hover:bg-hover"
    >
      <span aria-hidden="true" className="contents">
        <Avatar id={person.id} name={displayName} presence="online" />
        <span className="w-full px-1 text-center text-fine text-ink-muted">
          <bdi className="one-line">{firstName(displayName)}</bdi>
        </span>
      </span>
    </button>
  )
}

import { useLingui } from '@lingui/react/macro'
import type { Person } from '@recado/protocol'
import { Avatar } from '../../components/avatar.tsx'
import { classNames } from '../../components/class-names.ts'
import { floatClass } from '../../components/float-class.ts'

interface MentionListProps {
  readonly id: string
  readonly people: readonly Person[]
  readonly active: number
  readonly onChoose: (person: Person) => void
}

/** Whom the word after the @ may mean. The keys are handled by the field, which keeps the focus. */
export function MentionList({ id, people, active, onChoose }: MentionListProps) {
  const { t } = useLingui()
  return (
    <div
      id={id}
      role="listbox"
      aria-label={t`People to mention`}
      className={classNames(floatClass, 'animate-arrive absolute start-0 bottom-full mb-2 w-80 max-w-full')}
    >
      {people.map((person, index) => (
        <div
          key={person.id}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onPointerDown={event => {
            event.preventDefault()
            onChoose(person)
          }}
          className="flex min-h-11 cursor-pointer items-center gap-2.5 rounded-sm px-2 aria-selected:bg-hover md:pointer-fine:min-h-9"
        >
          <Avatar id={person.id} name={person.displayName} size="xs" />
          <bdi dir="auto" className="truncate">
            {person.displayName}
          </bdi>
          <bdi className="max-w-[40%] shrink-0 truncate text-ink-muted text-meta">@{person.username}</bdi>
        </div>
      ))}
    </div>
  )
}

import { useLingui } from '@lingui/react/macro'
import type { Person } from '@recado/protocol'
import { X } from 'lucide-react'
import { useMemo, useState } from 'react'
import { TextField } from '../../components/text-field.tsx'
import { isKey } from '../../keys/match-key.ts'
import { PeopleResults } from './people-results.tsx'

interface PeoplePickerProps {
  readonly label: string
  readonly people: readonly Person[]
  readonly onChange: (people: readonly Person[]) => void
  readonly without?: ReadonlySet<number>
}

/** Chooses several people; those chosen stand above as chips. */
export function PeoplePicker({ label, people, onChange, without }: PeoplePickerProps) {
  const { t } = useLingui()
  const [query, setQuery] = useState('')
  const chosen = useMemo(() => new Set<number>(people.map(person => person.id)), [people])
  const toggle = (person: Person) => {
    setQuery('')
    onChange(chosen.has(person.id) ? people.filter(({ id }) => id !== person.id) : [...people, person])
  }
  return (
    <>
      <div className="px-4 pb-2">
        <TextField
          label={label}
          dir="auto"
          value={query}
          onChange={event => setQuery(event.target.value)}
          onKeyDown={event => (isKey(event.nativeEvent, 'choose') ? event.preventDefault() : undefined)}
          placeholder={t`Name, username or e-mail`}
          autoComplete="off"
        />
        <ul className="mt-2 flex max-h-28 flex-wrap gap-1.5 overflow-y-auto empty:hidden" aria-label={t`Chosen`}>
          {people.map(person => (
            <li key={person.id}>
              <button
                type="button"
                onClick={() => toggle(person)}
                aria-label={t`Take out ${person.displayName}`}
                className="inline-flex min-h-11 max-w-56 items-center gap-1.5 rounded-full border border-line bg-surface ps-3 pe-2 text-meta hover:bg-hover md:pointer-fine:min-h-8"
              >
                <bdi dir="auto" className="truncate">
                  {person.displayName}
                </bdi>
                <X size={14} className="shrink-0" aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      </div>
      <div className="min-h-24 flex-1 overflow-y-auto px-2 pb-2 tall:min-h-48">
        <PeopleResults query={query} onChoose={toggle} chosen={chosen} {...(without ? { without } : {})} />
      </div>
    </>
  )
}

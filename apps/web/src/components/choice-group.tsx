import { useId } from 'react'

interface ChoiceGroupProps<Id extends string> {
  readonly label: string
  readonly choices: readonly { readonly id: Id; readonly name: string }[]
  readonly value: Id
  readonly onChange: (id: Id) => void
}

/** One of a few, all in sight. */
export function ChoiceGroup<Id extends string>({ label, choices, value, onChange }: ChoiceGroupProps<Id>) {
  const name = useId()
  return (
    <div role="radiogroup" aria-label={label} className="flex flex-wrap gap-2">
      {choices.map(choice => (
        <label
          key={choice.id}
          className="relative inline-flex min-h-11 cursor-pointer items-center rounded border border-line bg-surface px-4 hover:bg-hover has-checked:border-wax has-checked:bg-wax-tint has-checked:font-semibold has-focus-visible:outline-2 has-focus-visible:outline-wax has-focus-visible:outline-offset-2"
        >
          <input
            type="radio"
            name={name}
            className="sr-only"
            checked={choice.id === value}
            onChange={() => onChange(choice.id)}
          />
          {choice.name}
        </label>
      ))}
    </div>
  )
}

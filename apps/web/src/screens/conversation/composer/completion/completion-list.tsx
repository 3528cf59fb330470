import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { Avatar } from '../../../../components/avatar.tsx'
import { classNames } from '../../../../components/class-names.ts'
import { floatClass } from '../../../../components/float-class.ts'
import { SaidAtRest } from '../../../../components/said-at-rest.tsx'
import { SuggestedOption } from '../../../../components/suggested-option.tsx'
import type { Suggestion } from './completion.ts'
import type { Completion } from './use-completion.ts'

/** What the word before the caret may become. The keys are handled by the field, which keeps the focus. */
export function CompletionList({ completion }: { readonly completion: Completion }) {
  const { t } = useLingui()
  const { id, title, suggestions, active, choose } = completion
  const count = suggestions.length
  const words = t({ message: plural(count, { one: '# suggestion', other: '# suggestions' }) })
  return (
    <>
      {count > 0 ? (
        <div
          id={id}
          role="listbox"
          aria-label={title}
          className={classNames(floatClass, 'animate-arrive absolute start-0 bottom-full mb-2 w-80 max-w-full')}
        >
          {suggestions.map((suggestion, index) => (
            <Option
              key={suggestion.key}
              id={`${id}-${index}`}
              suggestion={suggestion}
              active={index === active}
              onChoose={() => choose(suggestion)}
            />
          ))}
        </div>
      ) : null}
      <SaidAtRest words={count > 0 ? words : ''} />
    </>
  )
}

interface OptionProps {
  readonly id: string
  readonly suggestion: Suggestion
  readonly active: boolean
  readonly onChoose: () => void
}

function Option({ id, suggestion: { face, label, detail }, active, onChoose }: OptionProps) {
  return (
    <SuggestedOption id={id} active={active} onChoose={onChoose}>
      {face.type === 'person' ? (
        <Avatar id={face.id} name={label} size="xs" />
      ) : (
        <span aria-hidden="true" className="w-7 shrink-0 text-center text-title leading-none">
          {face.emoji}
        </span>
      )}
      <bdi dir="auto" className="truncate">
        {label}
      </bdi>
      <bdi className="max-w-[40%] shrink-0 truncate text-ink-muted text-meta">{detail}</bdi>
    </SuggestedOption>
  )
}

/** To, Cc or Bcc: chips, and a field that completes people and groups (an ARIA combobox that keeps the focus). */
import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import type { DraftRecipient } from '@recado/client'
import { type ClipboardEvent, type KeyboardEvent, type ReactNode, type Ref, useId, useRef, useState } from 'react'
import { Avatar } from '../../../components/avatar.tsx'
import { classNames } from '../../../components/class-names.ts'
import { floatClass } from '../../../components/float-class.ts'
import { SaidAtRest } from '../../../components/said-at-rest.tsx'
import { SuggestedOption } from '../../../components/suggested-option.tsx'
import { isKey } from '../../../keys/match-key.ts'
import { RecipientChip } from './recipient-chip.tsx'
import { type RecipientSuggestion, useSuggestions } from './use-suggestions.ts'

interface RecipientFieldProps {
  readonly label: string
  readonly recipients: readonly DraftRecipient[]
  /** Places of those that the server did not know. */
  readonly refused: readonly number[]
  readonly inputRef?: Ref<HTMLInputElement>
  readonly autoFocus?: boolean
  readonly onAdd: (added: readonly DraftRecipient[]) => void
  readonly onRemove: (index: number) => void
  /** At the end of the line. */
  readonly trailing?: ReactNode
}

/** What ends a name. A space does not: names have them. */
const separators = /[,;\n]+/u

export function RecipientField(props: RecipientFieldProps) {
  const { label, recipients, refused, inputRef, autoFocus, onAdd, onRemove, trailing } = props
  const { t } = useLingui()
  const id = useId()
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const list = useRef<HTMLUListElement>(null)
  const suggestions = useSuggestions(query, recipients)
  const at = Math.min(active, Math.max(0, suggestions.length - 1))
  const open = suggestions.length > 0

  const take = (text: string) => {
    const names = text.split(separators).flatMap(name => (name.trim() === '' ? [] : [name.trim()]))
    setQuery('')
    setActive(0)
    if (names.length > 0) onAdd(names.map(typed => ({ typed })))
  }
  const choose = (suggestion: RecipientSuggestion) => {
    setQuery('')
    setActive(0)
    onAdd([suggestion.recipient])
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const { nativeEvent } = event
    if (nativeEvent.isComposing) return
    const suggestion = suggestions[at]
    if (open && isKey(nativeEvent, 'rowBelow')) setActive((at + 1) % suggestions.length)
    else if (open && isKey(nativeEvent, 'rowAbove')) setActive((at + suggestions.length - 1) % suggestions.length)
    else if (suggestion && isKey(nativeEvent, 'complete')) choose(suggestion)
    else if (open && isKey(nativeEvent, 'stepBack')) setQuery('')
    else if (isKey(nativeEvent, 'choose') && query.trim() !== '') take(query)
    else if (isKey(nativeEvent, 'takeOut') && query === '' && recipients.length > 0) onRemove(recipients.length - 1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text')
    if (!separators.test(text.trim())) return
    event.preventDefault()
    take(query + text)
  }
  const count = suggestions.length
  const found = t({ message: plural(count, { one: '# suggestion', other: '# suggestions' }) })
  return (
    <div className="relative flex items-start gap-2 border-line border-b py-1 ps-4 pe-2">
      <label htmlFor={id} className="min-w-9 py-3 text-ink-muted md:pointer-fine:py-1.5">
        {label}
      </label>
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1.5 py-0.5">
        <ul ref={list} className="contents">
          {recipients.map((recipient, index) => (
            <RecipientChip
              key={JSON.stringify(recipient)}
              recipient={recipient}
              state={refused.includes(index) || 'typed' in recipient ? 'unknown' : 'known'}
              onRemove={() => onRemove(index)}
            />
          ))}
        </ul>
        <input
          ref={inputRef}
          id={id}
          // biome-ignore lint/a11y/noAutofocus: the letter was asked for by whoever writes it.
          autoFocus={autoFocus}
          dir="auto"
          value={query}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={open}
          aria-controls={open ? `${id}-list` : undefined}
          aria-activedescendant={open ? `${id}-${at}` : undefined}
          onChange={({ target }) => {
            setActive(0)
            if (separators.test(target.value)) take(target.value)
            else setQuery(target.value)
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => take(query)}
          className={classNames(
            'min-h-11 min-w-16 flex-1 bg-transparent outline-none md:pointer-fine:min-h-7',
            // Names that fill their line are not followed by an empty one, until somebody writes there: it lies behind them.
            recipients.length > 0 && 'self-end not-focus:-mt-11 md:pointer-fine:not-focus:-mt-7',
          )}
        />
      </div>
      {trailing}
      {open ? (
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label={t`Recipients`}
          className={classNames(floatClass, 'absolute inset-x-3 top-full z-10 md:end-auto md:w-96')}
        >
          {suggestions.map((suggestion, index) => (
            <SuggestionOption
              key={suggestion.key}
              id={`${id}-${index}`}
              suggestion={suggestion}
              active={index === at}
              onChoose={() => choose(suggestion)}
            />
          ))}
        </div>
      ) : null}
      <SaidAtRest words={open ? found : ''} />
    </div>
  )
}

interface SuggestionOptionProps {
  readonly id: string
  readonly suggestion: RecipientSuggestion
  readonly active: boolean
  readonly onChoose: () => void
}

function SuggestionOption({ id, suggestion, active, onChoose }: SuggestionOptionProps) {
  const { t } = useLingui()
  const { kind, name, detail, members } = suggestion
  return (
    <SuggestedOption id={id} active={active} onChoose={onChoose}>
      <Avatar id={suggestion.id} name={name} size="xs" kind={kind} />
      <bdi dir="auto" className="truncate">
        {name}
      </bdi>
      <bdi className="max-w-[40%] shrink-0 truncate text-ink-muted text-meta">
        {detail ?? t({ message: plural(members, { one: '# member', other: '# members' }) })}
      </bdi>
    </SuggestedOption>
  )
}

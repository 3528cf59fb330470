import { useLingui } from '@lingui/react/macro'
import type { Person } from '@recado/protocol'
import { type KeyboardEvent, type RefObject, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { isKey } from '../../keys/match-key.ts'
import type { OpenConversation } from '../../state/use-conversation.ts'
import { useMedia } from '../../state/use-media.ts'
import { MentionList } from './mention-list.tsx'
import { completeMention, findMentionQuery, matchPeople } from './mentions.ts'
import { type ComposerControl, useMentionable } from './use-composer.ts'

interface ComposerFieldProps {
  readonly id: string
  readonly open: OpenConversation
  readonly control: ComposerControl
}

/** `limits.bodyLength` of the protocol is 20,000 code points; a field counts UTF-16 units. */
const maxLength = 20_000
const shownPeople = 6

export function ComposerField({ id, open, control }: ComposerFieldProps) {
  const { t } = useLingui()
  const field = useRef<HTMLTextAreaElement>(null)
  const listId = useId()
  const mention = useMentionCompletion({ open, control, field })
  const touch = useMedia('(pointer: coarse)')
  useGrowing(field, control.text)
  useFocusRequests(field, control.focusRequests, touch)

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || mention.onKeyDown(event)) return
    if (isKey(event.nativeEvent, 'send') && !touch) {
      event.preventDefault()
      control.submit()
    } else if (isKey(event.nativeEvent, 'editLast') && control.text === '' && !control.editing && control.editLast()) {
      event.preventDefault()
    }
  }

  return (
    <div className="min-w-0 flex-1">
      {mention.people.length > 0 ? (
        <MentionList id={listId} people={mention.people} active={mention.active} onChoose={mention.choose} />
      ) : null}
      <textarea
        ref={field}
        id={id}
        dir="auto"
        rows={1}
        maxLength={maxLength}
        value={control.text}
        onChange={event => {
          control.setText(event.target.value)
          mention.setCaret(event.target.selectionStart)
        }}
        onSelect={event => mention.setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
        aria-label={t`Message`}
        placeholder={t`Write a message`}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={mention.people.length > 0}
        aria-controls={mention.people.length > 0 ? listId : undefined}
        aria-activedescendant={mention.people.length > 0 ? `${listId}-${mention.active}` : undefined}
        enterKeyHint={touch ? 'enter' : 'send'}
        className="block max-h-[40dvh] text-message min-h-11 w-full resize-none overflow-y-auto bg-transparent px-2.5 py-2.5 placeholder:text-ink-muted focus:outline-none md:pointer-fine:min-h-9 md:pointer-fine:py-1.5"
      />
    </div>
  )
}

/** The field is as high as its text. */
function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text.
  useLayoutEffect(() => {
    const element = field.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
  }, [field, text])
}

/** With a keyboard the field has the focus from the start; on a touch screen that would cover the messages. */
function useFocusRequests(field: RefObject<HTMLTextAreaElement | null>, requests: number, touch: boolean): void {
  useEffect(() => {
    const element = field.current
    if (!element || (touch && requests === 0)) return
    element.focus({ preventScroll: true })
    element.setSelectionRange(element.value.length, element.value.length)
  }, [field, requests, touch])
}

interface MentionCompletionInput {
  readonly open: OpenConversation
  readonly control: ComposerControl
  readonly field: RefObject<HTMLTextAreaElement | null>
}

function useMentionCompletion({ open, control, field }: MentionCompletionInput) {
  const mentionable = useMentionable(open)
  const [caret, setCaret] = useState(0)
  const [chosen, setChosen] = useState(0)
  const [dismissed, setDismissed] = useState<number | null>(null)
  const query = findMentionQuery(control.text, caret)
  const offered = query && query.start !== dismissed ? matchPeople(mentionable, query.text, shownPeople) : []
  const active = Math.min(chosen, Math.max(0, offered.length - 1))

  const choose = (person: Person) => {
    if (!query) return
    const completed = completeMention(control.text, query, caret, person.username)
    control.setText(completed.text)
    setChosen(0)
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(completed.caret, completed.caret)
      setCaret(completed.caret)
    })
  }

  /** Whether the key was for the list. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const person = offered[active]
    if (!person || !query) return false
    if (event.key === 'ArrowDown') setChosen((active + 1) % offered.length)
    else if (event.key === 'ArrowUp') setChosen((active - 1 + offered.length) % offered.length)
    else if (event.key === 'Enter' || event.key === 'Tab') choose(person)
    else if (event.key === 'Escape') setDismissed(query.start)
    else return false
    event.preventDefault()
    return true
  }

  return { people: offered, active, choose, onKeyDown, setCaret }
}

import { useLingui } from '@lingui/react/macro'
import type { Person } from '@recado/protocol'
import {
  type ChangeEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useSyncExternalStore,
} from 'react'
import { isKey } from '../../../keys/match-key.ts'
import { useMedia } from '../../../state/use-media.ts'
import { CompletionList } from './completion/completion-list.tsx'
import { useCompletion } from './completion/use-completion.ts'
import { useEmojiSource } from './completion/use-emoji-source.ts'
import { useMentionSource } from './completion/use-mention-source.ts'
import type { ComposerModel, Writing } from './composer-model.ts'
import { breakLine } from './format/break-line.ts'
import type { Formatting } from './format/use-formatting.ts'
import { fieldLength } from './length.ts'
import { applyEdit } from './text-edit.ts'

interface ComposerFieldProps {
  readonly field: RefObject<HTMLTextAreaElement | null>
  readonly writing: Writing
  readonly people: readonly Person[]
  readonly formatting: Formatting
  readonly focusRequests: ComposerModel['focusRequests']
  /** The id of what says that the text is too long; null while it is not. */
  readonly tooLong: string | null
  readonly onWrite: (text: string) => void
  readonly onSubmit: () => void
  readonly onEditLast: () => boolean
}

export function ComposerField(props: ComposerFieldProps) {
  const { field, writing, people, formatting, focusRequests, tooLong, onWrite, onSubmit, onEditLast } = props
  const { t } = useLingui()
  const touch = useMedia('(pointer: coarse)')
  const mentions = useMentionSource(people)
  const emojis = useEmojiSource(writing.text)
  const sources = useMemo(() => [mentions, emojis.source], [mentions, emojis])
  const completion = useCompletion({ field, text: writing.text, sources })
  useGrowing(field, writing.text)
  useFocusRequests(field, focusRequests, touch)

  const onChange = ({ target, nativeEvent }: ChangeEvent<HTMLTextAreaElement>) => {
    onWrite(target.value)
    completion.setCaret(target.selectionStart)
    formatting.noteSelection(target)
    // Only what is typed: an undo brings the name back, and a paste stays what it was.
    if (!(nativeEvent instanceof InputEvent) || nativeEvent.inputType !== 'insertText' || nativeEvent.data !== ':')
      return
    const replaced = emojis.replaceName(target.value, target.selectionStart)
    if (replaced) applyEdit(target, replaced)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(event) || completion.onKeyDown(event) || formatting.onKeyDown(event)) return
    // The keyboard of a touch screen has no Shift+Enter: there Enter breaks the line.
    const breaks = touch && !event.ctrlKey && !event.metaKey
    const sends = isKey(event.nativeEvent, 'send')
    if (sends && !breaks) {
      event.preventDefault()
      onSubmit()
    } else if (sends || isKey(event.nativeEvent, 'newLine')) {
      const { value: text, selectionStart: start, selectionEnd: end } = event.currentTarget
      const edit = breakLine({ text, start, end })
      if (!edit) return
      event.preventDefault()
      applyEdit(event.currentTarget, edit)
    } else if (isKey(event.nativeEvent, 'editLast') && writing.text === '' && !writing.editing && onEditLast()) {
      event.preventDefault()
    }
  }

  return (
    <div className="min-w-0 flex-1">
      <CompletionList completion={completion} />
      <textarea
        ref={field}
        dir="auto"
        rows={1}
        maxLength={fieldLength}
        value={writing.text}
        onChange={onChange}
        onSelect={({ currentTarget }) => {
          completion.setCaret(currentTarget.selectionStart)
          formatting.noteSelection(currentTarget)
        }}
        onKeyDown={onKeyDown}
        aria-label={t`Message`}
        placeholder={t`Write a message`}
        aria-invalid={tooLong !== null}
        aria-describedby={tooLong ?? undefined}
        {...completion.fieldProps}
        enterKeyHint={touch ? 'enter' : 'send'}
        className="block max-h-[40dvh] text-message min-h-11 w-full resize-none overflow-y-auto bg-transparent px-2.5 py-2.5 field-sizing-content placeholder:text-ink-muted focus:outline-none md:pointer-fine:min-h-9 md:pointer-fine:py-1.5"
      />
    </div>
  )
}

/** Whether the key belongs to an input method. Safari ends a composition before the Enter that ended it arrives. */
function isComposing({ nativeEvent }: KeyboardEvent): boolean {
  return nativeEvent.isComposing || nativeEvent.keyCode === 229
}

/** The field is as high as its text: by itself where the browser can, which spares a layout at every key. */
function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text.
  useLayoutEffect(() => {
    const element = field.current
    if (!element || CSS.supports('field-sizing', 'content')) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
  }, [field, text])
}

/** With a keyboard the field has the focus from the start; on a touch screen that would cover the messages. */
function useFocusRequests(
  field: RefObject<HTMLTextAreaElement | null>,
  { subscribe, get }: ComposerModel['focusRequests'],
  touch: boolean,
): void {
  const requests = useSyncExternalStore(subscribe, get)
  useEffect(() => {
    const element = field.current
    if (!element || (touch && requests === 0)) return
    element.focus({ preventScroll: true })
    element.setSelectionRange(element.value.length, element.value.length)
  }, [field, requests, touch])
}

import { type FocusEvent, type KeyboardEvent, type RefObject, useState } from 'react'
import { isKey } from '../../../../keys/match-key.ts'
import { applyEdit } from '../text-edit.ts'
import { type Format, formats, formatText } from './format-text.ts'

/** The bar is there while something is selected, or as long as it was asked to stay. */
export function useFormatting(field: RefObject<HTMLTextAreaElement | null>) {
  const [selects, setSelects] = useState(false)
  const [within, setWithin] = useState(false)
  const [kept, setKept] = useState(false)

  const noteSelection = ({ selectionStart, selectionEnd }: HTMLTextAreaElement) =>
    setSelects(selectionStart !== selectionEnd)
  const format = (by: Format) => {
    const element = field.current
    if (!element) return
    const { value: text, selectionStart: start, selectionEnd: end } = element
    applyEdit(element, formatText({ text, start, end }, by))
    noteSelection(element)
  }
  return {
    shown: kept || (selects && within),
    kept,
    toggle: () => setKept(!kept),
    format,
    noteSelection,
    /** Whether the key was for a format. */
    onKeyDown(event: KeyboardEvent): boolean {
      const by = formats.find(one => isKey(event.nativeEvent, one))
      if (by === undefined) return false
      event.preventDefault()
      format(by)
      return true
    },
    /** For what holds the field and the bar. */
    focusProps: {
      onFocus: () => setWithin(true),
      onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => setWithin(currentTarget.contains(relatedTarget)),
    },
  }
}

export type Formatting = ReturnType<typeof useFormatting>

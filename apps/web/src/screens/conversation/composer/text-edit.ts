/** Changes of a field's text that its own undo takes back, like what was typed. */

/** Replaces a stretch of the text; then this is selected. All are offsets in UTF-16 units, the selection in the result. */
export interface TextEdit {
  readonly from: number
  readonly to: number
  readonly insert: string
  readonly selectionStart: number
  readonly selectionEnd: number
}

/** Replaces a stretch, and puts the caret behind what was put there. */
export function replaceText(from: number, to: number, insert: string): TextEdit {
  const end = from + insert.length
  return { from, to, insert, selectionStart: end, selectionEnd: end }
}

/**
 * Makes the change as if it had been typed. `execCommand` is deprecated and still the only way into a field's history of
 * undo; a browser that refuses it changes the text all the same.
 */
export function applyEdit(field: HTMLTextAreaElement, edit: TextEdit): void {
  field.focus({ preventScroll: true })
  field.setSelectionRange(edit.from, edit.to)
  const typed =
    edit.insert === '' ? document.execCommand('delete') : document.execCommand('insertText', false, edit.insert)
  if (!typed) applyQuietly(field, edit)
  field.setSelectionRange(edit.selectionStart, edit.selectionEnd)
}

/** The same without taking the focus, which on a touch screen would bring the keyboard up. */
export function applyQuietly(field: HTMLTextAreaElement, edit: TextEdit): void {
  field.setRangeText(edit.insert, edit.from, edit.to, 'end')
  field.setSelectionRange(edit.selectionStart, edit.selectionEnd)
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText' }))
}

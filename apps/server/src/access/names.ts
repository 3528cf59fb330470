/** What people and groups may be called: a name has to look like what it is, and to be there at all. */
import type { FieldError } from '@recado/protocol'
import { Refusal } from '../problem.ts'

/** Control characters, and those that are invisible or turn the direction of text. */
const hidden = /[\p{Cc}\p{Bidi_Control}\u200b\u2060\ufeff]/u
/** Neither white space nor what draws nothing, or nothing of its own; the last two are drawn blank. */
const visible = /[^\p{Z}\p{Cc}\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}]/u

/** A line for each rule that the name of this field breaks. */
export function checkName(path: string, name: string): readonly FieldError[] {
  return [
    ...(visible.test(name) ? [] : [{ path, message: 'must hold something that can be seen' }]),
    ...(hidden.test(name) ? [{ path, message: 'must not hold control characters' }] : []),
  ]
}

/** Raises `invalid-input`. */
export function requireGroupName(name: string): void {
  const errors = checkName('/name', name)
  if (errors.length > 0) throw new Refusal('invalid-input', { errors })
}

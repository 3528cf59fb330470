/**
 * Whether a key press is a combination of the table, on any layout.
 *
 * A sign (`?`, `/`) is matched by what the layout prints, whatever has to be held for it: AltGr, which Windows reports as
 * Ctrl+Alt, and Shift do not count. A letter on a layout without Latin letters is matched by its place on the keyboard.
 */
import { combosOf, type KeyboardSystem, type KeyId } from './key-table.ts'

/** What of a key press is looked at. */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  getModifierState(name: 'AltGraph'): boolean
}

interface Combo {
  readonly key: string
  readonly mod: boolean
  readonly alt: boolean
  readonly shift: boolean
}

/** Which key is Mod. */
export function keyboardSystem(): KeyboardSystem {
  return /Mac|iPhone|iPad/u.test(navigator.userAgent) ? 'apple' : 'other'
}

/** Whether a press is one of the combinations of `id`. */
export function isKey(press: KeyPress, id: KeyId, system: KeyboardSystem = keyboardSystem()): boolean {
  return combosOf(id).some(combo => pressed(press, parseCombo(combo), system))
}

/** Whether it is a letter or a sign without a modifier, which writes where somebody types. */
export function isCharacter(combo: string): boolean {
  const { key, mod, alt } = parseCombo(combo)
  return key.length === 1 && !mod && !alt
}

export function parseCombo(combo: string): Combo {
  const parts = combo.split('+')
  return {
    key: parts.at(-1) ?? '',
    mod: parts.includes('Mod'),
    alt: parts.includes('Alt'),
    shift: parts.includes('Shift'),
  }
}

function pressed(press: KeyPress, combo: Combo, system: KeyboardSystem): boolean {
  const written = combo.key.length === 1
  const altGr = press.getModifierState('AltGraph')
  // What AltGr writes is a sign, never a command: Ctrl+K and the sign on AltGr+K are different wishes.
  if (altGr && written && combo.mod) return false
  const held = altGr && written ? { ctrl: false, alt: false } : { ctrl: press.ctrlKey, alt: press.altKey }
  const [mod, other] = system === 'apple' ? [press.metaKey, held.ctrl] : [held.ctrl, press.metaKey]
  if (mod !== combo.mod || other || held.alt !== combo.alt) return false
  const letter = /^[A-Z]$/u.test(combo.key)
  if ((letter || !written) && press.shiftKey !== combo.shift) return false
  if (!letter) return press.key === combo.key
  return press.key.toUpperCase() === combo.key || (!isLatin(press.key) && press.code === `Key${combo.key}`)
}

function isLatin(key: string): boolean {
  return /^\p{Script=Latin}$/u.test(key)
}

import { describe, expect, it } from 'vitest'
import { keyIds, keyTable } from './key-table.ts'
import { isCharacter, isKey, type KeyPress } from './match-key.ts'

function press(key: string, held: Partial<KeyPress> & { readonly altGr?: true } = {}): KeyPress {
  return {
    key,
    code: '',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    getModifierState: () => held.altGr === true,
    ...held,
  }
}

describe('isKey', () => {
  it('takes Ctrl for Mod, and Command on a Mac', () => {
    expect(isKey(press('k', { ctrlKey: true }), 'palette', 'other')).toBe(true)
    expect(isKey(press('k', { metaKey: true }), 'palette', 'apple')).toBe(true)
    expect(isKey(press('k', { metaKey: true }), 'palette', 'other')).toBe(false)
    expect(isKey(press('k', { ctrlKey: true }), 'palette', 'apple')).toBe(false)
    expect(isKey(press('K', { ctrlKey: true, shiftKey: true }), 'palette', 'other')).toBe(false)
    expect(isKey(press('k'), 'palette', 'other')).toBe(false)
  })

  it('finds a sign wherever the layout has it', () => {
    expect(isKey(press('?', { shiftKey: true }), 'help', 'other')).toBe(true)
    expect(isKey(press('?', { ctrlKey: true, altKey: true, altGr: true }), 'help', 'other')).toBe(true)
    expect(isKey(press('/', { altGr: true }), 'findChat', 'other')).toBe(true)
    expect(isKey(press('?', { altKey: true }), 'help', 'other')).toBe(false)
  })

  it('never takes what AltGr writes for a command', () => {
    expect(isKey(press('k', { ctrlKey: true, altKey: true, altGr: true }), 'palette', 'other')).toBe(false)
    expect(isKey(press('/', { ctrlKey: true, altKey: true, altGr: true }), 'help', 'other')).toBe(false)
  })

  it('finds a letter by its place where the layout has no Latin letters', () => {
    expect(isKey(press('л', { code: 'KeyK', ctrlKey: true }), 'palette', 'other')).toBe(true)
    expect(isKey(press('ن', { code: 'KeyK', ctrlKey: true }), 'palette', 'other')).toBe(true)
    // On Dvorak the letter counts, not the place.
    expect(isKey(press('t', { code: 'KeyK', ctrlKey: true }), 'palette', 'other')).toBe(false)
    expect(isKey(press('k', { code: 'KeyV', ctrlKey: true }), 'palette', 'other')).toBe(true)
  })

  it('tells Enter from Shift+Enter', () => {
    expect(isKey(press('Enter'), 'send', 'other')).toBe(true)
    expect(isKey(press('Enter', { shiftKey: true }), 'send', 'other')).toBe(false)
    expect(isKey(press('Enter', { shiftKey: true }), 'newLine', 'other')).toBe(true)
  })
})

describe('the table', () => {
  it('gives no combination twice in one place', () => {
    const taken = keyIds.flatMap(id => keyTable[id].combos.map(combo => `${keyTable[id].place} ${combo}`))
    const shared = ['writing Enter']
    expect(taken.filter((entry, index) => taken.indexOf(entry) !== index && !shared.includes(entry))).toEqual([])
  })

  it('knows which combinations write where somebody types', () => {
    expect(isCharacter('?')).toBe(true)
    expect(isCharacter('C')).toBe(true)
    expect(isCharacter('Mod+K')).toBe(false)
    expect(isCharacter('Escape')).toBe(false)
  })
})

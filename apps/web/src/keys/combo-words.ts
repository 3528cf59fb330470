import { useLingui } from '@lingui/react/macro'
import { keyboardSystem, parseCombo } from './match-key.ts'

/** How a combination is written on this system's keyboards, one part for each key: "Ctrl", "K", or "⌘", "K". */
export function useComboWords(): (combo: string) => readonly string[] {
  const { t } = useLingui()
  const apple = keyboardSystem() === 'apple'
  const names: Record<string, string> = {
    Mod: apple ? '⌘' : t({ message: 'Ctrl', context: 'key' }),
    Alt: apple ? '⌥' : 'Alt',
    Shift: apple ? '⇧' : t({ message: 'Shift', context: 'key' }),
    Escape: 'Esc',
    Enter: t({ message: 'Enter', context: 'key' }),
    Tab: 'Tab',
    Home: t({ message: 'Home', context: 'key' }),
    End: t({ message: 'End', context: 'key' }),
    PageUp: t({ message: 'Page up', context: 'key' }),
    PageDown: t({ message: 'Page down', context: 'key' }),
    ContextMenu: t({ message: 'Menu', context: 'key' }),
    ArrowUp: '↑',
    ArrowDown: '↓',
    ArrowLeft: '←',
    ArrowRight: '→',
  }
  return combo => {
    const { key, mod, alt, shift } = parseCombo(combo)
    const held = [mod && 'Mod', alt && 'Alt', shift && 'Shift'].filter(name => name !== false)
    return [...held, key].map(part => names[part] ?? part)
  }
}

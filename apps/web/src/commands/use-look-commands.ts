/** How the app looks, as commands. */
import { useLingui } from '@lingui/react/macro'
import { Languages, Moon, Rows3, Sun, SunMoon } from 'lucide-react'
import { languages } from '../i18n/languages.ts'
import { useApp } from '../state/app-context.ts'
import type { Preferences } from '../state/preferences.ts'
import { usePreferences } from '../state/use-snapshot.ts'
import type { Command } from './command.ts'

export function useLookCommands(): readonly Command[] {
  const { t } = useLingui()
  const { preferences } = useApp()
  const now = usePreferences()
  const change = (part: Partial<Preferences>) => () => preferences.set({ ...preferences.get(), ...part })
  const themes: readonly Command[] = [
    { id: 'theme-light', icon: Sun, label: t`Theme: light`, run: change({ theme: 'light' }) },
    { id: 'theme-dark', icon: Moon, label: t`Theme: dark`, run: change({ theme: 'dark' }) },
    { id: 'theme-system', icon: SunMoon, label: t`Theme: like the system`, run: change({ theme: 'system' }) },
  ]
  return [
    ...themes.filter(({ id }) => id !== `theme-${now.theme}`),
    now.density === 'compact'
      ? { id: 'density', icon: Rows3, label: t`More room between lines`, run: change({ density: 'comfortable' }) }
      : { id: 'density', icon: Rows3, label: t`Less room between lines`, run: change({ density: 'compact' }) },
    ...languages
      .filter(({ id }) => id !== now.language)
      .map(({ id, name }) => ({
        id: `language-${id}`,
        icon: Languages,
        label: t`Language: ${name}`,
        also: 'language idioma',
        run: change({ language: id }),
      })),
  ]
}

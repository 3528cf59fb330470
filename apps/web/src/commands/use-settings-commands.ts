/** The sections of the settings, and what can be switched without going there. */
import { useLingui } from '@lingui/react/macro'
import { useNavigate } from '@tanstack/react-router'
import { Bell, Keyboard, Monitor, Palette, Volume2, VolumeX } from 'lucide-react'
import { useApp } from '../state/app-context.ts'
import { usePreferences } from '../state/use-snapshot.ts'
import type { Command } from './command.ts'

export function useSettingsCommands(): readonly Command[] {
  const { t } = useLingui()
  const { preferences } = useApp()
  const { sounds } = usePreferences()
  const navigate = useNavigate()
  const section = (hash: string, icon: Command['icon'], title: string): Command => ({
    id: `settings-${hash}`,
    icon,
    label: t`Settings: ${title}`,
    run: () => void navigate({ to: '/app/settings', hash }),
  })
  const setSounds = (next: 'on' | 'off') => () => preferences.set({ ...preferences.get(), sounds: next })
  return [
    section('appearance', Palette, t`Appearance`),
    section('alerts', Bell, t`When somebody writes`),
    section('keyboard', Keyboard, t`Keyboard`),
    section('sessions', Monitor, t`Devices signed in`),
    sounds === 'on'
      ? { id: 'sounds', icon: VolumeX, label: t`Sounds: off`, run: setSounds('off') }
      : { id: 'sounds', icon: Volume2, label: t`Sounds: on`, run: setSounds('on') },
  ]
}

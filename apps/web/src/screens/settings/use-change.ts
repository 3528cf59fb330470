import { useApp } from '../../state/app-context.ts'
import type { Preferences } from '../../state/preferences.ts'

/** Changes some of the preferences; all tabs follow. */
export function useChange(): (part: Partial<Preferences>) => void {
  const { preferences } = useApp()
  return part => preferences.set({ ...preferences.get(), ...part })
}

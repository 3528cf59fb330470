import { useLingui } from '@lingui/react'
import { useMemo } from 'react'
import { usePreferences } from '../state/use-snapshot.ts'
import { regionalLocale, withHourCycle } from './languages.ts'
import { formatAgo, formatBrief, formatClock, formatDay, formatExact } from './times.ts'

export interface Times {
  clock(iso: string): string
  brief(iso: string): string
  day(iso: string): string
  exact(iso: string): string
  ago(iso: string): string
}

/** The formats of `times.ts` in the language and the hour cycle in use. */
export function useTimes(): Times {
  const { timeFormat } = usePreferences()
  const locale = withHourCycle(regionalLocale(useLingui().i18n.locale, navigator.languages), timeFormat)
  return useMemo(
    () => ({
      clock: iso => formatClock(new Date(iso), locale),
      brief: iso => formatBrief(new Date(iso), new Date(), locale),
      day: iso => formatDay(new Date(iso), new Date(), locale),
      exact: iso => formatExact(new Date(iso), locale),
      ago: iso => formatAgo(new Date(iso), new Date(), locale),
    }),
    [locale],
  )
}

import { useLingui } from '@lingui/react'
import { useCallback } from 'react'
import { usePreferences } from '../state/use-snapshot.ts'
import { regionalLocale, withHourCycle } from './languages.ts'
import { daysAgo, format, formatClock } from './times.ts'

/** What is to come, as people say it: the time today, with the weekday within a week, with the date else. */
function formatSoon(time: Date, now: Date, locale: string): string {
  const days = -daysAgo(time, now)
  if (days <= 0) return formatClock(time, locale)
  const hour = { hour: 'numeric', minute: '2-digit' } as const
  if (days < 7) return format(time, locale, { weekday: 'short', ...hour })
  const year = time.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const)
  return format(time, locale, { day: 'numeric', month: 'short', ...year, ...hour })
}

export function useSoon(): (iso: string) => string {
  const { timeFormat } = usePreferences()
  const locale = withHourCycle(regionalLocale(useLingui().i18n.locale, navigator.languages), timeFormat)
  return useCallback(iso => formatSoon(new Date(iso), new Date(), locale), [locale])
}

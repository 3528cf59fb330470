import { useLingui } from '@lingui/react'
import { useMemo } from 'react'
import { regionalLocale } from '../../i18n/languages.ts'
import { startOf } from './days.ts'

/** Days and months as the reader names them. */
export function useDayNames() {
  const locale = regionalLocale(useLingui().i18n.locale, navigator.languages)
  return useMemo(() => {
    const format = (options: Intl.DateTimeFormatOptions) => {
      const formatter = new Intl.DateTimeFormat(locale, options)
      return (day: string) => formatter.format(startOf(day))
    }
    const weekdays = { long: format({ weekday: 'long' }), narrow: format({ weekday: 'narrow' }) }
    return {
      locale,
      month: format({ month: 'long', year: 'numeric' }),
      whole: format({ dateStyle: 'full' }),
      number: format({ day: 'numeric' }),
      weekday: (day: string, width: keyof typeof weekdays) => weekdays[width](day),
    }
  }, [locale])
}

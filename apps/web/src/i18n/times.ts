/** Times as people read them: by `Intl`, in their own zone and hour cycle. Pure; `now` is passed in. */

const dayMs = 86_400_000

function startOfDay(time: Date): number {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime()
}

/** Whole calendar days between two moments: 0 today, 1 yesterday. Rounded, since a day of a clock change is 23 or 25 hours. */
export function daysAgo(time: Date, now: Date): number {
  return Math.round((startOfDay(now) - startOfDay(time)) / dayMs)
}

/**
 * Kept, since making one takes a hundred times as long as using it, and each message shows two times. Each by the offset too,
 * so that a page which is open while its reader travels tells the time of where they are.
 */
const formatters = new Map<string, Intl.DateTimeFormat>()

export function format(time: Date, locale: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale} ${time.getTimezoneOffset()} ${JSON.stringify(options)}`
  const known = formatters.get(key)
  const formatter = known ?? new Intl.DateTimeFormat(locale, options)
  if (!known) formatters.set(key, formatter)
  return formatter.format(time)
}

export function formatClock(time: Date, locale: string): string {
  return format(time, locale, { timeStyle: 'short' })
}

/** For lists: the time today, the weekday this week, the date else. */
export function formatBrief(time: Date, now: Date, locale: string): string {
  const days = daysAgo(time, now)
  if (days <= 0) return formatClock(time, locale)
  if (days < 7) return format(time, locale, { weekday: 'short' })
  const sameYear = time.getFullYear() === now.getFullYear()
  return format(
    time,
    locale,
    sameYear ? { day: 'numeric', month: 'short' } : { day: '2-digit', month: '2-digit', year: '2-digit' },
  )
}

/** For separators between days: today and yesterday by word, the weekday this week, the whole date else. */
export function formatDay(time: Date, now: Date, locale: string): string {
  const days = daysAgo(time, now)
  if (days === 0 || days === 1) {
    const word = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day')
    return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1)
  }
  if (days > 1 && days < 7) {
    const weekday = format(time, locale, { weekday: 'long' })
    return weekday.charAt(0).toLocaleUpperCase(locale) + weekday.slice(1)
  }
  const year = time.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const)
  return format(time, locale, { weekday: 'long', day: 'numeric', month: 'long', ...year })
}

/** On hover: everything. */
export function formatExact(time: Date, locale: string): string {
  return format(time, locale, { dateStyle: 'full', timeStyle: 'short' })
}

/** How long ago, in the largest unit that fits. */
export function formatAgo(time: Date, now: Date, locale: string): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - time.getTime()) / 60_000))
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  if (minutes < 60) return relative.format(-minutes, 'minute')
  if (minutes < 60 * 24) return relative.format(-Math.floor(minutes / 60), 'hour')
  return relative.format(-daysAgo(time, now), 'day')
}

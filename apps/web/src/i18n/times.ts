/** Times as people read them: by `Intl`, in their own zone and hour cycle. Pure; `now` is passed in. */

const dayMs = 86_400_000

function startOfDay(time: Date): number {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime()
}

/** Whole calendar days between two moments: 0 today, 1 yesterday. Rounded, since a day of a clock change is 23 or 25 hours. */
export function daysAgo(time: Date, now: Date): number {
  return Math.round((startOfDay(now) - startOfDay(time)) / dayMs)
}

export function formatClock(time: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(time)
}

/** For lists: the time today, the weekday this week, the date else. */
export function formatBrief(time: Date, now: Date, locale: string): string {
  const days = daysAgo(time, now)
  if (days <= 0) return formatClock(time, locale)
  if (days < 7) return new Intl.DateTimeFormat(locale, { weekday: 'short' }).format(time)
  const sameYear = time.getFullYear() === now.getFullYear()
  return new Intl.DateTimeFormat(
    locale,
    sameYear ? { day: 'numeric', month: 'short' } : { day: '2-digit', month: '2-digit', year: '2-digit' },
  ).format(time)
}

/** For separators between days: today and yesterday by word, the weekday this week, the whole date else. */
export function formatDay(time: Date, now: Date, locale: string): string {
  const days = daysAgo(time, now)
  if (days === 0 || days === 1) {
    const word = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day')
    return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1)
  }
  if (days > 1 && days < 7) {
    const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long' }).format(time)
    return weekday.charAt(0).toLocaleUpperCase(locale) + weekday.slice(1)
  }
  const year = time.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const)
  return new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', ...year }).format(time)
}

/** On hover: everything. */
export function formatExact(time: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(time)
}

/** How long ago, in the largest unit that fits. */
export function formatAgo(time: Date, now: Date, locale: string): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - time.getTime()) / 60_000))
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  if (minutes < 60) return relative.format(-minutes, 'minute')
  if (minutes < 60 * 24) return relative.format(-Math.floor(minutes / 60), 'hour')
  return relative.format(-daysAgo(time, now), 'day')
}

/** Days of the calendar where the reader is, as `YYYY-MM-DD`: what is earlier sorts first. Pure. */

export function dayOf(time: Date): string {
  const [year, month, day] = [time.getFullYear(), time.getMonth() + 1, time.getDate()]
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** When it begins. Where clocks were put forward at midnight that is the first moment after. */
export function startOf(day: string): Date {
  const { year, month, date } = partsOf(day)
  return new Date(year, month, date)
}

/** Null for what is no day of any calendar, as an address may hold. */
export function parseDay(text: unknown): string | null {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  return dayOf(startOf(text)) === text ? text : null
}

export function addDays(day: string, count: number): string {
  const { year, month, date } = partsOf(day)
  return dayOf(new Date(year, month, date + count))
}

/** The same day of another month, or that month's last. */
export function addMonths(day: string, count: number): string {
  const { year, month, date } = partsOf(day)
  const last = new Date(year, month + count + 1, 0).getDate()
  return dayOf(new Date(year, month + count, Math.min(date, last)))
}

/** 0 for Sunday. */
export function weekdayOf(day: string): number {
  return startOf(day).getDay()
}

/** The weeks that the month of `day` touches, whole, each beginning on `firstWeekday`. */
export function weeksOf(day: string, firstWeekday: number): readonly (readonly string[])[] {
  const first = `${day.slice(0, 8)}01`
  const start = addDays(first, -((weekdayOf(first) - firstWeekday + 7) % 7))
  const weeks: string[][] = []
  for (let monday = start; monday < addMonths(first, 1); monday = addDays(monday, 7)) {
    weeks.push(Array.from({ length: 7 }, (_, index) => addDays(monday, index)))
  }
  return weeks
}

/** On which day weeks begin there; Monday where the browser does not know. */
export function firstWeekdayOf(locale: string): number {
  const known = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?: () => { readonly firstDay: number } }
  return (known.getWeekInfo?.().firstDay ?? 1) % 7
}

function partsOf(day: string): { readonly year: number; readonly month: number; readonly date: number } {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number)
  return { year, month: month - 1, date }
}

/** Sensible moments to put something off to, in the person's own time zone. Pure; `now` is passed in. */

export type LaterId = 'later-today' | 'this-evening' | 'tomorrow' | 'weekend' | 'next-week'

export interface Later {
  readonly id: LaterId
  readonly at: Date
}

const morning = 8
const evening = 18
const saturday = 6
const monday = 1

function onDay(now: Date, days: number, hour: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour)
}

function daysUntil(now: Date, weekday: number): number {
  return (weekday - now.getDay() + 7) % 7 || 7
}

/** Only what still lies ahead, each at another moment, soonest first. */
export function laterTimes(now: Date): readonly Later[] {
  const inThreeHours = new Date(now.getFullYear(), now.getMonth(), now.getDate(), now.getHours() + 3)
  const all: readonly Later[] = [
    ...(inThreeHours.getHours() > morning && inThreeHours < onDay(now, 0, evening)
      ? [{ id: 'later-today', at: inThreeHours } as const]
      : []),
    ...(now.getHours() < evening - 1 ? [{ id: 'this-evening', at: onDay(now, 0, evening) } as const] : []),
    { id: 'tomorrow', at: onDay(now, 1, morning) },
    { id: 'weekend', at: onDay(now, daysUntil(now, saturday), morning) },
    { id: 'next-week', at: onDay(now, daysUntil(now, monday), morning) },
  ]
  const seen = new Set<number>()
  return all
    .filter(({ at }) => {
      const fresh = !seen.has(at.getTime())
      seen.add(at.getTime())
      return fresh
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime())
}

/** What a field of date and time takes and gives: the moment as it reads where the person is. */
export function toLocalField(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** Null for what is no moment, or not ahead. */
export function readLocalField(text: string, now: Date): Date | null {
  const at = new Date(text)
  return Number.isNaN(at.getTime()) || at <= now ? null : at
}

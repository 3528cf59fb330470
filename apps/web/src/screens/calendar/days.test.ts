import { describe, expect, it } from 'vitest'
import { addDays, addMonths, dayOf, firstWeekdayOf, parseDay, startOf, weeksOf } from './days.ts'

describe('days', () => {
  it('are those of the reader’s own zone, and go over months and years', () => {
    expect(dayOf(new Date(2026, 10, 3, 23, 59))).toBe('2026-11-03')
    expect(startOf('2026-11-03').getTime()).toBe(new Date(2026, 10, 3).getTime())
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
    expect(addMonths('2026-01-15', -1)).toBe('2025-12-15')
    expect(addMonths('2026-03-31', -12)).toBe('2025-03-31')
  })

  it('fill whole weeks that begin where the reader’s weeks begin', () => {
    const weeks = weeksOf('2026-11-18', 1)
    expect(weeks.map(week => week[0])).toEqual([
      '2026-10-26',
      '2026-11-02',
      '2026-11-09',
      '2026-11-16',
      '2026-11-23',
      '2026-11-30',
    ])
    expect(weeksOf('2026-11-18', 0)[0]).toEqual(expect.arrayContaining(['2026-11-01', '2026-11-07']))
    expect(weeksOf('2026-02-01', 0)).toHaveLength(4)
    expect(firstWeekdayOf('en-GB')).toBe(1)
  })

  it('are read from an address only if there is such a day', () => {
    expect(parseDay('2026-11-03')).toBe('2026-11-03')
    for (const text of ['2026-02-30', '2026-13-01', '3.11.2026', '', 20261103, null]) expect(parseDay(text)).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { laterTimes, readLocalField, toLocalField } from './snooze-times.ts'

const idsAt = (year: number, month: number, day: number, hour: number) =>
  laterTimes(new Date(year, month - 1, day, hour, 20)).map(({ id, at }) => `${id} ${toLocalField(at)}`)

describe('laterTimes', () => {
  it('offers what lies ahead of a Wednesday morning', () => {
    expect(idsAt(2026, 11, 25, 9)).toEqual([
      'later-today 2026-11-25T12:00',
      'this-evening 2026-11-25T18:00',
      'tomorrow 2026-11-26T08:00',
      'weekend 2026-11-28T08:00',
      'next-week 2026-11-30T08:00',
    ])
  })

  it('offers nothing of a day that is over, and no moment twice', () => {
    expect(idsAt(2026, 11, 27, 22)).toEqual(['tomorrow 2026-11-28T08:00', 'next-week 2026-11-30T08:00'])
    expect(idsAt(2026, 11, 29, 23)).toEqual(['tomorrow 2026-11-30T08:00', 'weekend 2026-12-05T08:00'])
  })

  it.each(Array.from({ length: 24 }, (_, hour) => hour))('offers only what is to come at %i o’clock', hour => {
    const now = new Date(2026, 11, 31, hour, 59)
    expect(laterTimes(now).every(({ at }) => at > now)).toBe(true)
  })
})

describe('readLocalField', () => {
  const now = new Date(2026, 10, 25, 9)
  it('reads what the field gives, if it is to come', () => {
    expect(readLocalField('2026-11-25T09:01', now)).toEqual(new Date(2026, 10, 25, 9, 1))
    expect(readLocalField('2026-11-25T09:00', now)).toBeNull()
    expect(readLocalField('', now)).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { regionalLocale, withHourCycle } from './languages.ts'
import { daysAgo, formatAgo, formatBrief, formatDay } from './times.ts'

const now = new Date(2026, 10, 20, 15, 0)

describe('regionalLocale', () => {
  it('keeps the hour cycle of where the person lives, and never another language', () => {
    expect(regionalLocale('en', ['pt-BR', 'en-GB', 'en-US'])).toBe('en-GB')
    expect(regionalLocale('pt-BR', ['en-GB'])).toBe('pt-BR')
    expect(formatBrief(new Date(2026, 10, 20, 22, 5), now, regionalLocale('en', ['en-GB']))).toBe('22:05')
  })
})

describe('withHourCycle', () => {
  const evening = new Date(2026, 10, 20, 22, 5)

  it('shows twelve or twenty-four hours, whatever the locale is used to', () => {
    expect(formatBrief(evening, now, withHourCycle('en-US', '24'))).toBe('22:05')
    expect(formatBrief(evening, now, withHourCycle('en-GB', '12'))).toMatch(/^10:05\spm$/u)
    expect(formatBrief(new Date(2026, 10, 20, 0, 5), now, withHourCycle('es', '24'))).toBe('0:05')
    expect(withHourCycle('pt-BR', 'auto')).toBe('pt-BR')
  })

  it('keeps the order of dates', () => {
    expect(formatBrief(new Date(2024, 9, 2), now, withHourCycle('en-GB', '12'))).toBe('02/10/24')
  })
})

describe('times', () => {
  it('counts calendar days, not spans of 24 hours', () => {
    expect(daysAgo(new Date(2026, 10, 19, 23, 59), now)).toBe(1)
    expect(daysAgo(new Date(2026, 10, 20, 0, 0), now)).toBe(0)
  })

  it('shows the time today, the weekday this week, the date else', () => {
    expect(formatBrief(new Date(2026, 10, 20, 9, 5), now, 'pt-BR')).toBe('09:05')
    expect(formatBrief(new Date(2026, 10, 18, 9, 5), now, 'en')).toBe('Wed')
    expect(formatBrief(new Date(2026, 9, 2, 9, 5), now, 'en')).toBe('Oct 2')
    expect(formatBrief(new Date(2024, 9, 2, 9, 5), now, 'en')).toBe('10/02/24')
  })

  it('says today and yesterday by word, in each language', () => {
    expect(formatDay(now, now, 'en')).toBe('Today')
    expect(formatDay(new Date(2026, 10, 19, 1, 0), now, 'es')).toBe('Ayer')
    expect(formatDay(new Date(2026, 10, 20, 1, 0), now, 'pt-BR')).toBe('Hoje')
  })

  it('says how long ago in the largest unit that fits', () => {
    expect(formatAgo(new Date(2026, 10, 20, 14, 57), now, 'en')).toBe('3 minutes ago')
    expect(formatAgo(new Date(2026, 10, 20, 12, 30), now, 'es')).toBe('hace 2 horas')
    expect(formatAgo(new Date(2026, 10, 17, 12, 30), now, 'pt-BR')).toBe('há 3 dias')
  })
})

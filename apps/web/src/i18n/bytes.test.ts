import { expect, it } from 'vitest'
import { formatBytes } from './bytes.ts'

it('names sizes in the unit that fits, as each language writes them', () => {
  expect(formatBytes(0, 'en')).toBe('0 kB')
  expect(formatBytes(12, 'en')).toBe('0.1 kB')
  expect(formatBytes(300, 'en')).toBe('0.3 kB')
  expect(formatBytes(53_000, 'en')).toBe('53 kB')
  expect(formatBytes(1_940_000, 'pt-BR')).toBe('1,9 MB')
  expect(formatBytes(560_000_000_000, 'es')).toBe('560 GB')
  expect(formatBytes(9e15, 'en')).toBe('9,000 TB')
})

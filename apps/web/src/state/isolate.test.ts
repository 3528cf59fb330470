import { expect, test } from 'vitest'
import { isolate, withoutOverrides } from './isolate.ts'

test('words of others end where they end, whatever they turn round', () => {
  expect(`${isolate('Ana')} is archived.`).toBe('\u2068Ana\u2069 is archived.')
  expect(isolate('\u202Egnp.exe\u2069\u202Dx')).toBe('\u2068gnp.exex\u2069')
  expect(isolate('ليلى حداد')).toBe('\u2068ليلى حداد\u2069')
})

test('what would reverse the text after it does nothing, and takes as much room in it', () => {
  expect(withoutOverrides('before \u202Egpj.exe\u202D after')).toBe('before \u2060gpj.exe\u2060 after')
  // An embedding keeps its text in order, and comes with telephone numbers that were copied.
  expect(withoutOverrides('\u202A+55 11 5555-0100\u202C')).toBe('\u202A+55 11 5555-0100\u202C')
})

import { expect, test } from 'vitest'
import { isolate } from './isolate.ts'

test('words of others end where they end, whatever they turn round', () => {
  expect(`${isolate('Ana')} is archived.`).toBe('\u2068Ana\u2069 is archived.')
  expect(isolate('\u202Egnp.exe\u2069\u202Dx')).toBe('\u2068gnp.exex\u2069')
  expect(isolate('ليلى حداد')).toBe('\u2068ليلى حداد\u2069')
})

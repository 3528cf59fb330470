import { expect, test } from 'vitest'
import { Histogram } from './histogram.ts'

test('quantiles lie within a percent of the values', () => {
  const histogram = new Histogram()
  for (let value = 1; value <= 1_000; value++) histogram.add(value / 10)
  const { p50, p99 } = histogram.summary()
  expect(Math.abs(p50 / 50 - 1)).toBeLessThan(0.015)
  expect(Math.abs(p99 / 99 - 1)).toBeLessThan(0.015)
})

test('what was cleared no longer counts', () => {
  const histogram = new Histogram()
  histogram.add(1_000)
  histogram.clear()
  histogram.add(1)
  expect(histogram.quantile(0.99)).toBeLessThan(1.1)
})

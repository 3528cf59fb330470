import { expect, test } from 'vitest'
import { parseOptions, UsageError } from './options.ts'

test('only a full run writes the results', () => {
  expect(parseOptions([], 'RESULTS.md').output).toBe('RESULTS.md')
  expect(parseOptions(['--quick'], 'RESULTS.md').output).toBeNull()
  expect(parseOptions(['--scenario', 'A,b'], 'RESULTS.md')).toMatchObject({ scenarios: ['A', 'B'], output: null })
})

test('an unknown option, scenario or number is refused', () => {
  for (const args of [['--fast'], ['--scenario', 'Z'], ['--seconds', 'ten'], ['--runs', '0']]) {
    expect(() => parseOptions(args, 'RESULTS.md')).toThrow(UsageError)
  }
})

import { expect, test } from 'vitest'
import { countTests, formatCounts } from './counts.ts'

const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map(status => ({ status })) })

test('passed, failed and skipped tests are counted', () => {
  const report = { testResults: [file('failed', 'passed', 'failed', 'skipped'), file('passed', 'passed', 'todo')] }
  expect(countTests(report, 1)).toEqual({ passed: 2, failed: 1, skipped: 2 })
})

test('a file that fails outside its tests is one failure', () => {
  expect(countTests({ testResults: [file('failed'), file('failed', 'passed')] }, 1)).toMatchObject({ failed: 2 })
})

test('a run that fails outside its files is one failure', () => {
  expect(countTests({ testResults: [file('passed', 'passed')] }, 1)).toMatchObject({ passed: 1, failed: 1 })
})

test('no tests, and no report, are a failure', () => {
  expect(countTests({ testResults: [] }, 0)).toMatchObject({ failed: 1 })
  expect(countTests(undefined, 0)).toMatchObject({ failed: 1 })
})

test('the line says skipped only where something was', () => {
  expect(formatCounts({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed')
  expect(formatCounts({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped')
})

import { expect, test } from 'vitest'
import { withSection } from './results-file.ts'

test('a section is replaced, and the others are left as they are', () => {
  const first = withSection('', 'web', 'web 1')
  expect(first).toBe('# Benchmark results\n\n## The web app\n\nweb 1\n')
  const both = withSection(first, 'server', '| server 1 |\n\n### runs\n')
  expect(both).toBe('# Benchmark results\n\n## The server\n\n| server 1 |\n\n### runs\n\n## The web app\n\nweb 1\n')
  const again = withSection(both, 'web', 'web 2\n')
  expect(again).toBe(both.replace('web 1', 'web 2'))
  expect(withSection(again, 'web', 'web 2')).toBe(again)
})

/** Keys are named in the table and nowhere else: else the help shown by `?` would leave one out. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const source = join(import.meta.dirname, '..')

/** Where a press is read as it is, each for its reason. */
const exceptions: Record<string, string> = {
  'keys/match-key.ts': 'compares a press with the table',
  'screens/conversation/composer/composer-field.tsx':
    'asks whether an input method is at work (229), and leaves Enter to the keyboard of a touch screen',
  'gallery/perform-steps.ts': 'presses keys itself',
  'screens/calendar/calendar.tsx': 'moves in a grid of days, whose keys are the same wherever there is one (ARIA grid)',
}

const readsKey =
  /\b(?:event|press|nativeEvent|[a-z]*Event)\.(?:key|code|keyCode|which)\b|\[event\.key\]|\{[^}]*\bkey\b[^}]*\}: KeyboardEvent/u

function linesThatReadKeys(): readonly string[] {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    file => /\.tsx?$/u.test(file) && !/\.test\.tsx?$/u.test(file) && !(file in exceptions),
  )
  expect(files.length).toBeGreaterThan(150)
  return files.flatMap(file =>
    readFileSync(join(source, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (readsKey.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
  )
}

it('reads which key was pressed in the keys alone', () => {
  expect(linesThatReadKeys()).toEqual([])
})

it.each([
  "if (event.key === 'Escape') close()",
  'const next = steps[event.key]',
  "onKeyDown={event => (event.code === 'KeyK' ? open() : undefined)}",
  'onKeyDown={({ key }: KeyboardEvent) => press(key)}',
])('would find %s', line => expect(readsKey.test(line)).toBe(true))

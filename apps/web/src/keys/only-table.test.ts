/**
 * Keys are named in the table and nowhere else, and each of the table is asked for: else the help shown by `?` would leave
 * one out, or promise one that does nothing.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type KeyId, keyIds } from './key-table.ts'

const source = join(import.meta.dirname, '..')

/** Where a press is read as it is, each for its reason. */
const exceptions: Record<string, string> = {
  'keys/match-key.ts': 'compares a press with the table',
  'screens/conversation/composer/composer-field.tsx':
    'asks whether an input method is at work (229), and leaves Enter to the keyboard of a touch screen',
  'keys/hold-keys.ts': 'holds whatever was pressed, and gives it on',
  'gallery/perform-steps.ts': 'presses keys itself',
}

const readsKey =
  /\b(?:event|press|nativeEvent|[a-z]*Event)\.(?:key|code|keyCode|which)\b|\[event\.key\]|\{[^}]*\bkey\b[^}]*\}: KeyboardEvent/u

/** What the browser or a library does with a key by itself. The journeys by keyboard press these. */
const doneByOthers: readonly KeyId[] = ['toasts', 'contextMenu']

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  file => /\.tsx?$/u.test(file) && !/\.test\.tsx?$/u.test(file),
)

function linesThatReadKeys(): readonly string[] {
  expect(files.length).toBeGreaterThan(150)
  return files
    .filter(file => !(file in exceptions))
    .flatMap(file =>
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

it('asks for every key of the table somewhere', () => {
  const handlers = files.filter(file => !/^(?:keys|i18n|gallery)\//u.test(file))
  const text = handlers.map(file => readFileSync(join(source, file), 'utf8')).join('\n')
  const given = [...text.matchAll(/useKeys\(\{.*?\n {2}\}\)/gsu)].join('\n')
  const asked = (id: KeyId) => text.includes(`'${id}'`) || given.includes(`    ${id}: `)
  expect(keyIds.filter(id => !doneByOthers.includes(id) && !asked(id))).toEqual([])
})

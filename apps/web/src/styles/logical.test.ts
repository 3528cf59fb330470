/** The layout has a start and an end, never a left and a right, so that it turns round for who reads from right to left. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const source = join(import.meta.dirname, '..')
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  file => /\.(tsx?|css)$/u.test(file) && !/\.test\.tsx?$/u.test(file),
)

/** Classes of Tailwind that name a side, with or without a variant and a sign before them. */
const sidedClass =
  /(?<![\w-])-?(?:m[lr]|p[lr]|left|right|border-[lr]|rounded-(?:[lr]|[tb][lr])|scroll-[mp][lr]|float-(?:left|right)|clear-(?:left|right)|text-(?:left|right))(?:-(?:\d|\[|px|auto|full|sm|md|lg)[\w.[\]%-]*)?(?=["'\s`])/u

/** The same in style sheets and style objects. */
const sidedProperty =
  /(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)|(?:margin|padding|border)(?:Left|Right)|^\s*(?:left|right):\s|text-align:\s*(?:left|right)|float:\s*(?:left|right)/u

function linesOf(file: string): readonly string[] {
  return readFileSync(join(source, file), 'utf8').split('\n')
}

function isSided(file: string, line: string): boolean {
  if (file.endsWith('.css')) return sidedProperty.test(line)
  // Only where classes are written: words of the app and ids may well say left.
  return (
    (/class|'|"|`/u.test(line) && sidedClass.test(line) && /-(?:\d|\[|px|auto|full|left|right)/u.test(line)) ||
    /(?:margin|padding|border)(?:Left|Right)/u.test(line)
  )
}

describe('the layout', () => {
  it('names no left and no right', () => {
    expect(files.length).toBeGreaterThan(80)
    const found = files.flatMap(file =>
      linesOf(file).flatMap((line, index) => (isSided(file, line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
    )
    expect(found).toEqual([])
  })

  it.each([
    'className="ml-2"',
    'className="md:pr-3 x"',
    "'rounded-l-lg p-1'",
    'className="text-left w-1"',
    '"-left-1 a-2"',
  ])('is told apart from %s', line => expect(isSided('a.tsx', line)).toBe(true))

  it.each(['className="ms-2 start-1 pe-3"', 'className="placeholder-shown:p-1"', 't`Move left`'])(
    'does not mistake %s for it',
    line => expect(isSided('a.tsx', line)).toBe(false),
  )
})

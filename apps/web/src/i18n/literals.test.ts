/** No word on screen, and no date, is written past the catalogs: it would stay English in every language. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAst } from 'vite'
import { describe, expect, it } from 'vitest'

const source = join(import.meta.dirname, '..')

/** Said to somebody, wherever it stands. */
const spoken =
  /^(?:aria-(?:label|description|roledescription|valuetext|placeholder)|alt|title|label|placeholder|hint|error|description|done)$/u
const words = /\p{L}{2,}/u
/** What is the same in every language. */
const names = /^Recado$/u
/** Within these Lingui reads the words itself. */
const translated = new Set(['Trans', 'Plural', 'Select', 'SelectOrdinal'])

interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** The words that a piece of source shows or says without asking the catalogs. */
function findLiterals(code: string): readonly string[] {
  const found: string[] = []
  const add = (text: unknown) => {
    if (typeof text === 'string' && words.test(text) && !names.test(text.trim())) found.push(text.trim())
  }
  const visit = (node: Node) => {
    if (node.type === 'JSXElement' && translated.has(nameOf(node))) return
    if (node.type === 'JSXText') add(node['value'])
    if (node.type === 'JSXExpressionContainer') add(textOf(node['expression']))
    if (node.type === 'JSXAttribute') {
      if (spoken.test(nameOf(node))) add(textOf(node['value']) ?? textOf(expressionOf(node['value'])))
      if (isNode(node['value']) && node['value'].type === 'JSXExpressionContainer')
        visitAll(expressionOf(node['value']))
      return
    }
    if (node.type === 'Property' && spoken.test(nameOf(node))) add(textOf(node['value']))
    for (const value of Object.values(node)) visitAll(value)
  }
  const visitAll = (value: unknown) => {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child)
  }
  visitAll(parseAst(code, { lang: 'tsx' }).body)
  return found
}

function expressionOf(container: unknown): unknown {
  return isNode(container) ? container['expression'] : undefined
}

function nameOf(node: Node): string {
  const { openingElement } = node
  const name = isNode(openingElement) ? openingElement['name'] : (node['name'] ?? node['key'])
  return isNode(name) ? String(name['name'] ?? name['value'] ?? '') : ''
}

/** Of a string, or the parts of a template that no macro has taken. */
function textOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value']
  if (node.type !== 'TemplateLiteral' || !Array.isArray(node['quasis'])) return undefined
  return node['quasis'].map((quasi: { value: { raw: string } }) => quasi.value.raw).join(' ')
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  file => /\.tsx?$/u.test(file) && !/\.test\.tsx?$|^gallery|\.d\.ts$/u.test(file),
)

describe('the words on screen', () => {
  it('all come from the catalogs', () => {
    expect(files.length).toBeGreaterThan(150)
    const found = files.flatMap(file =>
      findLiterals(readFileSync(join(source, file), 'utf8')).map(text => `${file}: ${text}`),
    )
    expect(found).toEqual([])
  })

  it.each([
    ['<p>Not translated</p>', 'Not translated'],
    ['<p>{"Not translated"}</p>', 'Not translated'],
    ['<button aria-label="Close" />', 'Close'],
    ['<input placeholder={`Find a chat`} />', 'Find a chat'],
    ['<Field hint={wide ? t`Yes` : t`No`} label={"Name"} />', 'Name'],
    ['const entry = { icon, label: "Delete", id: "delete" }', 'Delete'],
    ['<p><b title="Bold">{t`Fine`}</b></p>', 'Bold'],
  ])('would be found in %s', (code, text) => expect(findLiterals(code)).toEqual([text]))

  it.each([
    '<Trans>Translated <b>well</b></Trans>',
    '<p aria-label={t`Close`} className="flex gap-2" role="status" id="chats">{t`Fine`}</p>',
    '<p>{count} · {"…"} @</p>',
    'const entry = { kind: "chat", label: t`Delete` }',
    '<span>Recado</span>',
  ])('would not be found in %s', code => expect(findLiterals(code)).toEqual([]))
})

/** The calendar names days and months, which is no time. */
it('times are written by the formats of one place', () => {
  const clock =
    /\.toLocale(?:Date|Time)?String\(|Intl\.(?:DateTimeFormat|RelativeTimeFormat)|\.to(?:Date|Time|UTC)String\(/u
  const outside = files.filter(file => !file.startsWith('i18n/') && file !== 'screens/calendar/day-names.ts')
  expect(outside.filter(file => clock.test(readFileSync(join(source, file), 'utf8')))).toEqual([])
  expect(clock.test('return new Date(at).toLocaleTimeString()')).toBe(true)
})

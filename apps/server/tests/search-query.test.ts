import { parseSearchQuery } from '@recado/protocol'
import { expect, test } from 'vitest'

const empty = {
  words: [],
  phrases: [],
  from: [],
  to: [],
  in: [],
  has: [],
  is: [],
  before: null,
  after: null,
  unknown: [],
}

test.for([
  ['crane  quay', { words: ['crane', 'quay'] }],
  ['"quay 4" crane', { phrases: ['quay 4'], words: ['crane'] }],
  ['"still typing', { phrases: ['still typing'] }],
  ['""', {}],
  ['from:ana FROM:"Bia Lopes" from:me', { from: ['ana', 'Bia Lopes', 'me'] }],
  ['to:bo in:"Harbour project" in:inbox', { to: ['bo'], in: ['Harbour project', 'inbox'] }],
  ['has:image has:FILE has:link', { has: ['image', 'attachment', 'link'] }],
  ['is:unread is:Starred', { is: ['unread', 'starred'] }],
  ['has:dog is:hungry', { unknown: ['has:dog', 'is:hungry'] }],
  ['before:2026-11-20 after:2026-11', { before: Date.UTC(2026, 10, 20), after: Date.UTC(2026, 10, 1) }],
  ['after:2026 after:2026-02-01T10:00:00Z', { after: Date.UTC(2026, 1, 1, 10) }],
  ['before:yesterday after:2026-13-40', { unknown: ['before:yesterday', 'after:2026-13-40'] }],
  ['from: crane has:', { words: ['crane'] }],
  ['https://recado.example/ notfrom:ana', { words: ['https://recado.example/', 'notfrom:ana'] }],
  ['  ', {}],
] as const)('%s', ([text, expected]) => {
  expect(parseSearchQuery(text)).toEqual({ ...empty, ...expected })
})

test('whatever is typed is read, in time that grows no faster than it', () => {
  for (const text of [
    '"'.repeat(10_000),
    'from:"'.repeat(5_000),
    'in:'.repeat(10_000),
    ' '.repeat(20_000),
    'a:"b'.repeat(5_000),
  ]) {
    expect(() => parseSearchQuery(text)).not.toThrow()
  }
})

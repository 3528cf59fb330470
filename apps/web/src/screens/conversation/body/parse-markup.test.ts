import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasMarkup } from './has-markup.ts'
import { type Block, leavesOf } from './markup.ts'
import { parseMarkup } from './parse-markup.ts'
import { sliceSource } from './source-range.ts'
import { splitBody } from './split-body.ts'

const members = new Set(['ana', 'jo_ao_x'])

function parse(body: string): readonly Block[] {
  return parseMarkup(body, members)
}

function shown(body: string): string {
  return parse(body)
    .flatMap(leavesOf)
    .map(leaf => leaf.text)
    .join('')
}

/** The tree in short: kinds and texts. */
function outline(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(outline)
  if (typeof node !== 'object' || node === null) return node
  const { kind, text, content, children, items, lines } = node as Record<string, unknown>
  if (kind === 'text') return text
  if (typeof content === 'object' && content !== null && 'text' in content) return [kind, content.text]
  return [kind, text ?? outline(children ?? items ?? lines)]
}

const kinds = (body: string) => JSON.stringify(outline(parse(body)))

describe('mark-up', () => {
  it('is bold, italic, struck, code, quoted, listed, linked, headed', () => {
    expect(outline(parse('**b** _i_ ~~s~~ `c`'))).toEqual([
      ['paragraph', [['strong', ['b']], ' ', ['emphasis', ['i']], ' ', ['strike', ['s']], ' ', ['code', 'c']]],
    ])
    expect(outline(parse('# Head\n> said\n\n- one\n- two'))).toEqual([
      ['heading', ['Head']],
      ['quote', [['paragraph', ['said']]]],
      [
        'list',
        [
          [undefined, [['paragraph', ['one']]]],
          [undefined, [['paragraph', ['two']]]],
        ],
      ],
    ])
    expect(outline(parse('```ts\nlet a = 1\n```'))).toEqual([['code', [[undefined, 'let a = 1']]]])
  })

  it('is not what only looks like it: sums, names, faces, single signs, HTML, entities, lines of dashes', () => {
    const texts = [
      '2*3*4',
      'snake_case_name',
      '>_<',
      '>:(',
      '-',
      '#',
      '>',
      '```',
      '<b>x</b> &amp;',
      '---',
      '[x]',
      '***',
    ]
    for (const text of texts) expect(shown(text), text).toBe(text)
    for (const text of texts) expect(kinds(text), text).not.toMatch(/emphasis|strong|quote|list|heading|code|link/u)
  })

  it('keeps an answer out of the quote above it, and the numbers of an answer as they were written', () => {
    expect(outline(parse('> said\nanswered'))).toEqual([
      ['quote', [['paragraph', ['said']]]],
      ['paragraph', ['answered']],
    ])
    const [list] = parse('2. yes\n4. no\n4. and this')
    expect(list?.kind === 'list' ? list.items.map(item => item.number) : null).toEqual([2, 4, 5])
  })

  it('keeps mentions whole, also with signs in the name and around them', () => {
    expect(outline(parse('**@ana**, @jo_ao_x and *@Ana*'))).toEqual([
      [
        'paragraph',
        [
          ['strong', [['mention', '@ana']]],
          ', ',
          ['mention', '@jo_ao_x'],
          ' and ',
          ['emphasis', [['mention', '@Ana']]],
        ],
      ],
    ])
    expect(kinds('`@ana` and [@ana](https://a.example)')).not.toContain('mention')
  })

  it('shows code as it runs: marks that cannot be seen are named', () => {
    expect(shown('`a\u202Eb\u200B`')).toBe('a[U+202E]b[U+200B]')
    expect(shown('```js\nif (a /*\u2066*/) {}\n```')).toBe('jsif (a /*[U+2066]*/) {}')
    expect(shown('```run this\nthen that\n```')).toBe('run this\nthen that')
  })
})

describe('links', () => {
  const links = (body: string) => {
    const found: { href: string; hint: string | null }[] = []
    const walk = (node: unknown) => {
      if (Array.isArray(node)) return node.forEach(walk)
      if (typeof node !== 'object' || node === null) return
      const { kind, href, hint, ...rest } = node as Record<string, unknown>
      if (kind === 'link')
        found.push({ href: String(href), hint: (hint as { text: string } | null)?.text.trim() ?? null })
      Object.values(rest).forEach(walk)
    }
    walk(parse(body))
    return found
  }

  it('go to the web and to mail only', () => {
    const hostile = [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'data:text/html,x',
      'file:///etc',
      '/admin',
      '//x.example',
      'vbscript:x',
      'http:',
      'https:/',
    ]
    for (const address of hostile) {
      expect(links(`[x](${address})`), address).toEqual([])
      expect(shown(`[x](${address})`), address).toBe(`[x](${address})`)
    }
    expect(links('[x](mailto:a@b.example) [y](https://b.example)').map(link => link.href)).toEqual([
      'mailto:a@b.example',
      'https://b.example/',
    ])
  })

  it('say where they lead when their words say something else', () => {
    expect(links('[the paper](https://a.example/p)')).toEqual([{ href: 'https://a.example/p', hint: '(a.example)' }])
    expect(links('[https://good.example](https://evil.example)')[0]?.hint).toBe('(evil.example)')
    expect(links('[a.example/p](https://a.example/p)')[0]?.hint).toBeNull()
    expect(links('*x* https://good.example@evil.example/')[0]?.hint).toBe('(evil.example)')
    expect(links('*x* https://\u0430pple.com')[0]?.hint).toBe('(xn--pple-43d.com)')
    expect(links('*x* http://2130706433/')[0]?.hint).toBe('(127.0.0.1)')
    expect(links('*x* https://A.example:443/')[0]?.hint).toBeNull()
  })

  it('show marks that would turn their words around', () => {
    expect(shown('[\u202Emoc.live](https://good.example)')).toBe('[U+202E]moc.live (good.example)')
  })

  it('are never pictures, and never empty', () => {
    expect(kinds('![cat](https://a.example/cat.png)')).toContain('link')
    expect(shown('[ ](https://a.example)')).toBe('[ ](https://a.example)')
  })
})

const signs = fc.constantFrom(
  'a',
  'b',
  ' ',
  '\n',
  '*',
  '**',
  '_',
  '~~',
  '`',
  '```',
  '> ',
  '- ',
  '# ',
  '[',
  ']',
  '\\',
  '  ',
)
const scribbles = fc.array(signs, { maxLength: 60 }).map(parts => parts.join(''))

describe('whatever is written', () => {
  it('no letter disappears, and none is shown twice', () => {
    const letters = (text: string) => text.replace(/[^ab]/gu, '')
    fc.assert(
      fc.property(scribbles, body => {
        expect(letters(shown(body))).toBe(letters(body))
      }),
      { numRuns: 2_000 },
    )
  })

  it('leaves stand in order, and all of them copied are the source', () => {
    fc.assert(
      fc.property(scribbles, body => {
        const blocks = parse(body)
        const leaves = blocks.flatMap(leavesOf)
        for (const [index, leaf] of leaves.entries()) {
          expect(leaf.from).toBeGreaterThanOrEqual(leaves[index - 1]?.to ?? 0)
          expect(leaf.to).toBeLessThanOrEqual(body.length)
        }
        const length = leaves.reduce((sum, leaf) => sum + leaf.text.length, 0)
        expect(sliceSource(body, blocks, 0, length).replace(/\s/gu, '')).toBe(body.replace(/\s/gu, ''))
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('hostile texts', () => {
  const size = 20_000
  const of = (text: string) => text.repeat(size / text.length)
  const corpus: Record<string, string> = {
    stars: of('*'),
    openers: of('*a '),
    closers: of('a*'),
    mixed: of('*_'),
    emphasis: of('a**b**'),
    nested: of('*a_ **b** '),
    brackets: of('['),
    pairs: '['.repeat(size / 2) + ']'.repeat(size / 2),
    empty: of('[]'),
    unclosed: of('[a]('),
    titled: of('[a](x "'),
    angled: of('[a](<'),
    parens: `[x](${of('(')}`.slice(0, size),
    links: of('[a](https://b.example) '),
    quotes: of('>'),
    spaced: of('> '),
    'deep lines': of(`${'>'.repeat(99)}\n`),
    fifteen: of(`${'> '.repeat(15)}\n`),
    lazy: of('> a\nb\n'),
    lists: of('- '),
    numbers: of('1. '),
    both: of('> - '),
    tabs: of('-\t'),
    steps: Array.from({ length: 190 }, (_, step) => `${' '.repeat(step)}- a`).join('\n'),
    ticks: of('`'),
    'more ticks': Array.from({ length: 190 }, (_, ticks) => '`'.repeat(ticks + 1)).join(' '),
    fences: of('```\n'),
    tildes: of('~'),
    backslashes: of('\\'),
    heads: of('# a\n'),
    lines: of('\n'),
    spaces: `*${of(' ')}x*`,
    turns: `*${of('\u202E')}`,
    addresses: of('*http://'),
    'closing brackets': `*http://a.b/${of(')')}`,
    dots: `*http://a.b/${of('.')}`,
    letters: `*${of('h')}`,
    mailboxes: of('a@b.c'),
    domains: `*a@${of('a.')}1`,
    mentions: `*${of('@ana,')}`,
    'a long name': `*@${of('a-')}`,
    ats: `*${of('@')}`,
  }

  it.each(Object.keys(corpus))('%s are read in time', name => {
    const body = corpus[name] ?? ''
    const reading = (text: string) => {
      const begun = performance.now()
      splitBody(text, members)
      if (hasMarkup(text)) parse(text).flatMap(leavesOf)
      return performance.now() - begun
    }
    // Twice, so that what is measured is not the compiler; generous, because other things run beside it.
    reading(body.slice(0, 2_000))
    expect(reading(body)).toBeLessThan(3_000)
  })

  it('beyond the bounds are shown as written, and ordinary long texts are not beyond them', () => {
    for (const name of ['stars', 'brackets', 'quotes', 'lists', 'deep lines']) {
      expect(hasMarkup(corpus[name] ?? ''), name).toBe(false)
    }
    const code = 'for (const [key, value] of Object.entries(map)) { total_count += value * 2 } // sum_of_all\n'
    expect(hasMarkup(`\`\`\`js\n${code.repeat(200)}\`\`\``)).toBe(true)
    expect(hasMarkup('No mark-up at all, just words. And a name-with-dashes, 3 - 2 = 1.')).toBe(false)
  })
})

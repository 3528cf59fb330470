import { hostileBodies } from '@recado/testkit'
import { parseFragment, type DefaultTreeAdapterTypes as Tree } from 'parse5'
import { describe, expect, test } from 'vitest'
import { Refusal } from '../problem.ts'
import { WorkerBodies } from './formatted-bodies.ts'
import { sanitise } from './sanitise.ts'

/** Every element of what a browser would make of it, by the algorithm of the HTML standard and not that of the sanitiser. */
function elementsOf(html: string): Tree.Element[] {
  const walk = (node: Tree.Node): Tree.Element[] => [
    ...('tagName' in node ? [node] : []),
    ...('childNodes' in node ? node.childNodes.flatMap(walk) : []),
  ]
  return walk(parseFragment(html))
}

const harmless = new Set(
  (
    'p div span br hr h1 h2 h3 h4 h5 h6 blockquote pre code center ul ol li dl dt dd b strong i em u s del ins sub sup small ' +
    'mark kbd samp abbr a img figure figcaption table caption colgroup col thead tbody tfoot tr td th'
  ).split(' '),
)
const attributes =
  /^(?:dir|lang|style|title|href|rel|target|src|alt|width|height|start|type|reversed|value|align|valign|border|cellpadding|cellspacing|bgcolor|span|colspan|rowspan|scope)$/
const declarations =
  /^(?:color|background-color|font-(?:family|size|style|weight)|line-height|list-style-type|text-(?:align|decoration)|vertical-align|white-space|(?:padding|margin|border)(?:-(?:top|right|bottom|left))?|border-collapse|(?:max-)?width|height)$/

/** What of it would do more than be read. */
function findHarm(html: string): string[] {
  return elementsOf(html).flatMap(({ tagName, attrs, namespaceURI }) => [
    ...(harmless.has(tagName) && namespaceURI === 'http://www.w3.org/1999/xhtml' ? [] : [`<${tagName}>`]),
    ...attrs.flatMap(({ name, value }) => {
      const said = `${tagName} ${name}=${value}`
      if (!attributes.test(name)) return [said]
      if (name === 'href' && !/^(?:https?:\/\/[^/\\]|mailto:|tel:)/.test(value)) return [said]
      if (name === 'src' && !/^(?:https?:\/\/[^/\\]|cid:|data:image\/(?:png|jpeg|gif|webp);base64,)/.test(value))
        return [said]
      if (name === 'style') return value.split(';').filter(each => !isHarmlessDeclaration(each))
      return []
    }),
  ])
}

function isHarmlessDeclaration(declaration: string): boolean {
  const [property = '', value = ''] = declaration.split(':')
  return declarations.test(property) && /^[\w\s.,%#"'()/-]*$/.test(value) && !/url|expression|-\d/i.test(value)
}

describe('hostile bodies', () => {
  test('there are many, by many names', () => {
    expect(Object.keys(hostileBodies).length).toBeGreaterThan(90)
  })

  test.for(Object.entries(hostileBodies))('%s', ([, body]) => {
    const { html, text } = sanitise(body)
    expect(findHarm(html)).toEqual([])
    expect(sanitise(html)).toEqual({ html, text })
    expect(sanitise(`<p>before</p>${body}`).text).toMatch(/^before/)
    expect(findHarm(sanitise(`<table><tr><td>${body}</td></tr></table>`).html)).toEqual([])
  })

  test('the eye that looks for harm sees it', () => {
    const seen = Object.values(hostileBodies).filter(body => findHarm(body).length > 0)
    expect(seen.length).toBeGreaterThan(80)
  })
})

describe('bodies of honest people', () => {
  test('letters, lists, tables, links, pictures and their looks survive', () => {
    const letter =
      '<h1>Olá</h1><p dir="ltr" style="color:#aa0000;text-align:center">Dear <strong>you</strong>,<br />see <a href="https://recado.example/a?b=1&amp;c=2" rel="noopener noreferrer nofollow" target="_blank">this</a>.</p>' +
      '<ol start="3"><li value="4">four</li></ol><table border="1"><tr><td colspan="2">cell</td></tr></table>' +
      '<img src="cid:logo" alt="Our seal" width="40" /><blockquote>quoted</blockquote>'
    expect(sanitise(letter).html).toBe(letter)
  })

  test('an old font is a style', () => {
    expect(sanitise('<font color="red" face="Arial">hi</font>').html).toBe(
      '<span style="color:red;font-family:Arial">hi</span>',
    )
  })

  test('the words are those that one reads, with the addresses of links', () => {
    const { text } = sanitise(
      '<h2>News</h2><p>One &amp; two</p><ul><li>a</li><li>b</li></ul><p><a href="https://recado.example/x">here</a> <img alt="seal" src="cid:x"></p>',
    )
    expect(text).toBe('News\n\nOne & two\n\n * a\n * b\n\nhere [https://recado.example/x] [seal]')
  })

  test('what only looks like mark-up stays what it looks like', () => {
    expect(sanitise('<p>1 &lt; 2 &amp;amp; <b>x</b></p>')).toEqual({
      html: '<p>1 &lt; 2 &amp;amp; <b>x</b></p>',
      text: '1 < 2 &amp; x',
    })
  })
})

describe('the thread that reads them', () => {
  test('bodies come back in order, whatever stands between them', async () => {
    await using bodies = new WorkerBodies()
    const read = await Promise.all(['<p>1</p>', '<script>2</script>', '<p>3</p>'].map(html => bodies.sanitise(html)))
    expect(read.map(({ text }) => text)).toEqual(['1', '', '3'])
  })

  test('one that takes too long is refused, and the next is read', async () => {
    await using bodies = new WorkerBodies({ timeoutMs: 1_000 })
    // Started before the time of anything counts.
    await bodies.sanitise('<p>warm</p>')
    const slow = '<p style="color:red">'.repeat(2_000_000)
    await expect(bodies.sanitise(slow)).rejects.toThrow(Refusal)
    expect((await bodies.sanitise('<p>next</p>')).text).toBe('next')
  })

  test('what there is no room for is refused at once, and none of those before it', async () => {
    await using bodies = new WorkerBodies()
    const read = await Promise.allSettled(Array.from({ length: 101 }, () => bodies.sanitise('<p>x</p>')))
    expect(read.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect(read.at(-1)).toMatchObject({ status: 'rejected', reason: { problem: { code: 'busy' } } })
  })
})

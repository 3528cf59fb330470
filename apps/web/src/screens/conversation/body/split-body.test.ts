import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitBody } from './split-body.ts'

const nobody: ReadonlySet<string> = new Set()

function links(body: string): readonly string[] {
  return splitBody(body, nobody).flatMap(part => (part.kind === 'link' ? [part.text] : []))
}

describe('splitBody', () => {
  it('gives back every character, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), body => {
        const parts = splitBody(`${body} @ana https://a.example/${body}`, new Set(['ana']))
        expect(parts.map(part => part.text).join('')).toBe(`${body} @ana https://a.example/${body}`)
      }),
    )
  })

  it('leaves the punctuation of the sentence out of an address', () => {
    expect(links('See https://a.example/x. And (https://a.example/y), or https://a.example/z(1)!')).toEqual([
      'https://a.example/x',
      'https://a.example/y',
      'https://a.example/z(1)',
    ])
  })

  it('makes links of http and https only', () => {
    expect(links('javascript:alert(1) data:text/html,x file:///etc www.a.example')).toEqual([])
  })

  it('does not let marks that turn the direction hide where a link goes', () => {
    expect(links('https://a.example/\u202Egnp.exe')).toEqual(['https://a.example/'])
  })

  it('shows as a mention only who was mentioned, and not inside a word or an address', () => {
    const parts = splitBody('@ana, @bob me@ana.example @ANA', new Set(['ana']))
    expect(parts.filter(part => part.kind === 'mention').map(part => part.text)).toEqual(['@ana', '@ANA'])
  })
})

import { describe, expect, it } from 'vitest'
import { type Format, formats, formatText } from './format-text.ts'

/** A text with its selection between bars, or the caret as one bar. */
function parse(marked: string) {
  const start = marked.indexOf('|')
  const end = marked.lastIndexOf('|')
  return { text: marked.replaceAll('|', ''), start, end: end === start ? start : end - 1 }
}

function format(marked: string, by: Format): string {
  const selected = parse(marked)
  const { from, to, insert, selectionStart: start, selectionEnd: end } = formatText(selected, by)
  const text = selected.text.slice(0, from) + insert + selected.text.slice(to)
  return start === end
    ? `${text.slice(0, start)}|${text.slice(start)}`
    : `${text.slice(0, start)}|${text.slice(start, end)}|${text.slice(end)}`
}

describe('formatting', () => {
  it.each<[Format, string, string]>([
    ['bold', 'so |warm| white', 'so **|warm|** white'],
    ['bold', 'so **|warm|** white', 'so |warm| white'],
    ['bold', 'so |**warm**| white', 'so |warm| white'],
    ['bold', 'so| warm |white', 'so **|warm|** white'],
    ['bold', 'so |', 'so **|**'],
    ['bold', 'so **|**', 'so |'],
    ['bold', '|one\n\n two |', '|**one**\n\n **two**| '],
    ['bold', '|**one**\n**two**|', '|one\ntwo|'],
    ['italic', 'so |warm| white', 'so _|warm|_ white'],
    ['italic', 'so _|warm|_ white', 'so |warm| white'],
    ['italic', 'so w|ar|m white', 'so w*|ar|*m white'],
    ['italic', '**|warm|**', '**_|warm|_**'],
    ['italic', 'a**|r|**m', 'a**_|r|_**m'],
    ['strike', '|old|', '~~|old|~~'],
    ['code', 'run |ls -la| now', 'run `|ls -la|` now'],
    ['code', 'run `|ls|` now', 'run |ls| now'],
    ['code', 'a\n|b\nc|', 'a\n|```\nb\nc\n```|'],
    ['code', '|```\nb\nc\n```|', '|b\nc|'],
    ['quote', 'a\nb|c|d\ne', 'a\n|> bcd|\ne'],
    ['quote', '|> a\n> b|', '|a\nb|'],
    ['list', 'a|b\n\nc|d', '|- ab\n\n- cd|'],
    ['list', '|', '- |'],
    ['list', 'paper|', '- paper|'],
    ['list', '- paper|', 'paper|'],
    ['link', 'see |the list| please', 'see [the list](|https://|) please'],
    ['link', 'see |https://example.org/a| please', 'see [|](https://example.org/a) please'],
    ['link', '|', '[|](https://)'],
  ])('%s of %j', (by, before, after) => expect(format(before, by)).toBe(after))

  it.each(['bold', 'italic', 'strike', 'code', 'quote', 'list'] as const)('%s is taken away by doing it again', by => {
    for (const text of ['|word|', 'a |word| b', '|two words|', 'a\n|line|\nb']) {
      const once = format(text, by)
      const twice = format(once, by)
      expect(twice.replaceAll('|', '')).toBe(text.replaceAll('|', ''))
    }
  })

  it('never loses what was written', () => {
    for (const by of formats) {
      for (const text of ['|  |', '|a*b|', '|`|', '|**|', 'x|', '|\n\n|', '|> |']) {
        const letters = (written: string) => written.replace(/[^a-z]/gu, '').replace('https', '')
        expect(letters(format(text, by))).toBe(letters(text))
      }
    }
  })
})

import { describe, expect, it } from 'vitest'
import { listWidths, parsePreferences } from './preferences.ts'

describe('parsePreferences', () => {
  it('speaks the language of the browser until one is chosen', () => {
    expect(parsePreferences(null, ['pt-PT', 'en']).language).toBe('pt-BR')
    expect(parsePreferences(null, ['fr', 'es-MX']).language).toBe('es')
    expect(parsePreferences(null, ['fr']).language).toBe('en')
    expect(parsePreferences('{"language":"en"}', ['es']).language).toBe('en')
  })

  it('takes nothing damaged, unknown or out of bounds', () => {
    const { theme, textSize, sounds, listWidth } = parsePreferences(
      '{"theme":"blue","textSize":"large","listWidth":9999}',
      [],
    )
    expect(theme).toBe('system')
    expect(textSize).toBe('large')
    expect(sounds).toBe('on')
    expect(listWidth).toBe(listWidths.max)
    expect(parsePreferences('{"theme":', []).theme).toBe('system')
    expect(parsePreferences('[]', []).listWidth).toBe(listWidths.initial)
  })
})

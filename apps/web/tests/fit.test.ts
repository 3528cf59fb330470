/**
 * Everything fits: in every language, from right to left, at 320 px and at 200 % zoom, with the largest text. No word of
 * ours is cut off in any scene of the gallery, nothing lies beyond the window, and nothing scrolls sideways.
 */
import { describe, expect, it } from 'vitest'
import { type SceneName, scenes } from '../src/gallery/scenes.ts'
import { visitGallery } from './gallery.ts'
import { findLastingOverflow, findOverflow } from './layout.ts'
import { sizes } from './seat.ts'

const gallery = visitGallery('production')

const names = (Object.keys(scenes) as SceneName[]).filter(name => !('only' in scenes[name]))

/** 1440 × 900 at 200 %; and what WCAG asks for (1.4.10). */
const zoomed = { width: 720, height: 450 }
const narrow = { width: 320, height: 568 }

/** Each look at one size, and at a larger one that the window is changed to. */
const looks = [
  { as: 'in Portuguese', look: { language: 'pt-BR' }, size: narrow, later: sizes.phone },
  { as: 'in Spanish', look: { language: 'es' }, size: sizes.phone, later: { width: 720, height: 844 } },
  { as: 'at 200 %', look: { language: 'es' }, size: zoomed, later: sizes.desktop },
  { as: 'from right to left', look: { dir: 'rtl', textSize: 'largest' }, size: sizes.phone, later: sizes.desktop },
] as const

describe.each(looks)('$as', { tags: ['browser'], timeout: 600_000 }, ({ look, size, later }) => {
  it('every scene fits', async () => {
    const seat = await gallery.seat({ size: 'phone' })
    const { page } = seat
    const found: Record<string, readonly string[]> = {}
    for (const name of names) {
      await gallery.clear(page)
      await page.setViewportSize(size)
      await gallery.show(page, name, look)
      await seat.shoot(`${name}, ${Object.values(look).join(' ')}`)
      const first = await findLastingOverflow(page)
      await page.setViewportSize(later)
      const second = await findLastingOverflow(page)
      if (first.length + second.length > 0) found[name] = [...first, ...second]
    }
    expect(found).toEqual({})
    seat.expectNoComplaints()
    await seat.context.close()
  })
})

it('would find a word that is cut off, and a part beyond the window', { tags: ['browser'] }, async () => {
  const seat = await gallery.seat({ size: 'phone' })
  await gallery.show(seat.page, 'components')
  const found = await seat.page.evaluate(async source => {
    const find: () => string[] = new Function(`return (${source})()`) as () => string[]
    const broken = document.createElement('div')
    broken.innerHTML =
      '<p style="width: 40px; overflow: hidden; white-space: nowrap">Cut off in the middle</p>' +
      '<p style="width: 40px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis">Shortened too much</p>' +
      '<button style="position: fixed; top: 0; left: 380px; width: 60px">Far out</button>' +
      '<p style="width: 40px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis"><bdi>The name of somebody</bdi></p>'
    document.body.append(broken)
    return find()
  }, findOverflow.toString())
  expect(found.filter(one => /Cut off|Shortened|Far out|somebody/u.test(one))).toEqual([
    expect.stringMatching(/^wider than its place: p.*Cut off/u),
    expect.stringMatching(/^cut short: p.*Shortened/u),
    expect.stringMatching(/^beyond the window: button.*Far out/u),
  ])
  await seat.context.close()
})

/** Runs in the page: names in one line that are read the other way, and whether each begins where the layout does. */
function findStrayNames(): { readonly looked: number; readonly stray: readonly string[] } {
  const names = [...document.querySelectorAll('bdi.one-line')].filter(name => {
    const within = name.parentElement
    // One that is cut short fills its line, and one below a picture stands in its middle.
    const filled = name.scrollWidth > name.clientWidth
    if (!within || filled || getComputedStyle(name).textAlign === 'center') return false
    return getComputedStyle(name).direction !== getComputedStyle(within).direction
  })
  const stray = names.filter(name => {
    const words = document.createRange()
    words.selectNodeContents(name)
    const [text, line] = [words.getBoundingClientRect(), name.getBoundingClientRect()]
    const rightToLeft = document.documentElement.dir === 'rtl'
    return Math.abs(rightToLeft ? text.right - line.right : text.left - line.left) > 1
  })
  return { looked: names.length, stray: stray.map(name => name.textContent ?? '') }
}

it.each(['ltr', 'rtl'])('names keep to the side where an %s layout begins', { tags: ['browser'] }, async dir => {
  const seat = await gallery.seat({ size: 'phone' })
  for (const scene of ['people', 'chats'] as const) {
    await gallery.show(seat.page, scene, { dir })
    const { looked, stray } = await seat.page.evaluate(findStrayNames)
    expect(looked).toBeGreaterThan(0)
    expect(stray).toEqual([])
  }
  await seat.context.close()
})

/**
 * For those who need more to see by: with the system's own few colours, with more contrast, and in the compact list. What has
 * the focus, is chosen or current stays told apart, everything fits, and a picture may be taken of each.
 */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { SceneName } from '../src/gallery/scenes.ts'
import { visitGallery } from './gallery.ts'
import { findLastingOverflow } from './layout.ts'

const gallery = visitGallery('production')

/** Each kind of thing that has a state, or takes the focus, is in one of these. */
const scenes: readonly SceneName[] = [
  'sign up',
  'chats, unread ones',
  'group',
  'menu of a message',
  'who has a message',
  'formatting what is written',
  'mentioning somebody',
  'choosing an emoji',
  'palette, found',
  'going to a date',
  'forwarding a message',
  'details of a group',
  'people',
  'settings',
  'toasts in a chat',
]

const looks = [
  { as: 'forced colours, light', media: { forcedColors: 'active', colorScheme: 'light' }, look: {} },
  { as: 'forced colours, dark', media: { forcedColors: 'active', colorScheme: 'dark' }, look: {} },
  { as: 'more contrast, light', media: { contrast: 'more', colorScheme: 'light' }, look: {} },
  { as: 'more contrast, dark', media: { contrast: 'more', colorScheme: 'dark' }, look: {} },
  { as: 'compact', media: { colorScheme: 'light' }, look: { density: 'compact' } },
] as const

describe.each(looks)('$as', { tags: ['browser'], timeout: 180_000 }, ({ as, media, look }) => {
  it('shows what has the focus, and what is chosen', async () => {
    const seat = await gallery.seat()
    const { page } = seat
    await page.emulateMedia(media)
    const found: Record<string, readonly string[]> = {}
    for (const name of scenes) {
      await gallery.show(page, name, look)
      await seat.shoot(`${name}, ${as}`)
      const faults = [...(await findLastingOverflow(page)), ...(await findUnseenFocus(page))]
      if (as.startsWith('forced')) faults.push(...(await page.evaluate(findUnseenStates)))
      else await seat.expectAccessible(undefined, ['color-contrast'])
      if (faults.length > 0) found[name] = faults
    }
    expect(found).toEqual({})
    seat.expectNoComplaints()
    await seat.context.close()
  })
})

/** Goes on with Tab, and tells what has the focus without a ring of its own or around it. */
async function findUnseenFocus(page: Page): Promise<readonly string[]> {
  const unseen = new Set<string>()
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press('Tab')
    const fault = await page.evaluate(describeUnseenFocus)
    if (fault !== null) unseen.add(fault)
  }
  return [...unseen]
}

/** In the page. The ring is two pixels at least; a field shows its caret, which is enough where nothing more is asked for. */
function describeUnseenFocus(): string | null {
  const focused = document.activeElement
  if (!focused || focused === document.body || focused.hasAttribute('data-base-ui-focus-guard')) return null
  const more = window.matchMedia('(forced-colors: active), (prefers-contrast: more)').matches
  if (!more && focused.matches('input, textarea')) return null
  for (let at: Element | null = focused, up = 0; at && up < 3; at = at.parentElement, up += 1) {
    const { outlineStyle, outlineWidth } = getComputedStyle(at)
    if (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) return null
  }
  const label = focused.getAttribute('aria-label') ?? focused.textContent?.trim().slice(0, 40)
  return `focus is not seen: ${focused.tagName.toLowerCase()} ${label}`
}

/** In the page: what is chosen or current and looks like its neighbours where only the system's colours are left. */
function findUnseenStates(): string[] {
  const chosen =
    '[aria-pressed=true], [aria-selected=true], [aria-current]:not([aria-current=false]), label:has(> :checked:not([role=switch]))'
  return [...document.querySelectorAll(chosen)].flatMap(element => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    const unseen = !element.checkVisibility() || element.closest('[inert], [aria-hidden=true]') !== null
    if (unseen || (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2)) return []
    return [`state is not seen: ${element.tagName.toLowerCase()} ${element.textContent?.trim().slice(0, 40)}`]
  })
}

/**
 * The walk through the gallery: every screen, dialog, menu and panel in each of its states, at both sizes, in both themes
 * and in all languages. Nothing of ours or of others may be cut off, out of reach of a thumb, or a fault for assistive
 * technology; and a picture may be taken of each, to be looked at.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SceneName, scenes } from '../src/gallery/scenes.ts'
import { visitGallery } from './gallery.ts'
import { findLastingOverflow, findSmallTargets } from './layout.ts'
import type { Seat, sizes } from './seat.ts'

const gallery = visitGallery('development')

/** Of the components. The bundler tells two of one name apart by a number. */
const drawnAnywhere = new Set<string>()

const names = Object.keys(scenes) as SceneName[]
const forPhones = names.filter(name => !('only' in scenes[name]))

async function takeSeat(size: keyof typeof sizes, theme: 'light' | 'dark'): Promise<Seat> {
  const seat = await gallery.seat({ size, theme })
  await gallery.show(seat.page, 'components')
  return seat
}

describe.each([
  { size: 'desktop', theme: 'light', other: 'dark', on: names },
  { size: 'phone', theme: 'dark', other: 'light', on: forPhones },
] as const)('on a $size', { tags: ['browser'], timeout: 60_000 }, ({ size, theme, other, on }) => {
  let seat: Seat
  beforeAll(async () => {
    seat = await takeSeat(size, theme)
  }, 60_000)
  afterAll(() => seat?.context.close())

  it.each(['components' as const, ...on])('%s', async name => {
    const { page } = seat
    // Of the scene before.
    seat.complaints.splice(0)
    await gallery.show(page, name)
    for (const drawn of await page.evaluate(namesOfWhatIsDrawn)) drawnAnywhere.add(drawn)
    await seat.shoot(`${name}, ${size}, ${theme}`)
    await seat.expectAccessible()
    expect(await findLastingOverflow(page)).toEqual([])
    if (size === 'phone') expect(await page.evaluate(findSmallTargets)).toEqual([])
    await page.emulateMedia({ colorScheme: other })
    await seat.shoot(`${name}, ${size}, ${other}`)
    await seat.expectAccessible(undefined, ['color-contrast'])
    await gallery.clear(page)
    await page.emulateMedia({ colorScheme: theme })
    seat.expectNoComplaints()
  })
})

it('shows every component there is in some scene', { tags: ['browser'] }, () => {
  const drawn = new Set([...drawnAnywhere].map(name => name.replace(/\$\d+$/u, '')))
  expect(componentsOfTheApp().filter(name => !drawn.has(name))).toEqual([])
})

const source = join(import.meta.dirname, '../src')

/** What the folders of components and screens hand out and begins with a capital. */
function componentsOfTheApp(): readonly string[] {
  const found = ['components', 'screens', 'keys'].flatMap(folder =>
    readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.tsx'))
      .flatMap(file => [
        ...readFileSync(join(source, folder, file), 'utf8').matchAll(/^export (?:function|const) ([A-Z]\w+)/gmu),
      ])
      .map(([, name = '']) => name),
  )
  expect(found.length).toBeGreaterThan(80)
  return found
}

/** The names of the components that React has drawn now: a fiber knows its type, wrapped by `memo` or `lazy` or not. */
function namesOfWhatIsDrawn(): readonly string[] {
  interface Fiber {
    readonly type: { readonly name?: string; readonly type?: { readonly name?: string } } | string | null
    readonly child: Fiber | null
    readonly sibling: Fiber | null
  }
  const container = document.getElementById('root')
  const [, root] = Object.entries(container ?? {}).find(([key]) => key.startsWith('__reactContainer')) ?? []
  const names: string[] = []
  const queue: Fiber[] = [root.stateNode.current]
  for (let fiber = queue.pop(); fiber; fiber = queue.pop()) {
    const { type } = fiber
    if (type !== null && typeof type !== 'string') names.push(type.name ?? type.type?.name ?? '')
    if (fiber.child) queue.push(fiber.child)
    if (fiber.sibling) queue.push(fiber.sibling)
  }
  return names
}

/** One draft open in several tabs of a device, which share what is stored and hear of each other late or not at all. */
import type { AccountId } from '@recado/protocol'
import { expect, test } from 'vitest'
import { draftOf, mailOf } from '../testing/mail-world.ts'
import { createSeededRandom } from '../testing/seeded-random.ts'
import { type Device, World } from '../testing/world.ts'
import type { MailClient } from './mail-api.ts'

const ana = 1 as AccountId
const seeds = Array.from({ length: Number(process.env['RECADO_SEEDS'] ?? 40) }, (_, index) => index + 1)

interface TwoTabs {
  readonly world: World
  readonly device: Device
  readonly one: MailClient
  readonly other: MailClient
}

async function twoTabs(seed = 1): Promise<TwoTabs> {
  const world = new World(seed)
  const device = world.device(1)
  const one = await mailOf(world, await world.signIn(device))
  const other = await mailOf(world, await world.resume(device))
  one.draft('d').save(draftOf('<p></p>'))
  await world.clock.until(() => htmlOf(other) === '<p></p>')
  return { world, device, one, other }
}

function htmlOf(mail: MailClient): string | undefined {
  return mail.draft('d').getSnapshot().content?.html
}

function all(mail: MailClient): string[] {
  const texts = mail.getSnapshot().drafts.map(({ id }) => mail.draft(id).getSnapshot().content?.html ?? '')
  return texts.sort()
}

function onServer(world: World): string[] {
  return world.server.mail
    .drafts(ana)
    .map(draft => draft.html)
    .sort()
}

/** Messages between the tabs come late, twice or never, and answers of the server come late or get lost. */
function disturb({ world, device }: TwoTabs, random: { next(): number }): void {
  device.tabs.carry = hand => {
    const times = random.next() < 0.3 ? 0 : random.next() < 0.3 ? 2 : 1
    for (let time = 0; time < times; time++) world.clock.setTimer(random.next() * 4_000, hand)
  }
  world.server.fault = () => (random.next() < 0.15 ? 'after' : null)
  world.server.slowMs = () => (random.next() < 0.5 ? Math.floor(random.next() * 3_000) : 0)
}

/** All is as it should be again, and everybody has had time. */
async function settle({ world, device }: TwoTabs): Promise<void> {
  device.tabs.carry = queueMicrotask
  world.server.fault = () => null
  world.server.slowMs = () => 0
  await world.cut()
  await world.clock.advance(120_000)
}

const letter = 'Unforgettable, that letter of yours from the harbour.'

test.each([0, 40, 700, 2_000])(
  'M1: a tab that only shows a draft never saves an older text of it (a key each %i ms)',
  async everyMs => {
    const { world, one, other } = await twoTabs()
    for (let length = 1; length <= letter.length; length++) {
      one.draft('d').save(draftOf(`<p>${letter.slice(0, length)}</p>`))
      await world.clock.advance(everyMs)
    }
    await world.clock.until(() => htmlOf(other) === `<p>${letter}</p>`)
    await world.clock.advance(60_000)
    for (const texts of [all(one), all(other), onServer(world)]) expect(texts).toEqual([`<p>${letter}</p>`])
  },
)

test('M1: a tab shows what another one types while it is typed, also without a network', async () => {
  const { world, one, other } = await twoTabs()
  world.server.network = 'down'
  await world.cut()
  for (const text of ['One', 'One, two', 'One, two, three']) {
    one.draft('d').save(draftOf(`<p>${text}</p>`))
    await world.clock.advance(500)
    expect(htmlOf(other)).toBe(`<p>${text}</p>`)
  }
})

test('M1: what a tab wrote is saved by another one if it has died', async () => {
  const world = new World()
  const device = world.device(1)
  const first = await world.signIn(device)
  const one = await mailOf(world, first)
  const other = await mailOf(world, await world.resume(device))
  one.draft('d').save(draftOf('<p>Last words</p>'))
  await world.clock.until(() => htmlOf(other) === '<p>Last words</p>')
  world.kill(first)
  await world.clock.until(() => onServer(world).length === 1)
  expect(onServer(world)).toEqual(['<p>Last words</p>'])
})

test('M1: a text whose answer was lost is no other device’s', async () => {
  const world = new World()
  const one = await mailOf(world, await world.signIn(world.device(1)))
  one.draft('d').save(draftOf('<p>Hel</p>'))
  world.server.fault = () => 'after'
  await world.clock.until(() => onServer(world).length === 1)
  one.draft('d').save(draftOf('<p>Hello</p>'))
  await world.cut()
  world.server.fault = () => null
  await world.clock.advance(60_000)
  for (const texts of [all(one), onServer(world)]) expect(texts).toEqual(['<p>Hello</p>'])
})

test('M1: what was discarded in one tab, while the other one wrote on, is still there', async () => {
  const tabs = await twoTabs()
  const { world, device, one, other } = tabs
  device.tabs.carry = () => undefined
  one.draft('d').save(draftOf('<p>Written on</p>'))
  await world.clock.advance(0)
  await world.wait(other.draft('d').discard())
  await settle(tabs)
  for (const texts of [all(one), all(other), onServer(world)]) expect(texts).toEqual(['<p>Written on</p>'])
})

test.each(seeds)(
  'M1: one tab types and one shows: there is one draft, and it is the last text (seed %i)',
  async seed => {
    const tabs = await twoTabs(seed)
    const { world, one, other } = tabs
    const random = createSeededRandom(seed * 17)
    disturb(tabs, random)
    for (let length = 1; length <= letter.length; length++) {
      one.draft('d').save(draftOf(`<p>${letter.slice(0, length)}</p>`))
      await world.clock.advance(random.next() < 0.8 ? random.next() * 60 : random.next() * 12_000)
      if (random.next() < 0.05) await world.cut()
    }
    await settle(tabs)
    for (const texts of [all(one), all(other), onServer(world)]) expect(texts).toEqual([`<p>${letter}</p>`])
  },
)

test.each(seeds)('M1: tabs that show late what came type on upon what they show (seed %i)', async seed => {
  const tabs = await twoTabs(seed)
  const { world, one, other } = tabs
  const random = createSeededRandom(seed * 23)
  disturb(tabs, random)
  const shown = new Map([one, other].map(tab => [tab, tab.draft('d').getSnapshot().content ?? draftOf('')]))
  const words: string[] = []
  for (let step = 0; step < 40; step++) {
    const tab = random.next() < 0.5 ? one : other
    const upon = shown.get(tab) ?? draftOf('')
    const word = `<p>word-${step}.</p>`
    words.push(word)
    const written = draftOf(random.next() < 0.5 ? word + upon.html : upon.html + word)
    tab.draft('d').save(written, upon)
    shown.set(tab, written)
    await world.clock.advance(random.next() < 0.6 ? random.next() * 60 : random.next() * 4_000)
    if (random.next() < 0.4) shown.set(tab, tab.draft('d').getSnapshot().content ?? written)
    if (random.next() < 0.05) await world.cut()
  }
  await settle(tabs)
  const texts = all(one)
  for (const each of [all(other), onServer(world)]) expect(each).toEqual(texts)
  expect(words.filter(word => !texts.join().includes(word))).toEqual([])
})

test.each(seeds)('M1: both tabs type: no word is lost, and both show the same (seed %i)', async seed => {
  const tabs = await twoTabs(seed)
  const { world, one, other } = tabs
  const random = createSeededRandom(seed * 19)
  disturb(tabs, random)
  const words: string[] = []
  for (let step = 0; step < 40; step++) {
    const tab = random.next() < 0.5 ? one : other
    const word = `<p>word-${step}.</p>`
    words.push(word)
    const html = htmlOf(tab) ?? ''
    tab.draft('d').save(draftOf(random.next() < 0.5 ? word + html : html + word))
    await world.clock.advance(random.next() < 0.6 ? random.next() * 60 : random.next() * 4_000)
    if (random.next() < 0.05) await world.cut()
  }
  await settle(tabs)
  const texts = all(one)
  for (const shown of [all(other), onServer(world)]) expect(shown).toEqual(texts)
  expect(words.filter(word => !texts.join().includes(word))).toEqual([])
})

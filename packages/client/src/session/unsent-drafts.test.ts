/** M1, S2: no word of a draft is lost with its sign-in, however that ends and whoever knew of it. */
import type { AccountId } from '@recado/protocol'
import { expect, test } from 'vitest'
import type { Client } from '../client-api.ts'
import type { MailClient } from '../mail/mail-api.ts'
import type { Ports, Tabs } from '../ports.ts'
import { draftOf, mailOf } from '../testing/mail-world.ts'
import { World } from '../testing/world.ts'

const ana = 1 as AccountId
const credentials = { login: 'person1', password: 'password' }
/** What another tab says is not heard here. */
const deaf: Tabs = { post: () => undefined, listen: () => () => undefined }

interface Options {
  readonly ports?: Partial<Ports>
  /** What the draft says in both tabs, and on the server. */
  readonly known?: string
}

async function twoTabs({ ports = {}, known }: Options = {}) {
  const world = new World()
  const device = world.device(1)
  const clients = [await world.signIn(device, { ports }), world.start(device, { ports })] as const
  await clients[1].resumeSession()
  const [one, other] = [await mailOf(world, clients[0]), await mailOf(world, clients[1])]
  if (known !== undefined) {
    write(one, known)
    await world.clock.until(() => textsOf(other).includes(known))
    await world.clock.until(() => one.draft('d').getSnapshot().state === 'saved')
  }
  world.server.network = 'down'
  await world.cut()
  return { world, device, clients, one, other }
}

function write(mail: MailClient, text: string): void {
  mail.draft('d').save(draftOf(`<p>${text}</p>`))
}

function textsOf(mail: MailClient): string[] {
  const texts = mail.getSnapshot().drafts.map(({ id }) => mail.draft(id).getSnapshot().content?.html ?? '')
  return texts.map(text => text.replace(/<[^>]*>/g, '')).sort()
}

/** Of this client, once all is well, and of the server. */
async function settled(world: World, client: Client): Promise<{ shown: string[]; stored: string[] }> {
  world.server.network = 'up'
  await world.cut()
  await world.clock.advance(60_000)
  const stored = world.server.mail.drafts(ana).map(draft => draft.html.replace(/<[^>]*>/g, ''))
  return { shown: textsOf(await mailOf(world, client)), stored: stored.sort() }
}

const same = (...texts: string[]) => ({ shown: texts, stored: texts })

test('a cache that the browser takes away loses no draft', async () => {
  const { world, device, clients, one } = await twoTabs()
  write(one, 'Not lost')
  await world.clock.advance(1_000)
  await device.caches.delete('recado-1-1')
  await world.clock.advance(1_000)
  for (const client of clients) expect(textsOf(await mailOf(world, client))).toEqual(['Not lost'])
  for (const client of clients) expect(await settled(world, client)).toEqual(same('Not lost'))
})

test('nor a draft of the server that was written on', async () => {
  const { world, device, clients, one } = await twoTabs({ known: 'Dear Bea' })
  write(one, 'Dear Bea, not lost')
  await world.clock.advance(1_000)
  await device.caches.delete('recado-1-1')
  await world.clock.advance(1_000)
  for (const client of clients) expect(await settled(world, client)).toEqual(same('Dear Bea, not lost'))
})

test.each([
  ['goes on where the first wrote', 'Dear Bea', 'Dear Bea and Carl', ['Dear Bea and Carl']],
  ['wrote before the first', 'Dear Bea and Carl', 'Dear Bea', ['Dear Bea and Carl']],
  ['wrote something else', 'Dear Bea', 'Dear Carl', ['Dear Bea', 'Dear Carl']],
])('the other tab, which hears nothing, %s', async (_how, here, there, expected) => {
  const { world, device, clients, one, other } = await twoTabs({ ports: { tabs: deaf } })
  write(one, here)
  write(other, there)
  await world.clock.advance(1_000)
  await device.caches.delete('recado-1-1')
  await world.clock.advance(1_000)
  // Each may have made a copy of what the other wrote.
  const { stored } = await settled(world, clients[0])
  expect([...new Set(stored)]).toEqual(expected)
})

test('what was typed at the moment in which the other tab signs out is there at the next sign-in', async () => {
  const { world, device, clients, one, other } = await twoTabs()
  write(one, 'Not')
  await world.clock.advance(1_000)
  write(other, 'Not lost')
  await world.wait(clients[0].signOut())
  world.server.network = 'up'
  const again = await world.signIn(device)
  expect(await settled(world, again)).toEqual(same('Not lost'))
})

test('what was written while storage failed is there when another tab ends the sign-in', async () => {
  let broken = false
  const { world, device, clients, one } = await twoTabs()
  const caches: Ports['caches'] = {
    ...device.caches,
    open: async (name, gone) => {
      const cache = await device.caches.open(name, gone)
      return {
        ...cache,
        write: (stores, work, durability) =>
          broken ? Promise.reject(new Error('The disk is broken.')) : cache.write(stores, work, durability),
      }
    },
  }
  write(one, 'Not')
  await clients[1].close()
  const third = world.start(device, { ports: { caches } })
  await third.resumeSession()
  const mail = await mailOf(world, third)
  expect(textsOf(mail)).toEqual(['Not'])
  broken = true
  write(mail, 'Not lost')
  await world.clock.advance(1_000)
  expect(third.getSnapshot().storage).toBe('memory')
  broken = false
  await world.wait(clients[0].signOut())
  await world.clock.advance(1_000)
  world.server.network = 'up'
  const again = await world.signIn(device)
  expect(await settled(world, again)).toEqual(same('Not lost'))
})

test('where nothing can be stored, drafts outlive the session in the memory of their tab', async () => {
  const world = new World()
  const device = world.device(1)
  const caches = { ...device.caches, open: () => Promise.reject(new Error('Storage is blocked.')) }
  const client = await world.signIn(device, { ports: { caches } })
  const mail = await mailOf(world, client)
  world.server.network = 'down'
  await world.cut()
  write(mail, 'Not lost')
  await world.clock.advance(1_000)
  world.server.ended.add(1)
  world.server.network = 'up'
  await world.clock.until(() => client.getSnapshot().connection.state === 'signed-out')
  await world.wait(client.signIn(credentials))
  expect(await settled(world, client)).toEqual(same('Not lost'))
})

test('what was discarded does not come back with the next sign-in', async () => {
  const { world, device, clients, one } = await twoTabs({ known: 'Never mind' })
  void one.draft('d').discard()
  await world.clock.advance(1_000)
  await world.wait(clients[0].signOut())
  world.server.network = 'up'
  const again = await world.signIn(device)
  expect(await settled(world, again)).toEqual(same())
})

test('what is typed into a draft of a sign-in that has ended is there in the next, also while that runs', async () => {
  const { world, device, clients, one } = await twoTabs({ known: 'Dear Bea' })
  const [client] = clients
  const { signIn } = client.getSnapshot()
  await device.caches.delete('recado-1-1')
  await world.clock.until(() => client.getSnapshot().signIn > signIn)
  await world.clock.advance(1_000)
  write(one, 'Dear Bea, not lost')
  await world.clock.advance(1_000)
  expect(await settled(world, client)).toEqual(same('Dear Bea, not lost'))
})

test('what is typed at any moment while another tab ends the sign-in is there in the next', async () => {
  const lost: number[] = []
  for (let moment = 0; moment < 150; moment++) {
    const { world, device, clients, other } = await twoTabs({ ports: { tabs: deaf } })
    const out = clients[0].signOut()
    for (let passed = 0; passed < moment; passed++) await Promise.resolve()
    write(other, 'Not lost')
    await world.wait(out)
    await world.clock.advance(1_000)
    world.server.network = 'up'
    const { stored } = await settled(world, await world.signIn(device))
    if (stored.join() !== 'Not lost') lost.push(moment)
  }
  expect(lost).toEqual([])
})

test('what is typed into a draft of a mail part that loaded while its sign-in ended is there in the next', async () => {
  const lost: number[] = []
  for (let moment = 0; moment < 60; moment++) {
    const world = new World()
    const device = world.device(1)
    const client = await world.signIn(device)
    void device.caches.delete('recado-1-1')
    for (let passed = 0; passed < moment; passed++) await Promise.resolve()
    const opened = await world.wait(client.mail().catch(() => null))
    await world.clock.advance(1_000)
    if (!opened) continue
    write(opened, 'Not lost')
    await world.clock.advance(1_000)
    const { stored } = await settled(world, client)
    if (stored.join() !== 'Not lost') lost.push(moment)
  }
  expect(lost).toEqual([])
})

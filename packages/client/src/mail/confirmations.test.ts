import type { AccountId } from '@recado/protocol'
import { expect, test } from 'vitest'
import { mailOf } from '../testing/mail-world.ts'
import { World } from '../testing/world.ts'

const [ana, ben] = [1 as AccountId, 2 as AccountId]

function arrives(world: World, subject: string): void {
  world.server.log.account(1)
  const to = [{ accountId: ben }]
  world.server.mail.send({ clientMessageId: subject, to, subject, text: subject }, ana)
}

function statusesOf(world: World): string[] {
  return [...world.server.mail.mails.values()].flatMap(mail => [...mail.deliveries.values()].map(row => row.status))
}

test('M6: what arrives is delivered once it is stored, although nobody looks at mails', async () => {
  const world = new World()
  const device = world.device(2)
  const open = Promise.withResolvers<void>()
  let held = false
  const caches = {
    ...device.caches,
    open: async (name: string, gone: () => void) => {
      const cache = await device.caches.open(name, gone)
      const write: typeof cache.write = async (stores, work, durability) => {
        if (held) await open.promise
        return cache.write(stores, work, durability)
      }
      return { ...cache, write }
    },
  }
  await world.signIn(device, { ports: { caches } })
  held = true
  arrives(world, 'one')
  await world.clock.advance(10_000)
  expect(statusesOf(world)).toEqual(['sent'])
  held = false
  open.resolve()
  await world.clock.until(() => statusesOf(world)[0] === 'delivered')
})

test('M6: what was stored and not told before the program died is told by the next', async () => {
  const world = new World()
  const device = world.device(2)
  const client = await world.signIn(device)
  world.server.slowMs = () => 0
  arrives(world, 'one')
  await world.clock.until(() => world.server.requests.some(request => request.op === 'mailbox.list'))
  world.kill(client)
  await world.clock.advance(5_000)
  expect(statusesOf(world)).toEqual(['sent'])
  await world.resume(device)
  await world.clock.until(() => statusesOf(world)[0] === 'delivered')
})

test('M6: reports are gathered, and said after catching up', async () => {
  const world = new World()
  const device = world.device(2)
  const client = await world.signIn(device)
  await mailOf(world, client)
  await world.clock.advance(2_000)
  world.server.network = 'down'
  await world.cut()
  for (let at = 0; at < 50; at++) arrives(world, `mail ${at}`)
  const before = world.server.requests.length
  world.server.network = 'up'
  await world.clock.until(() => statusesOf(world).every(status => status === 'delivered'))
  const said = world.server.requests.slice(before).filter(request => request.op === 'delivery.confirm')
  expect(said.length).toBeLessThanOrEqual(2)
})

test('M6: what had come before a device was first signed in is delivered once it is here', async () => {
  const world = new World()
  world.server.log.account(2)
  for (let at = 0; at < 12; at++) arrives(world, `mail ${at}`)
  world.server.mail.mailsPerPage = 5
  const mail = await mailOf(world, await world.signIn(world.device(2)))
  await world.clock.until(() => statusesOf(world).every(status => status === 'delivered'))
  const list = mail.list({ folder: 'received' })
  expect(list.getSnapshot().items).toHaveLength(12)
})

test('M6: who reports nothing never says that a mail arrived', async () => {
  const world = new World()
  const client = await world.signIn(world.device(2), { receipts: 'none' })
  await mailOf(world, client)
  arrives(world, 'one')
  await world.clock.advance(60_000)
  expect(statusesOf(world)).toEqual(['sent'])
})

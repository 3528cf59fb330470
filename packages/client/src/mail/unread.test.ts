/** How many mails are unread is right from the first look on, whatever came before mail was loaded. */
import type { AccountId } from '@recado/protocol'
import { expect, test } from 'vitest'
import type { CacheFactory } from '../ports.ts'
import { mailOf } from '../testing/mail-world.ts'
import { World } from '../testing/world.ts'

const [ana, ben] = [1 as AccountId, 2 as AccountId]

test('M2: a mail that came before what is kept of mail was read is counted', async () => {
  const world = new World()
  const device = world.device(2)
  const client = await world.signIn(device)
  const mail = await mailOf(world, client)
  await world.clock.until(() => mail.getSnapshot().unread === 0)
  await world.clock.advance(5_000)
  world.kill(client)
  world.server.log.account(1)
  world.server.mail.send({ clientMessageId: 'one', to: [{ accountId: ben }], subject: 'one', text: 'one' }, ana)
  const read = Promise.withResolvers<void>()
  const caches: CacheFactory = {
    ...device.caches,
    open: async (name, gone) => {
      const cache = await device.caches.open(name, gone)
      return {
        ...cache,
        read: async (stores, work) => {
          const result = await cache.read(stores, work)
          if (stores.includes('mailWishes')) await read.promise
          return result
        },
      }
    },
  }
  const again = world.start(device, { ports: { caches } })
  await again.resumeSession()
  await world.caughtUp(again)
  read.resolve()
  const opened = await mailOf(world, again)
  await world.clock.until(() => opened.getSnapshot().unread === 1)
  expect(opened.getSnapshot().unread).toBe(1)
})

import type { SessionId } from '@recado/protocol'
import { expect, test } from 'vitest'
import { World } from '../testing/world.ts'

const patienceMs = 8_000

test('a renewal that is never answered does not stall the return', async () => {
  const world = new World()
  const device = world.device(1)
  const client = await world.signIn(device)
  world.server.network = 'silent'
  await world.cut()
  // The token has ended, so whoever comes back has to renew it.
  await world.clock.advance(40 * 60_000)
  world.server.network = 'up'
  await world.clock.until(() => client.getSnapshot().connection.state === 'online', 3 * patienceMs)
})

test('another tab that is frozen in the middle of a renewal does not stall it', async () => {
  const world = new World()
  const device = world.device(1)
  const client = await world.signIn(device)
  void device.tabs.locks.exclusive('recado-refresh', () => new Promise(() => undefined))
  await world.clock.advance(40 * 60_000)
  await world.cut()
  await world.clock.until(() => client.getSnapshot().connection.state === 'online', 5 * patienceMs)
  expect(client.getSnapshot().connection.state).toBe('online')
})

test('the kept sign-in is replaced only while it is what was read, and forgotten only by its own name', async () => {
  const world = new World()
  const device = world.device(1)
  await world.signIn(device)
  const before = await device.sessions.load()
  if (!before) throw new Error('There is no sign-in.')
  expect(await device.sessions.replace(before, { ...before, refreshToken: 'second' })).toBe(true)
  expect(await device.sessions.replace(before, { ...before, refreshToken: 'third' })).toBe(false)
  expect((await device.sessions.load())?.refreshToken).toBe('second')
  await device.sessions.clear((before.sessionId + 1) as SessionId)
  expect((await device.sessions.load())?.refreshToken).toBe('second')
  await device.sessions.clear(before.sessionId)
  expect(await device.sessions.load()).toBeNull()
})

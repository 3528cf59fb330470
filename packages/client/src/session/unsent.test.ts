/** S2: text is never lost, and what somebody took back stays taken back, however a sign-in ends. */
import type { ConversationId } from '@recado/protocol'
import { expect, test } from 'vitest'
import type { Cache } from '../cache/cache.ts'
import type { Client } from '../client-api.ts'
import type { Ports, Tabs, Transport } from '../ports.ts'
import { bodies, type Device, World } from '../testing/world.ts'

const group = 100 as ConversationId
const credentials = { login: 'person1', password: 'password' }

/** What another tab says is not heard here. */
const deaf: Tabs = { post: () => undefined, listen: () => () => undefined }
const cutOff: Transport = {
  openSocket: () => ({ send: () => undefined, close: () => undefined }),
  request: () => Promise.reject(new Error('There is no network.')),
}

async function start(ports: Partial<Ports> = {}) {
  const world = new World()
  for (const id of [group, 101]) world.server.log.createGroup(id, [1, 2])
  const device = world.device(1)
  const client = await world.signIn(device, { ports })
  return { world, device, client }
}

async function startTabs(ports: Partial<Ports> = {}) {
  const started = await start(ports)
  const other = started.world.start(started.device, { ports })
  expect(await other.resumeSession()).toBe(true)
  return { ...started, other }
}

/** Its token has ended and nobody answers it but who signs in, so that signing out tries for a while to renew it. */
async function startUnheard() {
  const world = new World()
  let network: 'up' | 'silent' = 'up'
  const real = world.server.transportOf(1)
  const transport: Transport = {
    openSocket: handlers => (network === 'up' ? real.openSocket(handlers) : cutOff.openSocket(handlers)),
    request: (operation, data, token) =>
      network === 'up' || operation === 'session.create'
        ? real.request(operation, data, token)
        : new Promise(() => undefined),
  }
  world.server.log.createGroup(group, [1, 2])
  const device = world.device(1)
  const client = await world.signIn(device, { ports: { tabs: deaf, transport } })
  network = 'silent'
  await world.cut()
  await world.clock.advance(31 * 60_000)
  return { world, device, client }
}

async function offline(world: World): Promise<void> {
  world.server.network = 'down'
  await world.cut()
}

/** The server no longer knows any session there was. */
async function endSessions(world: World, ids: number[] = [1]): Promise<void> {
  for (const id of ids) world.server.ended.add(id)
  world.server.network = 'up'
  world.server.cut(4502)
  await world.clock.advance(30_000)
}

/** Everything that the person of this device said, as the conversation shows it once all is sent. */
async function said(world: World, client: Client, id = group): Promise<(string | null)[]> {
  await world.caughtUp(client)
  await world.clock.until(() => client.getSnapshot().outbox.waiting === 0)
  return bodies(await world.open(client, id))
}

function write(client: Client, body: string): Promise<string> {
  return client.send({ conversationId: group, body })
}

test('another tab notices the end of the session first: what only this one knew of is kept', async () => {
  const { world, device, client } = await start({ tabs: deaf })
  const other = world.start(device, { ports: { tabs: deaf, transport: cutOff } })
  await other.resumeSession()
  await offline(world)
  await write(client, 'known to the first')
  await write(other, 'known to the other')
  await endSessions(world)
  const again = await world.signIn(device)
  expect(await said(world, again)).toEqual(['known to the first', 'known to the other'])
})

test('both tabs notice the end of the session: nothing is kept twice', async () => {
  const { world, device, client, other } = await startTabs()
  await offline(world)
  await write(client, 'first')
  await write(other, 'second')
  await endSessions(world)
  const again = await world.signIn(device)
  expect(await said(world, again)).toEqual(['first', 'second'])
})

test('text in the memory of a tab whose storage failed is kept when another tab ends the sign-in', async () => {
  const { world, device, client } = await start()
  let broken = false
  const caches = failing(device, name => broken && name.startsWith('recado-1-1'))
  const other = world.start(device, { ports: { caches } })
  await other.resumeSession()
  await offline(world)
  broken = true
  await write(other, 'in memory')
  expect(other.getSnapshot().storage).toBe('memory')
  broken = false
  await endSessions(world)
  const again = await world.signIn(device)
  expect(await said(world, again)).toEqual(['in memory'])
  expect(client.getSnapshot().connection.state).toBe('online')
})

test('where nothing can be stored, text outlives the session in the memory of its tab', async () => {
  const world = new World()
  world.server.log.createGroup(group, [1, 2])
  const device = world.device(1)
  const caches = { ...device.caches, open: () => Promise.reject(new Error('Storage is blocked.')) }
  const client = await world.signIn(device, { ports: { caches } })
  await offline(world)
  await write(client, 'in memory')
  await endSessions(world)
  await world.wait(client.signIn(credentials))
  expect(await said(world, client)).toEqual(['in memory'])
})

test('what was taken back in another tab does not come up again when the session ends', async () => {
  const { world, device, client } = await start({ tabs: deaf })
  await offline(world)
  const entryId = await write(client, 'never mind')
  const other = world.start(device, { ports: { tabs: deaf, transport: cutOff } })
  await other.resumeSession()
  expect(await other.cancel(entryId)).toBe(true)
  await endSessions(world)
  const again = await world.signIn(device)
  expect(await said(world, again)).toEqual([])
})

test('a program that dies while it takes over what was left does not take it over twice', async () => {
  const { world, device, client } = await start()
  await offline(world)
  const entryId = await write(client, 'never mind')
  await endSessions(world)
  // It dies with the text taken over, and still lying where it was taken from.
  let taking = true
  const caches = failing(device, name => taking && name === 'recado-1-unsent', 'hangs')
  const dying = world.start(device, { ports: { caches } })
  void dying.signIn(credentials)
  await world.clock.advance(5_000)
  world.kill(dying)
  taking = false
  world.server.network = 'down'
  const next = await world.resume(withLocksOfTheLiving(device))
  expect(await next.cancel(entryId)).toBe(true)
  await endSessions(world, [1, 101])
  const again = await world.signIn(withLocksOfTheLiving(device))
  expect(await said(world, again)).toEqual([])
})

test('what was taken back after storage had failed does not come up again after a reload', async () => {
  const { world, device, client } = await start()
  await client.close()
  let broken = false
  const caches = failing(device, () => broken, 'fails', 'puts')
  const second = world.start(device, { ports: { caches } })
  await second.resumeSession()
  await offline(world)
  const entryId = await write(second, 'never mind')
  broken = true
  await write(second, 'in memory')
  expect(second.getSnapshot().storage).toBe('memory')
  expect(await second.cancel(entryId)).toBe(true)
  await second.close()
  world.server.network = 'up'
  const again = await world.resume(device)
  expect(await said(world, again)).toEqual([])
})

test('signing in again over a live sign-in keeps what was not sent', async () => {
  const { world, client } = await start()
  world.server.fault = () => 'before'
  await write(client, 'not yet')
  await world.wait(client.signIn(credentials))
  world.server.fault = () => null
  expect(await said(world, client)).toEqual(['not yet'])
})

test('signing in as another person keeps what was not sent for the first, and shows it to nobody else', async () => {
  const { world, client } = await start()
  world.server.fault = () => 'before'
  await write(client, 'of the first')
  await world.wait(client.signIn({ login: 'person2', password: 'password' }))
  world.server.fault = () => null
  expect(client.getSnapshot().me?.id).toBe(2)
  expect(await said(world, client)).toEqual([])
  await world.wait(client.signIn(credentials))
  expect(await said(world, client)).toEqual(['of the first'])
})

test('signing in in another tab carries this one along, with what it had not sent', async () => {
  const { world, device, client } = await start()
  world.server.fault = () => 'before'
  await write(client, 'not yet')
  const other = world.start(device)
  await world.wait(other.signIn(credentials))
  world.server.fault = () => null
  expect(await said(world, client)).toEqual(['not yet'])
  expect(await said(world, other)).toEqual(['not yet'])
  expect(client.getSnapshot().sessionId).toBe(other.getSnapshot().sessionId)
})

test('signing in where nobody looked at the last sign-in keeps what that had not sent', async () => {
  const { world, device, client } = await start()
  await offline(world)
  await write(client, 'not yet')
  await client.close()
  world.server.network = 'up'
  const other = await world.signIn(device)
  expect(await said(world, other)).toEqual(['not yet'])
})

test('signing out leaves alone a sign-in that another tab has made meanwhile', async () => {
  const { world, device, client } = await startUnheard()
  const out = client.signOut({ unsent: 'discard' })
  const other = world.start(device, { ports: { tabs: deaf } })
  await world.wait(other.signIn(credentials))
  expect(await world.wait(out)).toEqual({ signedOut: true })
  expect((await device.sessions.load())?.sessionId).toBe(other.getSnapshot().sessionId)
  await other.close()
  const next = await world.resume(device)
  await world.caughtUp(next)
})

test('what was written after signing out was asked for is kept', async () => {
  const { world, device, client } = await startUnheard()
  const out = client.signOut()
  await world.clock.advance(100)
  await write(client, 'at the last moment')
  expect(await world.wait(out)).toEqual({ signedOut: true })
  world.server.network = 'up'
  const again = await world.signIn(device)
  expect(await said(world, again)).toEqual(['at the last moment'])
})

test('what was thrown away on signing out does not come up again, in no tab', async () => {
  const { world, device, client, other } = await startTabs()
  await offline(world)
  await write(client, 'here')
  await write(other, 'there')
  expect(await world.wait(client.signOut())).toEqual({ signedOut: false, unsent: 2 })
  await world.wait(client.signOut({ unsent: 'discard' }))
  world.server.network = 'up'
  const again = await world.signIn(device)
  expect(await said(world, again)).toEqual([])
  expect(await said(world, other)).toEqual([])
})

test('sending at the moment in which another tab ends the sign-in is refused by a problem, and the text not kept', async () => {
  const { world, device, client } = await start({ tabs: deaf })
  const other = world.start(device, { ports: { tabs: deaf } })
  await other.resumeSession()
  await offline(world)
  const out = client.signOut({ unsent: 'discard' })
  const outcomes: Promise<unknown>[] = []
  for (let at = 0; at < 400; at++) {
    await Promise.resolve()
    outcomes.push(write(other, `text ${at}`).then(String, (error: unknown) => error))
  }
  await world.wait(out)
  await world.clock.advance(1_000)
  const refused = (await Promise.all(outcomes)).filter(outcome => typeof outcome !== 'string')
  expect(refused.length).toBeGreaterThan(0)
  for (const error of refused) expect(error).toMatchObject({ name: 'ProblemError' })
  world.server.network = 'up'
  const again = await world.signIn(device)
  expect(await said(world, again)).toEqual([])
})

test('a cache that the browser takes away loses no text, and the sign-in goes on', async () => {
  const { world, device, client, other } = await startTabs()
  await offline(world)
  await write(client, 'here')
  await write(other, 'there')
  await device.caches.delete('recado-1-1')
  await world.clock.advance(1_000)
  world.server.network = 'up'
  for (const tab of [client, other]) expect(await said(world, tab)).toEqual(['here', 'there'])
})

test('a cache that the browser takes away while the sign-in is being ended loses no text', async () => {
  const { world, device, client } = await start()
  await offline(world)
  await write(client, 'here')
  // Nobody is told: the browser does so later than it deletes.
  const caches = { ...device.caches, open: (name: string) => device.caches.open(name, () => undefined) }
  await client.close()
  const second = world.start(device, { ports: { caches } })
  await second.resumeSession()
  await device.caches.delete('recado-1-1')
  world.server.network = 'up'
  await world.wait(second.signIn(credentials))
  expect(await said(world, second)).toEqual(['here'])
})

/** The caches of a device as one program meets them: they fail, or hang, while a test says so. */
function failing(
  device: Device,
  isFailing: (name: string) => boolean,
  how: 'fails' | 'hangs' = 'fails',
  what: 'all' | 'puts' = 'all',
): Ports['caches'] {
  const fail = () => (how === 'fails' ? Promise.reject(new Error('The disk is broken.')) : new Promise<never>(() => {}))
  return {
    storage: 'durable',
    delete: name => device.caches.delete(name),
    open: async (name, gone) => {
      const cache = await device.caches.open(name, gone)
      const write: Cache['write'] = (stores, work, durability) => {
        if (!isFailing(name)) return cache.write(stores, work, durability)
        if (what === 'all') return fail()
        return cache.write(stores, rows => work({ ...rows, put: fail }), durability)
      }
      return { ...cache, write }
    },
  }
}

/** A browser lets go what a dead tab held. */
function withLocksOfTheLiving(device: Device): Device {
  return { ...device, tabs: new World().device(0).tabs }
}

test('what is thrown away on signing out is not taken over by somebody who signs in meanwhile', async () => {
  const { world, client } = await startUnheard()
  await write(client, 'never mind')
  const out = client.signOut({ unsent: 'discard' })
  const back = client.signIn(credentials)
  expect(await world.wait(out)).toEqual({ signedOut: true })
  await world.wait(back)
  expect(client.getSnapshot().outbox.waiting).toBe(0)
})

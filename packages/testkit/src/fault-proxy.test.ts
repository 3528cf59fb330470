import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { FaultProxy } from './fault-proxy.ts'

interface Wire {
  readonly proxy: FaultProxy
  readonly client: Socket
  readonly server: Socket
}

/** A connection through the proxy, with both its ends. */
async function createWire(): Promise<Wire & AsyncDisposable> {
  await using stack = new AsyncDisposableStack()
  const listener = createServer({ allowHalfOpen: true }, socket => socket.on('error', () => undefined))
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  stack.defer(() => new Promise<void>(resolve => listener.close(() => resolve())))
  const proxy = stack.use(await FaultProxy.listen({ targetPort: (listener.address() as AddressInfo).port }))
  const accepted = once(listener, 'connection')
  const client = connect({ host: '127.0.0.1', port: Number(new URL(proxy.url).port), allowHalfOpen: true })
  stack.defer(() => void client.destroy())
  await once(client, 'connect')
  const [server] = (await accepted) as [Socket]
  stack.defer(() => void server.destroy())
  client.on('error', () => undefined)
  const held = stack.move()
  return { proxy, client, server, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** Resolves once this many bytes have come. */
async function read(socket: Socket, bytes: number): Promise<string> {
  let text = ''
  for await (const [chunk] of on(socket)) {
    text += chunk
    if (text.length >= bytes) return text
  }
  return text
}

async function* on(socket: Socket): AsyncGenerator<[string]> {
  for (;;) {
    const [chunk] = await once(socket, 'data')
    yield [String(chunk)]
  }
}

async function closed(socket: Socket): Promise<'reset' | 'ended'> {
  if (socket.readableEnded) return 'ended'
  return Promise.race([
    once(socket, 'error').then(() => 'reset' as const),
    once(socket.resume(), 'end').then(() => 'ended' as const),
  ]).catch(() => 'reset')
}

test('bytes pass in both directions and in order, however slow the way', async () => {
  await using wire = await createWire()
  wire.proxy.delay(20)
  wire.client.write('one')
  wire.client.write('two')
  expect(await read(wire.server, 6)).toBe('onetwo')
  wire.server.write('three')
  expect(await read(wire.client, 5)).toBe('three')
})

test('what is sent into a stall arrives once it is over', async () => {
  await using wire = await createWire()
  wire.proxy.stall()
  wire.client.write('before')
  // Another connection shows that time has passed: it is accepted and stands still as well.
  const other = connect(Number(new URL(wire.proxy.url).port), '127.0.0.1')
  other.on('error', () => undefined)
  await once(other, 'connect')
  other.destroy()
  expect(wire.server.bytesRead).toBe(0)
  wire.proxy.heal()
  expect(await read(wire.server, 6)).toBe('before')
})

test('a black hole tells nobody and swallows what is sent, until it answers with a reset', async () => {
  await using wire = await createWire()
  wire.proxy.blackHole()
  const end = closed(wire.client)
  wire.client.write('lost')
  wire.proxy.heal()
  await using again = await createWire()
  again.client.write('other')
  expect(await read(again.server, 5)).toBe('other')
  expect(wire.server.bytesRead).toBe(0)
  wire.proxy.forgetDead()
  expect(await end).toBe('reset')
})

test('a cut is an end for both sides, a reset an error', async () => {
  await using wire = await createWire()
  const ends = [closed(wire.client), closed(wire.server)]
  wire.proxy.cut()
  expect(await Promise.all(ends)).toEqual(['ended', 'ended'])
  await using other = await createWire()
  const resets = [closed(other.client), closed(other.server)]
  other.proxy.reset()
  expect(await Promise.all(resets)).toEqual(['reset', 'reset'])
})

test('a torn connection passes on so many bytes and no more', async () => {
  await using wire = await createWire()
  wire.proxy.resetAfter(4)
  const end = once(wire.client, 'error')
  const text = read(wire.client, 4)
  wire.server.write('half of a frame')
  expect(await text).toBe('half')
  await end
})

test('who comes while connections are refused is turned away', async () => {
  await using wire = await createWire()
  wire.proxy.refuse()
  const other = connect(Number(new URL(wire.proxy.url).port), '127.0.0.1')
  expect(await closed(other)).toBe('reset')
  wire.client.write('still there')
  expect(await read(wire.server, 11)).toBe('still there')
})

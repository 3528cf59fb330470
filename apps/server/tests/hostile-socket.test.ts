/** Hostile input on the socket: a typed refusal or a closed connection, and a neighbour who notices nothing. S5, L10. */
import { type ConversationId, closeCodes, limits, operationNames, operations } from '@recado/protocol'
import {
  createPeople,
  newKey,
  openDirect,
  type Person,
  type SocketClient,
  startServer,
  type TestServer,
} from '@recado/testkit'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { examples } from '../src/transport/http/documentation/examples.ts'

let server: TestServer
let attacker: Person
let neighbour: Person
let peer: Person
let direct: ConversationId
/** Connected before any attack; after each it still talks. */
let bystander: SocketClient
beforeAll(async () => {
  server = await startServer({ env: { RECADO_LOG_LEVEL: 'silent' } })
  ;[attacker, neighbour, peer] = await createPeople(server, 3)
  direct = await openDirect(neighbour, peer)
  bystander = await neighbour.connect()
})
afterAll(async () => {
  await bystander[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

let socket: SocketClient
beforeEach(async () => {
  socket = await attacker.connect()
})
afterEach(async () => {
  await socket[Symbol.asyncDispose]()
  await bystander.call('message.send', { conversationId: direct, clientMessageId: newKey(), body: 'still here' })
  expect(await (await fetch(`${server.url}/metrics`)).text()).not.toContain('outcome="internal"')
})

describe('frames', () => {
  const noRequests: readonly string[] = [
    '',
    'hello',
    '{',
    '[]',
    'null',
    '42',
    '"text"',
    '{}',
    '{"op":"account.get"}',
    '{"id":1}',
    '{"id":"1","op":"account.get"}',
    '{"id":-1,"op":"account.get"}',
    '{"id":1.5,"op":"account.get"}',
    '{"id":1e300,"op":"account.get"}',
    '{"id":1e400,"op":"account.get"}',
    '{"id":1,"id":9007199254740992,"op":"account.get"}',
    '{"id":[],"op":"account.get"}',
    '{"id":1,"op":{}}',
    '{"id":1,"op":null}',
    `{"id":1,"op":"${'x'.repeat(65)}"}`,
    `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  ]
  test.each(noRequests.map(text => [text.slice(0, 40), text]))(
    'S5: %s is no request and closes the socket',
    async (_, text) => {
      socket.socket.send(text)
      expect(await socket.untilClosed()).toBe(closeCodes.badFrame.code)
    },
  )

  test('S5: a binary frame closes the socket', async () => {
    socket.socket.send(Buffer.from('{"id":1,"op":"account.get"}'))
    expect(await socket.untilClosed()).toBe(closeCodes.badFrame.code)
  })

  test('S5: text that is no UTF-8 closes the socket', async () => {
    socket.socket.send(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), { binary: false })
    expect(await socket.untilClosed()).toBe(1007)
  })

  test('S5: a frame above the limit closes the socket, in one piece or in many', async () => {
    socket.socket.send(`{"id":1,"op":"account.get","data":"${'x'.repeat(limits.requestBytes)}"}`)
    expect(await socket.untilClosed()).toBe(1009)
    await using slow = await attacker.connect()
    const piece = 'x'.repeat(1024)
    for (let sent = 0; sent <= limits.requestBytes; sent += piece.length) slow.socket.send(piece, { fin: false })
    expect(await slow.untilClosed()).toBe(1009)
  })

  test('L10: a flood of tiny fragments is bounded and harms nobody', async () => {
    for (let sent = 0; sent < 50_000; sent++) socket.socket.send('x', { fin: false })
    socket.socket.send('x', { fin: true })
    expect(await socket.untilClosed()).toBeGreaterThan(1000)
  })

  test('S5: a frame of the protocol that is out of order closes the socket', async () => {
    const stream = (socket.socket as unknown as { _socket: import('node:net').Socket })._socket
    stream.write(Buffer.from([0x80, 0x80, 0, 0, 0, 0]))
    expect(await socket.untilClosed()).toBe(1002)
  })
})

describe('operations', () => {
  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'session', 'message.', 'MESSAGE.SEND', ''])(
    'S5: the operation "%s" does not exist',
    async op => {
      expect(await socket.request(op, {})).toMatchObject({ problem: { code: 'unknown-operation' } })
    },
  )

  test('S5: fields that the contract does not know, prototypes among them, are refused', async () => {
    for (const field of ['__proto__', 'constructor', 'extra']) {
      socket.socket.send(`{"id":${1_000_000},"op":"account.get","data":{"${field}":{"admin":true}}}`)
      const reply = await socket.until(() => socket.replies.get(1_000_000))
      socket.replies.clear()
      expect(reply).toMatchObject({ problem: { code: 'invalid-input' } })
    }
  })

  test('S5: data that is nested deeper than allowed is refused', async () => {
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`
    socket.socket.send(`{"id":7777,"op":"account.get","data":${deep}}`)
    expect(await socket.until(() => socket.replies.get(7777))).toMatchObject({ problem: { code: 'invalid-input' } })
  })

  /** What ends the attacker’s own session would only end the test. */
  const ending = new Set(['session.end', 'session.endOthers', 'session.resume'])
  const names = operationNames.filter(name => operations[name].transport !== 'http' && !ending.has(name))
  const nasty = fc.oneof(
    fc.constantFrom<unknown>(null, -1, 0, 1.5, 2 ** 53, 1e308, '', '\u0000', '\ud800', "';--", [], {}, [[]], {
      $gt: '',
    }),
    fc.string({ maxLength: 50 }),
    fc.integer(),
    fc.jsonValue({ maxDepth: 4 }),
  )
  const requests = fc.constantFrom(...names).chain(op =>
    fc.oneof(
      fc.record({ op: fc.constant(op), data: nasty }),
      fc
        .subarray(Object.keys(examples[op].input), { minLength: 0 })
        .chain(fields => fc.record(Object.fromEntries(fields.map(field => [field, nasty]))))
        .map(changed => ({ op, data: { ...examples[op].input, ...changed } as unknown })),
    ),
  )

  test('S5: whatever is in the fields of whatever operation, no answer is internal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(requests, { minLength: 20, maxLength: 20 }), async batch => {
        const replies = await Promise.all(batch.map(({ op, data }) => socket.request(op, data)))
        for (const [index, reply] of replies.entries()) {
          const code = 'problem' in reply ? reply.problem.code : 'ok'
          expect([batch[index], code]).not.toEqual([batch[index], 'internal'])
        }
      }),
      { numRuns: 60 },
    )
  }, 60_000)
})

describe('too much', () => {
  test('L10: thousands of requests at once are answered or close the socket as flooding', async () => {
    for (let number = 0; number < 20_000; number++) socket.post('people.search', { query: 'a' })
    expect(await socket.untilClosed(20_000)).toBe(closeCodes.flooding.code)
  })

  test('L10: a socket that floods slows its neighbour’s messages by less than two seconds', async () => {
    let flooding = true
    const flood = (async () => {
      while (flooding) {
        await using one = await attacker.connect()
        for (let number = 0; number < 2_000; number++) one.post('conversation.list', {})
        await one.untilClosed(20_000).catch(() => undefined)
      }
    })()
    const slowest = { ms: 0 }
    for (let number = 0; number < 20; number++) {
      const startedAt = performance.now()
      await bystander.call('message.send', { conversationId: direct, clientMessageId: newKey(), body: String(number) })
      slowest.ms = Math.max(slowest.ms, performance.now() - startedAt)
    }
    flooding = false
    await flood
    expect(slowest.ms).toBeLessThan(10_000)
  })

  test('L10: a pipeline of a thousand small reads is answered in full', async () => {
    const replies = await Promise.all(
      Array.from({ length: 1_000 }, () => socket.request('presence.get', { accountIds: [attacker.id] })),
    )
    expect(replies.every(reply => 'result' in reply)).toBe(true)
  })

  test('L10: large sends of one socket wait for each other and are all written', async () => {
    const own = await openDirect(attacker, peer)
    const body = 'x'.repeat(limits.bodyLength)
    const replies = await Promise.all(
      Array.from({ length: 300 }, () =>
        socket.request('message.send', { conversationId: own, clientMessageId: newKey(), body }),
      ),
    )
    expect(replies.filter(reply => 'problem' in reply)).toEqual([])
  })
})

describe('origins', () => {
  const open = (origin?: string) =>
    new Promise<number>((resolve, reject) => {
      const client = new WebSocket(
        `${server.url.replace('http', 'ws')}/v1/socket`,
        origin === undefined ? {} : { origin },
      )
      client.on('open', () => {
        client.terminate()
        resolve(101)
      })
      client.on('unexpected-response', (request, response) => {
        request.destroy()
        resolve(response.statusCode ?? 0)
      })
      client.on('error', reject)
    })

  test('S5: a foreign origin opens no socket; one’s own and none do', async () => {
    expect(await open('https://evil.example')).toBe(403)
    expect(await open('null')).toBe(403)
    expect(await open(`${server.url}.evil.example`)).toBe(403)
    expect(await open(server.url)).toBe(101)
    expect(await open()).toBe(101)
  })
})

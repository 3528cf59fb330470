/** C8, S3: files wait beside their message, go up before it, resume after a cut, can be taken back, and keep the order. */
import { randomBytes } from 'node:crypto'
import { startServer, type TestServer } from '@recado/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTransport } from '../adapters/http-transport.ts'
import { createMemorySessions } from '../adapters/in-process.ts'
import { createMemoryCaches } from '../cache/memory-cache.ts'
import type { Client } from '../client-api.ts'
import { createNodeClient } from '../node.ts'
import type { Ports, Transport } from '../ports.ts'
import type { PendingView } from '../types.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const patience = { timeout: 20_000 }
let people = 0

type Media = NonNullable<Transport['media']>

/** A client whose requests for files pass through `media`. */
async function start(
  media: (ask: Media, ...request: Parameters<Media>) => Promise<Response>,
  kept: Partial<Ports> = {},
) {
  const transport = createTransport(server.url)
  const ask = transport.media as Media
  const ports = {
    ...kept,
    transport: { ...transport, media: (...request: Parameters<Media>) => media(ask, ...request) },
  }
  return createNodeClient({ url: server.url, ports })
}

async function signUp(client: Client) {
  people += 1
  await client.signUp({ username: `sender${people}`, password: 'correct horse', displayName: 'Sender' })
  await client.caughtUp()
  const { id } = await client.createGroup('Files', [])
  const handle = client.conversation(id)
  handle.subscribe(() => undefined)
  const messages = () => handle.getSnapshot().items.flatMap(item => (item.type === 'message' ? [item.message] : []))
  const pending = () => handle.getSnapshot().items.filter((item): item is PendingView => item.type === 'pending')
  return { id, messages, pending }
}

const straight = (ask: Media, ...request: Parameters<Media>) => ask(...request)
const file = (name: string, bytes: number) => ({ name, blob: new Blob([randomBytes(bytes)]) })

test('files go up before their message; what is said after it comes after it', async () => {
  await using client = await start(straight)
  const { id, messages, pending } = await signUp(client)
  const uploaded: number[] = []
  client.conversation(id).subscribe(() => uploaded.push(...pending().map(item => item.uploaded)))
  await client.send({ conversationId: id, body: '', files: [file('a.bin', 700_000), file('ü.bin', 3)] })
  await client.send({ conversationId: id, body: 'after' })
  await vi.waitFor(() => expect(messages()).toHaveLength(2), patience)
  expect(
    messages().map(({ body, attachments = [] }) => [body, attachments.map(({ name, bytes }) => [name, bytes])]),
  ).toEqual([
    [
      '',
      [
        ['a.bin', 700_000],
        ['ü.bin', 3],
      ],
    ],
    ['after', []],
  ])
  expect(uploaded.some(bytes => bytes > 0 && bytes < 700_000)).toBe(true)
})

test('after a cut it goes on from where the server got to', async () => {
  const offsets: string[] = []
  let cuts = 1
  await using client = await start(async (ask, path, request) => {
    if (request.method !== 'PATCH') return await ask(path, request)
    offsets.push(new Headers(request.headers).get('upload-offset') ?? '')
    const response = await ask(path, request)
    if (offsets.length === 2 && cuts-- > 0) throw new Error('the answer was lost')
    return response
  })
  const { id, messages } = await signUp(client)
  await client.send({ conversationId: id, body: 'with a file', files: [file('a.bin', 3_000_000)] })
  await vi.waitFor(() => expect(messages()).toHaveLength(1), patience)
  expect(messages()[0]?.attachments).toMatchObject([{ bytes: 3_000_000 }])
  expect(new Set(offsets).size).toBe(offsets.length)
})

test('taken back while it goes up, it is not sent, its upload is given up, and the next goes on', async () => {
  const [given, begun] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()]
  await using client = await start(async (ask, path, request) => {
    if (request.method === 'DELETE') given.resolve(path)
    if (request.method !== 'PATCH') return await ask(path, request)
    begun.resolve()
    return await new Promise((_resolve, reject) =>
      request.signal?.addEventListener('abort', () => reject(new Error('ended'))),
    )
  })
  const { id, messages, pending } = await signUp(client)
  const entry = await client.send({ conversationId: id, body: 'no', files: [file('a.bin', 10)] })
  await client.send({ conversationId: id, body: 'yes' })
  await vi.waitFor(() => expect(pending()).toHaveLength(2), patience)
  await begun.promise
  expect(await client.cancel(entry)).toBe(true)
  await vi.waitFor(() => expect(messages().map(({ body }) => body)).toEqual(['yes']), patience)
  expect(pending()).toEqual([])
  expect(await given.promise).toMatch(/^[\w-]{22}$/)
})

test('what was not sent when the program ended goes up at the next start', async () => {
  const kept = { caches: createMemoryCaches(), sessions: createMemorySessions() }
  const first = await start(() => Promise.reject(new Error('no network for files')), kept)
  const { id } = await signUp(first)
  await first.send({ conversationId: id, body: 'later', files: [file('a.bin', 1_000)] })
  await first.close()
  await using second = await start(straight, kept)
  await second.resumeSession()
  const handle = second.conversation(id)
  handle.subscribe(() => undefined)
  await vi.waitFor(() => {
    const [item] = handle.getSnapshot().items
    expect(item?.type === 'message' && item.message).toMatchObject({ body: 'later', attachments: [{ bytes: 1_000 }] })
  }, patience)
})

test('a file that the server refuses refuses its message, which keeps its text and says why', async () => {
  await using client = await start(straight)
  const { id, pending } = await signUp(client)
  const broken = { name: 'a.png', blob: new Blob([Buffer.from('89504e470d0a1a0a', 'hex')]) }
  const entry = await client.send({ conversationId: id, body: 'look', files: [broken] })
  await vi.waitFor(() => expect(pending()[0]?.state).toBe('refused'), patience)
  expect(pending()[0]).toMatchObject({
    body: 'look',
    problem: { code: 'attachment-unavailable', detail: 'unreadable-image' },
    files: [{ name: 'a.png' }],
  })
  expect(await client.cancel(entry)).toBe(true)
  await expect(client.send({ conversationId: id, body: '' })).rejects.toMatchObject({
    problem: { code: 'invalid-input' },
  })
})

/** C8: resumable uploads as a tus 1.0.0 client makes them, with their bounds and refusals. */
import { stat } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import type { MediaId, Problem } from '@recado/protocol'
import {
  createPeople,
  createUpload,
  type Person,
  requestMedia,
  sendPart,
  startServer,
  type TestServer,
  uploadFile,
} from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
let ana: Person
let bo: Person
beforeAll(async () => {
  server = await startServer({ env: { RECADO_MEDIA_FILE_MB: '1', RECADO_MEDIA_QUOTA_MB: '2' } })
  ;[ana, bo] = await createPeople(server, 2)
})
afterAll(() => server[Symbol.asyncDispose]())

const content = Buffer.from('All that is gold does not glitter.\n'.repeat(100))
const head = (person: Person, id: MediaId) => requestMedia(person, id, { method: 'HEAD' })

async function offsetOf(person: Person, id: MediaId): Promise<number> {
  const response = await head(person, id)
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('no-store')
  return Number(response.headers.get('upload-offset'))
}

/** Sends the beginning of a part; answers with what cuts the connection. */
async function sendBeginning(person: Person, id: MediaId, part: Uint8Array, announced: number): Promise<() => void> {
  const { hostname, port } = new URL(server.url)
  const headers = {
    authorization: `Bearer ${person.token}`,
    'tus-resumable': '1.0.0',
    'upload-offset': '0',
    'content-type': 'application/offset+octet-stream',
    'content-length': announced,
  }
  const cut = request({ hostname, port, method: 'PATCH', path: `/v1/media/${id}`, headers })
  cut.on('error', () => undefined)
  await new Promise(resolve => cut.write(part, resolve))
  // Until the server has taken it; asking would end the request by itself.
  const file = join(server.dataDir, 'media/uploads', id)
  await expect.poll(async () => (await stat(file).catch(() => null))?.size).toBe(part.length)
  return () => void cut.destroy()
}

test('says what it speaks', async () => {
  const response = await fetch(`${server.url}/v1/media/`, { method: 'OPTIONS' })
  expect(response.status).toBe(204)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'tus-resumable': '1.0.0',
    'tus-version': '1.0.0',
    'tus-extension': 'creation,expiration,termination',
    'tus-max-size': '1000000',
  })
})

test('an upload in parts ends as a file with the type of its content', async () => {
  const id = await createUpload(ana, 'poem.jpg', content.length)
  expect(await ana.call('media.get', { mediaId: id })).toEqual({
    state: 'uploading',
    id,
    offset: 0,
    bytes: content.length,
  })
  expect((await sendPart(ana, id, 0, content.subarray(0, 1_000))).headers.get('upload-offset')).toBe('1000')
  const response = await head(ana, id)
  expect(response.headers.get('upload-length')).toBe(String(content.length))
  expect(Date.parse(response.headers.get('upload-expires') ?? '')).toBeGreaterThan(Date.now() + 23 * 3_600_000)
  const last = await sendPart(ana, id, 1_000, content.subarray(1_000))
  expect([last.status, last.headers.get('upload-offset')]).toEqual([204, String(content.length)])
  await expect.poll(async () => (await ana.call('media.get', { mediaId: id })).state).toBe('ready')
  expect(await ana.call('media.get', { mediaId: id })).toMatchObject({
    attachment: { name: 'poem.jpg', type: 'text/plain', bytes: content.length, width: null },
  })
  expect(await offsetOf(ana, id)).toBe(content.length)
})

test.for(['cut', 'left hanging'])(
  'a part that is %s counts as far as it came, and the next goes on from there',
  async how => {
    const id = await createUpload(ana, 'a.txt', content.length)
    const cut = await sendBeginning(ana, id, content.subarray(0, 2_000), content.length)
    if (how === 'cut') cut()
    expect(await offsetOf(ana, id)).toBe(2_000)
    expect((await sendPart(ana, id, 2_000, content.subarray(2_000))).status).toBe(204)
    await expect.poll(async () => (await ana.call('media.get', { mediaId: id })).state).toBe('ready')
  },
)

test('the same content twice lies on disk once', async () => {
  const one = await uploadFile(ana, 'a.txt', content)
  const two = await uploadFile(bo, 'b.txt', content)
  const variants = await Promise.all(
    [one, two].map(({ id }) => server.running.context.store.media.findVariant(id, 'original')),
  )
  expect(variants[0]?.hash).toBe(variants[1]?.hash)
  expect(one.id).not.toBe(two.id)
})

describe('refuses', () => {
  const refusal = async (response: Response) => [response.status, ((await response.json()) as Problem).code]
  const create = (headers: Readonly<Record<string, string>>) => requestMedia(ana, '', { method: 'POST', headers })

  test('another version of the protocol, whoever asks', async () => {
    const response = await requestMedia(ana, '', {
      method: 'POST',
      headers: { 'tus-resumable': '0.2.2', 'upload-length': '1' },
    })
    expect(response.headers.get('tus-version')).toBe('1.0.0')
    expect(await refusal(response)).toEqual([412, 'unsupported-version'])
  })

  test('who is not signed in', async () => {
    const stranger = { url: server.url, token: 'nobody' }
    expect(
      await refusal(await requestMedia(stranger, '', { method: 'POST', headers: { 'upload-length': '1' } })),
    ).toEqual([401, 'unauthenticated'])
  })

  test.for([undefined, '', '-1', '0', '1.5', 'much', '99999999999999999999'])('a length of %s', async length => {
    expect(await refusal(await create(length === undefined ? {} : { 'upload-length': length }))).toEqual([
      400,
      'invalid-input',
    ])
  })

  test('a file above the bound, and metadata without end', async () => {
    expect(await refusal(await create({ 'upload-length': '1000001' }))).toEqual([413, 'too-large'])
    const metadata = `filename ${'A'.repeat(5_000)}`
    expect(await refusal(await create({ 'upload-length': '1', 'upload-metadata': metadata }))).toEqual([
      400,
      'invalid-input',
    ])
  })

  test('a part for another offset, of another type, or with more than was announced', async () => {
    const id = await createUpload(ana, 'a.txt', 10)
    expect(await refusal(await sendPart(ana, id, 5, Buffer.alloc(5)))).toEqual([409, 'offset-mismatch'])
    const headers = { 'upload-offset': '0', 'content-type': 'application/json' }
    expect((await requestMedia(ana, id, { method: 'PATCH', headers, body: '{}' })).status).toBe(415)
    expect(await refusal(await sendPart(ana, id, 0, Buffer.alloc(20)))).toEqual([413, 'too-large'])
    expect(await offsetOf(ana, id)).toBe(10)
    expect(await refusal(await sendPart(ana, id, 0, Buffer.alloc(10)))).toEqual([409, 'offset-mismatch'])
  })

  test('whoever asks for somebody else’s upload, as if there were none', async () => {
    const id = await createUpload(ana, 'a.txt', 10)
    expect((await head(bo, id)).status).toBe(404)
    expect(await refusal(await sendPart(bo, id, 0, Buffer.alloc(10)))).toEqual([404, 'not-found'])
    expect(await refusal(await requestMedia(bo, id, { method: 'DELETE' }))).toEqual([404, 'not-found'])
    expect((await bo.attempt('media.get', { mediaId: id })).body.code).toBe('not-found')
    expect(await refusal(await requestMedia(bo, 'x', { method: 'DELETE' }))).toEqual([404, 'not-found'])
    expect(await offsetOf(ana, id)).toBe(0)
  })

  test('more than an account may have, until something is cancelled', async () => {
    const ids = [await createUpload(bo, 'a', 990_000), await createUpload(bo, 'b', 990_000)]
    const attempt = () => requestMedia(bo, '', { method: 'POST', headers: { 'upload-length': '20000' } })
    expect(await refusal(await attempt())).toEqual([409, 'quota-reached'])
    expect((await requestMedia(bo, ids[0] ?? '', { method: 'DELETE' })).status).toBe(204)
    expect((await attempt()).status).toBe(201)
    expect((await head(bo, ids[0] as MediaId)).status).toBe(404)
  })
})

/** C8: files in an object storage, as they come, are served and go, and while it fails. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGroup, createPerson, newKey, requestMedia, startServer, uploadReady } from '@recado/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ConfigurationError } from '../src/config.ts'
import { parseS3Address, type S3Address } from '../src/media/s3-address.ts'
import { createS3Contents, StorageRefused } from '../src/media/s3-contents.ts'
import { type ObjectStorage, startObjectStorage } from './object-storage.ts'

let storage: ObjectStorage
let folder: string
beforeAll(async () => {
  storage = await startObjectStorage()
  folder = await mkdtemp(join(tmpdir(), 'recado-files-'))
})
afterAll(async () => {
  await storage?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => {
  storage.objects.clear()
  storage.faults.length = 0
})

const text = Buffer.from('What the tide brings. '.repeat(1_000))
const hash = createHash('sha256').update(text).digest('hex')

function addressOf(url: string): S3Address {
  const address = parseS3Address(url)
  if (address === undefined) throw new Error('this is no address')
  return address
}

describe('contents', () => {
  async function putText(contents = createS3Contents(addressOf(storage.url))) {
    const file = join(folder, 'file')
    await writeFile(file, text)
    await contents.put(hash, file)
    return contents
  }

  test('come, are there, are read in parts and go, whichever way it is repeated', async () => {
    const contents = createS3Contents(addressOf(storage.url))
    expect(await contents.isStored(hash)).toBe(false)
    await putText(contents)
    await putText(contents)
    expect([...storage.objects.keys()]).toEqual([`of/recado/${hash}`])
    expect(await contents.isStored(hash)).toBe(true)
    const part = Buffer.concat(await (await contents.read(hash, { from: 5, to: 20 })).toArray())
    expect(part.toString()).toBe(text.toString().slice(5, 21))
    await contents.remove(hash)
    await contents.remove(hash)
    expect(storage.objects.size).toBe(0)
    await expect(contents.read(hash, { from: 0, to: 1 })).rejects.toThrow('no content')
    await expect(contents.isStored('../secret')).rejects.toThrow('no hash')
  })

  test('are asked for again while the storage fails, and not where it refuses', async () => {
    const contents = createS3Contents(addressOf(storage.url))
    storage.faults.push(500, 503)
    await putText(contents)
    expect(storage.objects.size).toBe(1)
    storage.faults.push(503, 503, 503)
    await expect(contents.isStored(hash)).rejects.toThrow(StorageRefused)
    const before = storage.requests
    const stranger = createS3Contents({ ...addressOf(storage.url), secretAccessKey: 'wrong' })
    await expect(stranger.isStored(hash)).rejects.toMatchObject({ name: 'StorageRefused', status: 403 })
    expect(storage.requests).toBe(before + 1)
  })

  test('that are damaged on the way are not taken', async () => {
    const file = join(folder, 'file')
    await writeFile(file, 'something else')
    await expect(createS3Contents(addressOf(storage.url)).put(hash, file)).rejects.toMatchObject({ status: 403 })
    expect(storage.objects.size).toBe(0)
  })
})

describe('a server', () => {
  test('keeps files there, serves them to who may see them, and says so while the storage is away', async () => {
    await using server = await startServer({ env: { RECADO_S3_URL: storage.url } })
    const ana = await createPerson(server)
    const bo = await createPerson(server)
    const { id } = await uploadReady(ana, 'tide.txt', text)
    expect(storage.objects.get(`of/recado/${hash}`)).toEqual(text)
    const conversationId = await createGroup(ana, [bo])
    await ana.call('message.send', { conversationId, clientMessageId: newKey(), body: '', attachments: [id] })
    const whole = await requestMedia(bo, `${id}/original`)
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(text)
    const part = await requestMedia(bo, `${id}/original`, { headers: { range: 'bytes=10-19' } })
    expect([part.status, await part.text()]).toEqual([206, text.toString().slice(10, 20)])
    expect((await requestMedia(await createPerson(server), `${id}/original`)).status).toBe(404)
    storage.faults.push(500, 500, 500)
    expect((await requestMedia(bo, `${id}/original`)).status).toBe(503)
    // Broken off in the middle, and whole again for whoever asks once more.
    storage.faults.push('cut')
    await expect(requestMedia(bo, `${id}/original`).then(answer => answer.arrayBuffer())).rejects.toThrow()
    expect((await (await requestMedia(bo, `${id}/original`)).arrayBuffer()).byteLength).toBe(text.length)
  })

  test('does not start with a key or a bucket that is refused, and starts while the storage is away', async () => {
    const url = new URL(storage.url)
    url.password = 'wrong'
    const start = (RECADO_S3_URL: string) => startServer({ env: { RECADO_S3_URL } })
    await expect(start(url.href)).rejects.toThrow(ConfigurationError)
    await expect(start(url.href)).rejects.not.toThrow(/wrong/)
    await expect(start(storage.url.replace('/files/', '/other/'))).rejects.toThrow(/404/)
    await using _server = await start('http://key:secret@127.0.0.1:9/files')
  })
})

test.each([
  'https://s3.example.org/bucket',
  'https://key:secret@s3.example.org/',
  'https://key:sec%ret@s3.example.org/bucket',
  'https://key:secret@s3.example.org/bucket?regoin=eu',
  's3://key:secret@bucket',
  'nonsense',
])('%s is no address of a storage', url => {
  expect(parseS3Address(url)).toBe(undefined)
})

/** Files at the store port: their states and bounds, what may hang on a message, who sees it, and what is collected. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { AccountId, Attachment, MediaId } from '@recado/protocol'
import type { Findings, UploadBounds } from '@recado/server/store/media.ts'
import { describe, expect, test } from 'vitest'
import { changeEntry, everythingStored, type StoreBench, sendEntry } from './store-bench.ts'
import type { GetBench } from './store-contract.ts'

const bounds: UploadBounds = { quotaBytes: 1_000, unfinished: 3, keptMs: 60_000 }
export const newId = () => randomBytes(16).toString('base64url') as MediaId
export const newHash = () => randomBytes(32).toString('hex')
const doomedMs = 1_000

export function findings(original = newHash(), preview: string | null = null): Findings {
  const image = { width: 40, height: 30, placeholder: 'x', preview: { hash: preview ?? '', bytes: 7 } }
  const type = preview === null ? 'text/plain' : 'image/png'
  return { type, original: { hash: original, bytes: 5 }, image: preview === null ? null : image }
}

/** Goes through everything that is due until the given moment; answers with what was removed. */
export async function collectAll({ store }: StoreBench, nowMicros: number): Promise<string[]> {
  const removed: string[] = []
  const contents = { remove: async (hash: string) => void removed.push(hash) }
  while (await store.media.collect({ nowMicros, doomedMs, contents }));
  return removed
}

/** Beyond everything that is due now, and beyond what that dooms. */
export async function collectTwice(bench: StoreBench): Promise<string[]> {
  const far = 2 ** 52
  return [...(await collectAll(bench, far)), ...(await collectAll(bench, far + doomedMs * 1_000))]
}

export function testMedia(getBench: GetBench): void {
  describe('files', () => testStates(getBench))
  describe('files on messages', () => testAttaching(getBench))
  describe('files that nobody refers to', () => testCollecting(getBench))
}

export async function upload({ store }: StoreBench, accountId: AccountId, found = findings()): Promise<Attachment> {
  const id = newId()
  await store.media.create({ id, accountId, name: 'a.txt', length: 5 }, bounds)
  await store.media.finishUpload(id)
  expect(await store.media.accept(id, found, everythingStored)).toBe('accepted')
  const row = await store.media.find(id)
  if (row?.state !== 'ready') throw new Error('the file is not ready')
  return row.attachment
}

function testStates(getBench: GetBench): void {
  test('a file is uploaded, inspected and ready, and no step is taken twice', async () => {
    const { store } = getBench()
    const owner = await getBench().person()
    const id = newId()
    expect(await store.media.create({ id, accountId: owner.id, name: 'a.png', length: 9 }, bounds)).toBe('created')
    await store.media.setReceived(id, 4)
    expect(await store.media.find(id)).toMatchObject({
      state: 'uploading',
      received: 4,
      length: 9,
      accountId: owner.id,
    })
    expect(await store.media.finishUpload(id)).toBe(true)
    expect(await store.media.finishUpload(id)).toBe(false)
    await store.media.setReceived(id, 2)
    expect(await store.media.listInspecting(1_000)).toContain(id)
    const found = findings(newHash(), newHash())
    expect(await store.media.accept(id, found, everythingStored)).toBe('accepted')
    await store.media.refuse(id, 'took-too-long')
    const attachment = { id, name: 'a.png', type: 'image/png', bytes: 5, width: 40, height: 30, placeholder: 'x' }
    expect(await store.media.find(id)).toMatchObject({ state: 'ready', attachment })
    expect(await store.media.listInspecting(1_000)).not.toContain(id)
    expect(await store.media.findVariant(id, 'original')).toEqual({
      ...found.original,
      type: 'image/png',
      name: 'a.png',
    })
    expect(await store.media.findVariant(id, 'preview')).toEqual({
      ...found.image?.preview,
      type: 'image/webp',
      name: 'a.png',
    })
  })

  test('a refused file has no content, and content that is not there makes nothing ready', async () => {
    const { store } = getBench()
    const owner = await getBench().person()
    const [refused, missing] = [newId(), newId()]
    for (const id of [refused, missing]) {
      await store.media.create({ id, accountId: owner.id, name: 'a', length: 1 }, bounds)
      await store.media.finishUpload(id)
    }
    await store.media.refuse(refused, 'too-many-pixels')
    expect(await store.media.find(refused)).toMatchObject({ state: 'refused', refusal: 'too-many-pixels' })
    expect(await store.media.findVariant(refused, 'original')).toBe(null)
    const nothing = { ...everythingStored, isStored: async () => false }
    expect(await store.media.accept(missing, findings(), nothing)).toBe('content-missing')
    expect(await store.media.find(missing)).toMatchObject({ state: 'inspecting' })
    expect(await store.media.find(newId())).toBe(null)
  })

  test('an account has so many bytes and so many unfinished uploads; what is refused or cancelled does not count', async () => {
    const { store } = getBench()
    const [owner, other] = await getBench().people(2)
    if (owner === undefined || other === undefined) throw new Error('two people')
    const create = (accountId: AccountId, length: number, id = newId()) =>
      store.media.create({ id, accountId, name: 'a', length }, bounds)
    const [one, two] = [newId(), newId()]
    expect(await create(owner.id, 600, one)).toBe('created')
    expect(await create(owner.id, 401)).toBe('quota-reached')
    expect(await create(owner.id, 400, two)).toBe('created')
    expect(await create(owner.id, 1)).toBe('quota-reached')
    expect(await create(other.id, 1_000)).toBe('created')
    expect(await store.media.cancel(one)).toBe(true)
    expect(await store.media.cancel(one)).toBe(false)
    await store.media.finishUpload(two)
    await store.media.refuse(two, 'unreadable-image')
    for (let count = 0; count < bounds.unfinished; count++) expect(await create(owner.id, 1)).toBe('created')
    expect(await create(owner.id, 1)).toBe('too-many')
  })
}

function testAttaching(getBench: GetBench): void {
  test('files hang on a message in their order, in history and in events; a deletion takes them off', async () => {
    const bench = getBench()
    const { store } = bench
    const [author, reader] = await bench.people(2)
    if (author === undefined || reader === undefined) throw new Error('two people')
    const group = await bench.group(author, reader)
    const files = [await upload(bench, author.id, findings(newHash(), newHash())), await upload(bench, author.id)]
    const sequence = await bench.send(group, author, { body: '', attachments: files })
    const plain = await bench.send(group, author)
    const { items } = await store.readHistory({ conversationId: group, visibleFrom: 0, from: 'newest', limit: 2 })
    expect(items.map(message => message.attachments)).toEqual([files, undefined])
    const { items: events } = await store.readEvents(group, sequence - 1, 2)
    expect(events.map(event => event.kind === 'message.created' && event.data.message.attachments)).toEqual([
      files,
      undefined,
    ])
    expect((await store.findMessage(group, plain))?.attachments).toBe(undefined)
    await bench.append(changeEntry('delete', { conversationId: group, target: sequence }, author))
    expect((await store.findMessage(group, sequence))?.attachments).toBe(undefined)
    for (const { id } of files) expect(await store.media.findSights(id, reader.id)).toEqual([])
  })

  test('L3: files that are not there, not one’s own or not ready refuse the message, and a retry is known all the same', async () => {
    const bench = getBench()
    const [author, other] = await bench.people(2)
    if (author === undefined || other === undefined) throw new Error('two people')
    const group = await bench.group(author, other)
    const own = await upload(bench, author.id)
    const refused = { outcome: 'refused', code: 'attachment-unavailable' }
    const attempts = [
      [{ ...own, id: newId() }],
      [own, { ...own, id: newId() }],
      [await upload(bench, other.id)],
      [await bench.file(author, randomUUID(), 'uploading')],
    ]
    const before = await bench.store.findConversationView(group, author.id)
    for (const attachments of attempts) {
      expect(await bench.append(sendEntry(group, author, { attachments }))).toEqual([refused])
    }
    expect((await bench.store.findConversationView(group, author.id))?.head).toEqual(before?.head)
    const entry = sendEntry(group, author, { attachments: [own], key: 'once' })
    expect(await bench.append(entry)).toMatchObject([{ outcome: 'appended' }])
    expect(await bench.append({ ...entry, attachments: [{ ...own, id: newId() }] })).toMatchObject([
      { outcome: 'known' },
    ])
  })

  test('what is forwarded brings its files, whoever uploaded them', async () => {
    const bench = getBench()
    const [author, other] = await bench.people(2)
    if (author === undefined || other === undefined) throw new Error('two people')
    const [group, elsewhere] = [await bench.group(author, other), await bench.group(other)]
    const file = await upload(bench, author.id)
    await bench.send(group, author, { attachments: [file] })
    const sequence = await bench.send(elsewhere, other, { attachments: [file], forwardedFrom: author.id })
    expect((await bench.store.findMessage(elsewhere, sequence))?.attachments).toEqual([file])
  })

  test('L8: a file is seen by members from where they see its message on, through any message that refers to it', async () => {
    const bench = getBench()
    const { store } = bench
    const [author, reader, later] = await bench.people(3)
    if (author === undefined || reader === undefined || later === undefined) throw new Error('three people')
    const group = await bench.group(author, reader)
    const file = await upload(bench, author.id)
    const first = await bench.send(group, author, { attachments: [file] })
    expect(await store.media.findSights(file.id, reader.id)).toEqual([
      { by: 'message', sequence: first, visibleFrom: 0 },
    ])
    const joined = await bench.add(group, author, later)
    expect(await store.media.findSights(file.id, later.id)).toEqual([
      { by: 'message', sequence: first, visibleFrom: joined },
    ])
    const again = await bench.send(group, author, { attachments: [file] })
    expect(await store.media.findSights(file.id, later.id)).toEqual([
      { by: 'message', sequence: again, visibleFrom: joined },
    ])
    await bench.remove(group, reader)
    expect(await store.media.findSights(file.id, reader.id)).toEqual([])
    expect(await store.media.findReady([file.id, newId()], author.id)).toEqual([file])
    expect(await store.media.findReady([file.id], later.id)).toEqual([])
  })
}

function testCollecting(getBench: GetBench): void {
  test('what hangs on a message stays; once it is deleted the content goes, unless another file has the same', async () => {
    const bench = getBench()
    const { store } = bench
    await collectTwice(bench)
    const author = await bench.person()
    const group = await bench.group(author)
    const [common, alone, preview] = [newHash(), newHash(), newHash()]
    const kept = await upload(bench, author.id, findings(common))
    const [same, own] = [
      await upload(bench, author.id, findings(common)),
      await upload(bench, author.id, findings(alone, preview)),
    ]
    await bench.send(group, author, { attachments: [kept] })
    const sequence = await bench.send(group, author, { attachments: [same, own] })
    expect(await collectTwice(bench)).toEqual([])
    await bench.append(changeEntry('delete', { conversationId: group, target: sequence }, author))
    expect((await collectTwice(bench)).sort()).toEqual([alone, preview].sort())
    expect(await store.media.find(kept.id)).toMatchObject({ state: 'ready' })
    for (const { id } of [same, own]) expect(await store.media.find(id)).toBe(null)
  })

  test('what was never sent is doomed, taken up by no message any more, and goes; an unfinished upload goes at once', async () => {
    const bench = getBench()
    const { store } = bench
    await collectTwice(bench)
    const author = await bench.person()
    const group = await bench.group(author)
    const file = await upload(bench, author.id)
    const unfinished = await bench.file(author, randomUUID(), 'uploading')
    const far = 2 ** 52
    expect(await collectAll(bench, far)).toEqual([])
    expect(await store.media.find(unfinished.id)).toBe(null)
    expect(await store.media.find(file.id)).toMatchObject({ state: 'doomed' })
    expect(await store.media.findReady([file.id], author.id)).toEqual([])
    expect(await bench.append(sendEntry(group, author, { attachments: [file] }))).toMatchObject([
      { outcome: 'refused', code: 'attachment-unavailable' },
    ])
    expect(await collectAll(bench, far + doomedMs * 1_000)).toHaveLength(1)
    expect(await store.media.find(file.id)).toBe(null)
  })

  test('a cancelled file that is ready goes unless it was sent; what is given up while it is looked at leaves nothing', async () => {
    const bench = getBench()
    const { store } = bench
    await collectTwice(bench)
    const author = await bench.person()
    const group = await bench.group(author)
    const [sent, unsent] = [await upload(bench, author.id), await upload(bench, author.id)]
    await bench.send(group, author, { attachments: [sent] })
    expect(await store.media.cancel(sent.id)).toBe(false)
    expect(await store.media.cancel(unsent.id)).toBe(true)
    const id = newId()
    await store.media.create({ id, accountId: author.id, name: 'a', length: 1 }, bounds)
    await store.media.finishUpload(id)
    expect(await store.media.cancel(id)).toBe(true)
    expect(await collectAll(bench, 1)).toEqual([])
    const removed: string[] = []
    const found = findings()
    const contents = { ...everythingStored, remove: async (hash: string) => void removed.push(hash) }
    expect(await store.media.accept(id, found, contents)).toBe('gone')
    expect(removed).toEqual([found.original.hash])
    expect(await store.media.find(sent.id)).toMatchObject({ state: 'ready' })
    expect(await store.media.find(unsent.id)).toMatchObject({ state: 'doomed' })
  })
}

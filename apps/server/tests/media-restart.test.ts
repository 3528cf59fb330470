/** C8: what a killed server had not looked at is looked at by the next, and what nobody refers to leaves the disk. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MediaId } from '@recado/protocol'
import type { Contents } from '@recado/server/media/contents.ts'
import { createGroup, createPerson, createTestDatabase, newKey, startServer, uploadReady } from '@recado/testkit'
import { expect, test } from 'vitest'

const content = Buffer.from('The road goes ever on and on.')

test('an upload that was whole when the server was killed becomes a file at the next start', async () => {
  await using database = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'recado-files-'))
  await using owned = new AsyncDisposableStack()
  owned.defer(() => rm(folder, { recursive: true }))
  const options = { database, env: { RECADO_DATA_DIR: folder } }
  const id = randomBytes(16).toString('base64url') as MediaId
  const person = await (async () => {
    await using server = await startServer(options)
    const somebody = await createPerson(server)
    // As the last part leaves it when the process dies before it is looked at.
    const { media } = server.running.context.store
    const bounds = { quotaBytes: 1_000, unfinished: 10, keptMs: 60_000 }
    await media.create({ id, accountId: somebody.id, name: 'a.txt', length: content.length }, bounds)
    await media.finishUpload(id)
    await writeFile(join(folder, 'media/uploads', id), content)
    return somebody
  })()
  await using server = await startServer(options)
  const { media } = server.running.context.store
  await expect.poll(async () => (await media.find(id))?.state).toBe('ready')
  expect(await media.find(id)).toMatchObject({ accountId: person.id, attachment: { bytes: content.length } })
  await expect.poll(() => readdir(join(folder, 'media/uploads'))).toEqual([])
})

test('what hung on a deleted message leaves the disk; the same content on another stays', async () => {
  await using server = await startServer()
  const ana = await createPerson(server)
  const group = await createGroup(ana, [])
  const { store, media } = server.running.context
  const contents = media.contents as Contents
  const files = [await uploadReady(ana, 'a.txt', content), await uploadReady(ana, 'b.txt', content)]
  const hash = (await store.media.findVariant(files[0]?.id as MediaId, 'original'))?.hash ?? ''
  const sent: number[] = []
  for (const { id } of files) {
    const data = { conversationId: group, clientMessageId: newKey(), body: '', attachments: [id] }
    sent.push((await ana.call('message.send', data)).sequence)
  }
  const erase = async (sequence: number) => {
    await ana.call('message.delete', { conversationId: group, sequence, key: newKey() })
    while (await store.media.collect({ nowMicros: Date.now() * 1_000, doomedMs: 0, contents }));
  }
  await erase(sent[0] as number)
  expect(await contents.isStored(hash)).toBe(true)
  await erase(sent[1] as number)
  expect(await contents.isStored(hash)).toBe(false)
  expect(await uploadReady(ana, 'c.txt', content)).toMatchObject({ bytes: content.length })
  expect(await contents.isStored(hash)).toBe(true)
})

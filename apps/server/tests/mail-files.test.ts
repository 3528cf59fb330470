/** M1, C8: files of mails and drafts over the wire: sent, forwarded, shown, and served to who has the mail and to nobody else. */
import { type Attachment, limits, type MailId, type MediaId } from '@recado/protocol'
import {
  createPeople,
  createUpload,
  newKey,
  type Person,
  pastTheServer,
  requestMedia,
  startServer,
  type TestServer,
  uploadReady,
} from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inbox, to, untilSent, update, write } from './mail-people.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const text = Buffer.from('The road goes ever on and on.')

async function statusOf(person: Person, { id }: Pick<Attachment, 'id'>): Promise<number> {
  const response = await requestMedia(person, `${id}/original`)
  await response.arrayBuffer()
  return response.status
}

function saveDraft(person: Person, draftId: string, base: number, files: readonly { readonly id: MediaId }[]) {
  const mediaIds = files.map(({ id }) => id)
  return person.call('draft.save', { draftId, base, to: [], cc: [], bcc: [], subject: '', html: '', mediaIds })
}

/** Makes every check due and goes through all of them, twice: what the first pass dooms, the second takes. */
async function collect(): Promise<void> {
  const { store, media } = server.running.context
  const contents = { remove: async () => void media }
  for (const nowMicros of [2 ** 52, 2 ** 52 + 1_000_000]) {
    while (await store.media.collect({ nowMicros, doomedMs: 1, contents }));
  }
}

describe('a mail with files', () => {
  test('L8: arrives with them, and they are served to who has it: a blind copy, in the trash, and nobody else', async () => {
    const [ana, bo, cy, eve] = await createPeople(server, 4)
    const files = [await uploadReady(ana, 'road.txt', text), await uploadReady(ana, 'other.txt', Buffer.from('x'))]
    const mediaIds = files.map(({ id }) => id)
    for (const person of [ana, bo]) expect(await statusOf(person, files[0] as Attachment)).toBe(404)
    const sent = await write(ana, { to: to(bo), bcc: to(cy), mediaIds, text: '' })
    expect(sent.attachmentCount).toBe(2)
    await untilSent(ana, sent.id)
    await update(cy, [sent.id], { folder: 'trash' })
    for (const person of [ana, bo, cy]) {
      expect((await person.call('mail.get', { mailId: sent.id })).attachments).toEqual(files)
      for (const file of files) expect(await statusOf(person, file)).toBe(200)
    }
    const { items } = await bo.call('mailbox.list', { folder: 'inbox' })
    expect(items).toMatchObject([{ attachmentCount: 2 }])
    expect(items[0]).not.toHaveProperty('attachments')
    const { token } = await bo.call('media.getToken', {})
    expect((await fetch(`${server.url}/v1/media/${files[0]?.id}/original?token=${token}`)).status).toBe(200)
    for (const file of files) expect(await statusOf(eve, file)).toBe(404)
  })

  test('L8: a held or cancelled mail shows them to its author alone', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const file = await uploadReady(ana, 'road.txt', text)
    const held = await write(ana, { to: to(bo), mediaIds: [file.id], undoSeconds: 60 })
    expect([await statusOf(ana, file), await statusOf(bo, file)]).toEqual([200, 404])
    await ana.call('mail.cancel', { mailId: held.id, key: newKey() })
    expect([await statusOf(ana, file), await statusOf(bo, file)]).toEqual([200, 404])
  })

  test('L3: a retry is answered by the first, also when its file is gone since; other files are another mail', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const [one, two] = [await uploadReady(ana, '1.txt', text), await uploadReady(ana, '2.txt', text)]
    const letter = { clientMessageId: newKey(), to: to(bo), mediaIds: [one.id] }
    const { id } = await write(ana, letter)
    await pastTheServer(server, client => client.query(`update media set state = 'doomed' where id = $1`, [one.id]))
    expect((await write(ana, letter)).id).toBe(id)
    for (const mediaIds of [[], [two.id], [one.id, two.id]]) {
      await expect(write(ana, { ...letter, mediaIds })).rejects.toMatchObject({ code: 'key-reused' })
    }
  })

  test('files that are not there, not ready or not one’s own to send refuse the mail, and nothing is sent', async () => {
    const [ana, bo, eve] = await createPeople(server, 3)
    const own = await uploadReady(ana, 'road.txt', text)
    const foreign = await uploadReady(eve, 'secret.txt', text)
    const unfinished = await createUpload(ana, 'a.txt', 10)
    const absent = 'AAAAAAAAAAAAAAAAAAAAAA' as MediaId
    for (const bad of [foreign.id, unfinished, absent]) {
      const refused = { code: 'attachment-unavailable' }
      await expect(write(ana, { to: to(bo), mediaIds: [own.id, bad] })).rejects.toMatchObject(refused)
      await expect(saveDraft(ana, 'draft', 0, [{ id: bad }])).rejects.toMatchObject(refused)
    }
    const many = Array.from({ length: limits.attachmentsPerMail + 1 }, (_, index) => `${'A'.repeat(21)}${index % 10}`)
    for (const mediaIds of [[own.id, own.id], many as MediaId[], ['../../etc/passwd' as MediaId]]) {
      await expect(write(ana, { to: to(bo), mediaIds })).rejects.toMatchObject({ code: 'invalid-input' })
    }
    expect(await inbox(bo)).toEqual([])
    expect((await ana.call('draft.list', {})).items).toEqual([])
    expect(await statusOf(ana, foreign)).toBe(404)
  })

  test('M4: who may see a mail passes its files on, and who got them passes them on again', async () => {
    const [ana, bo, cy, eve] = await createPeople(server, 4)
    const file = await uploadReady(ana, 'road.txt', text)
    const refused = { code: 'attachment-unavailable' }
    await write(ana, { to: to(bo), mediaIds: [file.id], undoSeconds: 60 })
    await expect(write(bo, { to: to(cy), mediaIds: [file.id] })).rejects.toMatchObject(refused)
    const first = await write(ana, { to: to(bo), mediaIds: [file.id] })
    await untilSent(ana, first.id)
    const passed = await write(bo, { to: to(cy), mediaIds: [file.id] })
    await untilSent(bo, passed.id)
    expect(await statusOf(cy, file)).toBe(200)
    await saveDraft(cy, 'draft', 0, [file])
    await expect(write(eve, { to: to(cy), mediaIds: [file.id] })).rejects.toMatchObject(refused)
  })
})

describe('a draft with files', () => {
  test('shows them to its writer on every device, and to nobody else', async () => {
    const [ana, bo] = await createPeople(server, 2)
    await using phone = await ana.connect()
    const file = await uploadReady(ana, 'road.txt', text)
    await saveDraft(ana, 'draft', 0, [file])
    await phone.until(() => phone.events(ana.id).some(event => event.kind === 'draft.changed'))
    const [told] = phone.events(ana.id).filter(event => event.kind === 'draft.changed')
    expect(told).toMatchObject({ data: { draft: { attachments: [file] } } })
    expect((await ana.call('draft.get', { draftId: 'draft' })).attachments).toEqual([file])
    expect([await statusOf(ana, file), await statusOf(bo, file)]).toEqual([200, 404])
  })

  test('keeps them while it names them, the mail that it becomes keeps them on, and what nobody names goes', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const [sent, dropped, discarded] = [
      await uploadReady(ana, 'sent.txt', text),
      await uploadReady(ana, 'dropped.txt', text),
      await uploadReady(ana, 'discarded.txt', text),
    ]
    const { version } = await saveDraft(ana, 'a', 0, [sent, dropped])
    await saveDraft(ana, 'b', 0, [discarded])
    await collect()
    for (const file of [sent, dropped, discarded]) expect(await statusOf(ana, file)).toBe(200)
    await saveDraft(ana, 'a', version, [sent])
    await write(ana, { to: to(bo), draftId: 'a', mediaIds: [sent.id] })
    await ana.call('draft.delete', { draftId: 'b' })
    expect(await statusOf(ana, discarded)).toBe(404)
    await collect()
    expect(await statusOf(ana, sent)).toBe(200)
    for (const { id: mediaId } of [dropped, discarded]) {
      expect((await ana.attempt('media.get', { mediaId })).body.code).toBe('not-found')
    }
  })

  test('L8: somebody else’s upload, and what lies in somebody else’s draft, is in none of one’s own', async () => {
    const [ana, eve] = await createPeople(server, 2)
    const [own, secret] = [await uploadReady(ana, 'own.txt', text), await uploadReady(eve, 'secret.txt', text)]
    const unsent = await uploadReady(eve, 'unsent.txt', text)
    await saveDraft(eve, 'eve', 0, [secret])
    const { version } = await saveDraft(ana, 'draft', 0, [own])
    for (const file of [secret, unsent]) {
      const answer = await ana.attempt('draft.save', {
        ...{ draftId: 'draft', base: version, to: [], cc: [], bcc: [], subject: '', html: '' },
        mediaIds: [own.id, file.id],
      })
      expect(answer.body).toMatchObject({ code: 'attachment-unavailable', errors: [{ path: '/mediaIds/1' }] })
      expect(answer.body.errors).toHaveLength(1)
      expect(await statusOf(ana, file)).toBe(404)
    }
    expect(await ana.call('draft.get', { draftId: 'draft' })).toMatchObject({ version, attachments: [own] })
    expect((await ana.attempt('draft.get', { draftId: 'eve' })).body.code).toBe('not-found')
    expect(await statusOf(eve, secret)).toBe(200)
  })

  test('what is given up while a draft names it stays', async () => {
    const [ana] = await createPeople(server, 1)
    const file = await uploadReady(ana, 'road.txt', text)
    await saveDraft(ana, 'draft', 0, [file])
    await requestMedia(ana, file.id, { method: 'DELETE' })
    await collect()
    expect(await statusOf(ana, file)).toBe(200)
  })
})

describe('a draft with files, at once with something else', () => {
  test('saved twice at once with different files, it has those of one, and the other is told', async () => {
    const [ana] = await createPeople(server, 1)
    const files = [await uploadReady(ana, 'one.txt', text), await uploadReady(ana, 'two.txt', text)]
    const { version } = await saveDraft(ana, 'draft', 0, [])
    const saves = await Promise.allSettled(files.map(file => saveDraft(ana, 'draft', version, [file])))
    const saved = files.filter((_, index) => saves[index]?.status === 'fulfilled')
    expect(saved).toHaveLength(1)
    expect(saves.find(save => save.status === 'rejected')).toMatchObject({ reason: { code: 'draft-changed' } })
    const { attachments, version: now } = await ana.call('draft.get', { draftId: 'draft' })
    expect(attachments).toEqual(saved)
    // Put together, both are in it.
    await saveDraft(ana, 'draft', now, files)
    await collect()
    expect((await ana.call('draft.get', { draftId: 'draft' })).attachments).toEqual(files)
    for (const file of files) expect(await statusOf(ana, file)).toBe(200)
  })

  test('discarded while a file goes up, it does not come back with it, and the file goes', async () => {
    const [ana] = await createPeople(server, 1)
    const { version } = await saveDraft(ana, 'draft', 0, [])
    const upload = await createUpload(ana, 'late.txt', text.length)
    await ana.call('draft.delete', { draftId: 'draft' })
    const headers = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
    await requestMedia(ana, upload, { method: 'PATCH', headers, body: text })
    await ana.call('media.get', { mediaId: upload })
    await expect(saveDraft(ana, 'draft', version, [{ id: upload }])).rejects.toMatchObject({ code: 'draft-gone' })
    await collect()
    expect((await ana.attempt('media.get', { mediaId: upload })).body.code).toBe('not-found')
  })

  test('sent while a file goes up, the mail is refused and the draft stays; with the file there, it goes', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const [there, upload] = [
      await uploadReady(ana, 'there.txt', text),
      await createUpload(ana, 'late.txt', text.length),
    ]
    await saveDraft(ana, 'draft', 0, [there])
    const letter = { clientMessageId: newKey(), to: to(bo), draftId: 'draft', mediaIds: [there.id, upload] }
    await expect(write(ana, letter)).rejects.toMatchObject({ code: 'attachment-unavailable' })
    expect((await ana.call('draft.get', { draftId: 'draft' })).attachments).toEqual([there])
    const headers = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
    await requestMedia(ana, upload, { method: 'PATCH', headers, body: text })
    expect(await ana.call('media.get', { mediaId: upload })).toMatchObject({ state: 'ready' })
    const { id } = await write(ana, letter)
    expect((await ana.call('mail.get', { mailId: id })).attachments.map(file => file.name)).toEqual([
      'there.txt',
      'late.txt',
    ])
    expect((await ana.call('draft.list', {})).items).toEqual([])
    await collect()
    expect(await statusOf(ana, { id: upload })).toBe(200)
  })

  test('what one device took out is taken up again by another that still names it, but by nobody else', async () => {
    const [ana, eve] = await createPeople(server, 2)
    const file = await uploadReady(ana, 'road.txt', text)
    const { version } = await saveDraft(ana, 'draft', 0, [file])
    await saveDraft(ana, 'draft', version, [])
    const { store, media } = server.running.context
    const nowMicros = (Date.now() + 3_600_000) * 1_000
    const request = { nowMicros, doomedMs: 600_000, contents: { remove: async () => void media } }
    while (await store.media.collect(request));
    expect(await store.media.find(file.id)).toMatchObject({ state: 'doomed' })
    await expect(saveDraft(eve, 'draft', 0, [file])).rejects.toMatchObject({ code: 'attachment-unavailable' })
    await saveDraft(ana, 'copy', 0, [file])
    await collect()
    expect((await ana.call('draft.get', { draftId: 'copy' })).attachments).toEqual([file])
    expect(await statusOf(ana, file)).toBe(200)
  })
})

test('M9: the REST mail API says nothing of files, and its messages are as they were', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const file = await uploadReady(ana, 'road.txt', text)
  const { id } = await write(ana, { to: to(bo), mediaIds: [file.id] })
  await untilSent(ana, id as MailId)
  const response = await fetch(`${server.url}/messages/inbox/`, { headers: { authorization: `Bearer ${bo.token}` } })
  const [message] = (await response.json()) as object[]
  expect(Object.keys(message ?? {}).sort()).toEqual(
    ['body', 'id', 'is_read', 'recipient_id', 'sender_id', 'sender_username', 'timestamp', 'title'].sort(),
  )
})

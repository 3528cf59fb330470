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

  test('what is given up while a draft names it stays', async () => {
    const [ana] = await createPeople(server, 1)
    const file = await uploadReady(ana, 'road.txt', text)
    await saveDraft(ana, 'draft', 0, [file])
    await requestMedia(ana, file.id, { method: 'DELETE' })
    await collect()
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

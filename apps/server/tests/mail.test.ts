/** M1–M5, M8: what is sent, to whom, who sees what of it, and what a mailbox shows, over the wire. */
import type { MailId } from '@recado/protocol'
import {
  createGroup,
  createPeople,
  newKey,
  type Person,
  pastTheServer,
  startServer,
  type TestServer,
} from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inbox, mailEvents, to, untilSent, update, write } from './mail-people.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const statusesOf = async (author: Person, mailId: MailId) => (await author.call('delivery.list', { mailId })).items

describe('sending', () => {
  test('M1: a mail is live in the inbox of its recipients and among what its author sent', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    await using phone = await ana.connect()
    await using other = await bo.connect()
    const sent = await write(ana, { to: to(bo), cc: to(cy), subject: 'Olá', text: 'Bom dia\n\n– Ana' })
    expect(sent).toMatchObject({ threadId: sent.id, state: 'released', subject: 'Olá', preview: 'Bom dia – Ana' })
    await other.until(() => mailEvents(other, bo).length === 1)
    const [arrived] = mailEvents(other, bo)
    expect(arrived).toMatchObject({
      kind: 'mail.arrived',
      data: { mailId: sent.id, unread: { count: 1, version: arrived?.sequence } },
    })
    const [listed] = (await bo.call('mailbox.list', { folder: 'inbox' })).items
    expect(arrived?.data.mail).toEqual(listed)
    expect(listed).toMatchObject({ authorId: ana.id, statuses: null, entry: { folder: 'inbox', read: false } })
    const mail = await bo.call('mail.get', { mailId: sent.id })
    expect(mail).toMatchObject({ text: 'Bom dia\n\n– Ana', html: null, recipientCount: 2 })
    await phone.until(() => phone.frames('deliveries').some(frame => frame.statuses.sent === 2))
    expect((await ana.call('mailbox.list', { folder: 'sent' })).items).toMatchObject([
      { id: sent.id, statuses: { queued: 0, sent: 2 }, entry: { folder: 'sent', read: true, received: false } },
    ])
    expect(await inbox(ana)).toEqual([])
  })

  test('L3: repeating a send is answered by the first and sends nothing again; other content is a problem', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const letter = { clientMessageId: newKey(), to: to(bo), bcc: to(ana) }
    const answers = await Promise.all(Array.from({ length: 20 }, () => write(ana, letter)))
    expect(new Set(answers.map(answer => answer.id)).size).toBe(1)
    await untilSent(ana, answers[0]?.id as MailId)
    expect([(await inbox(bo)).length, (await inbox(ana)).length]).toEqual([1, 1])
    await expect(write(ana, { ...letter, text: 'other' })).rejects.toMatchObject({ code: 'key-reused' })
    await expect(write(ana, { ...letter, undoSeconds: 1 })).rejects.toMatchObject({ code: 'key-reused' })
    // The key is looked up before anything else is judged: the reply's own answer stands though its text is gone.
    expect((await write(ana, letter)).id).toBe(answers[0]?.id)
    expect((await inbox(bo)).length).toBe(1)
  })

  test('M1: an unknown recipient is named, wherever it stands, and nothing is sent to the others', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    const foreign = await createGroup(cy, [])
    const nobody = { accountId: 999_999_999 as Person['id'] }
    const letter = {
      to: [...to(bo), nobody],
      cc: [{ conversationId: foreign }],
      bcc: [...to(cy), { address: 'eva@example.org' }, { conversationId: ana.id as never }],
    }
    const refused = await write(ana, letter).catch(error => error.problem)
    expect(refused).toMatchObject({ code: 'unknown-recipient', status: 404 })
    const paths = refused.errors.map((error: { path: string }) => error.path)
    expect(paths).toEqual(['/to/1', '/cc/0', '/bcc/1', '/bcc/2'])
    // A group that one is not in is answered like one that is not there.
    expect(refused.errors[1].message).toBe(refused.errors[3].message)
    expect(await inbox(bo)).toEqual([])
    expect((await ana.call('mailbox.list', { folder: 'sent' })).items).toEqual([])
    await expect(write(ana, { to: [] })).rejects.toMatchObject({ code: 'invalid-input' })
    expect((await write(ana, { to: to(bo), bcc: to(cy) })).recipientCount).toBe(2)
  })

  test('a mail to oneself is received, one through a group is not: its author is left out', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const group = await createGroup(ana, [bo])
    const own = await write(ana, { to: to(ana), subject: '', text: '' })
    const toGroup = await write(ana, { to: [{ conversationId: group }] })
    await untilSent(ana, own.id)
    await untilSent(ana, toGroup.id)
    expect([await inbox(ana), await inbox(bo)]).toEqual([[own.id], [toGroup.id]])
    const mail = await bo.call('mail.get', { mailId: toGroup.id })
    expect(mail.recipients).toEqual([
      { mode: 'to', accountId: null, conversationId: group, name: 'A group', address: null },
    ])
    expect(await statusesOf(ana, toGroup.id)).toMatchObject([{ accountId: bo.id, via: group, status: 'sent' }])
  })
})

describe('sight', () => {
  test('L8: who neither wrote nor received a mail learns nothing of it and changes nothing', async () => {
    const [ana, bo, eve] = await createPeople(server, 3)
    const { id: mailId } = await write(ana, { to: to(bo) })
    await untilSent(ana, mailId)
    const attempts = {
      'mail.get': { mailId },
      'thread.get': { threadId: mailId },
      'delivery.list': { mailId },
      'mail.cancel': { mailId, key: newKey() },
      'mailbox.update': { mailIds: [mailId], key: newKey(), folder: 'trash' },
      'mail.send': { clientMessageId: newKey(), to: to(eve), subject: '', text: '', inReplyTo: mailId },
    }
    const before = await bo.call('mail.get', { mailId })
    for (const [op, data] of Object.entries(attempts)) {
      expect([op, (await eve.attempt(op, data)).body.code]).toEqual([op, 'not-found'])
    }
    const mailOf = { ...attempts['mailbox.update'], mailIds: [mailId, (await write(eve, { to: to(eve) })).id] }
    expect((await eve.attempt('mailbox.update', mailOf)).body.code).toBe('not-found')
    expect(await bo.call('mail.get', { mailId })).toEqual(before)
    expect((await eve.call('mailbox.list', { folder: 'trash' })).items).toEqual([])
    // A recipient reads it and answers it, but has no say over it and learns no statuses.
    expect((await bo.attempt('mail.get', { mailId })).status).toBe(200)
    for (const op of ['delivery.list', 'mail.cancel'] as const) {
      expect((await bo.attempt(op, attempts[op])).body.code).toBe('not-found')
    }
    expect((await write(bo, { to: to(ana), inReplyTo: mailId })).threadId).toBe(mailId)
  })

  test('L8: a blind copy, a reply to fewer and a person added by a reply: nobody sees what was not sent to them', async () => {
    const [ana, bo, cy, dan] = await createPeople(server, 4)
    const first = await write(ana, { to: to(bo), cc: to(cy), bcc: to(dan) })
    await untilSent(ana, first.id)
    const aside = await write(bo, { to: to(ana), inReplyTo: first.id })
    await untilSent(bo, aside.id)
    const [eve] = await createPeople(server, 1)
    const wider = await write(cy, { to: to(ana, bo, eve), inReplyTo: first.id })
    await untilSent(cy, wider.id)
    const blind = await write(dan, { to: to(ana), inReplyTo: first.id })
    await untilSent(dan, blind.id)
    const thread = async (person: Person) => {
      const { items } = await person.call('thread.get', { threadId: first.id })
      return items.map(mail => mail.id)
    }
    expect(await thread(ana)).toEqual([first.id, aside.id, wider.id, blind.id])
    expect(await thread(bo)).toEqual([first.id, aside.id, wider.id])
    expect(await thread(cy)).toEqual([first.id, wider.id])
    expect(await thread(eve)).toEqual([wider.id])
    expect(await thread(dan)).toEqual([first.id, blind.id])
    const shown = async (person: Person) => {
      const { recipients } = await person.call('mail.get', { mailId: first.id })
      return recipients.map(recipient => recipient.accountId)
    }
    expect(await shown(bo)).toEqual([bo.id, cy.id])
    expect(await shown(dan)).toEqual([bo.id, cy.id, dan.id])
    expect(await shown(ana)).toEqual([bo.id, cy.id, dan.id])
    // Named openly and blindly it came openly: the blind one is shown to nobody else.
    const twice = await write(ana, { to: to(bo), bcc: to(bo, cy) })
    await untilSent(ana, twice.id)
    const seen = await bo.call('mail.get', { mailId: twice.id })
    expect(seen.recipients).toHaveLength(1)
    expect(await inbox(bo)).toHaveLength(3)
    // Conversations of mail are nobody's chats, and their streams nobody's to read.
    expect((await ana.call('conversation.list', {})).items).toEqual([])
    const { epoch } = server.running.context.store
    const cursor = { epoch, sequence: 0, micros: 0 }
    for (const stream of [first.id - 1, first.id, first.id + 1, first.id + 2]) {
      if (stream === ana.id) continue
      expect((await ana.attempt('stream.read', { stream, cursor })).body.code).toBe('not-found')
    }
  })

  test('M5: the owner chooses who may mail a group: each refusal beside its success', async () => {
    const [owner, admin, member, stranger] = await createPeople(server, 4)
    const group = await createGroup(owner, [admin, member])
    const key = newKey
    await owner.call('member.setRole', { conversationId: group, key: key(), accountId: admin.id, role: 'admin' })
    const may = async (person: Person) => {
      const letter = { clientMessageId: newKey(), to: [{ conversationId: group }], subject: '', text: '' }
      return (await person.attempt('mail.send', letter)).body.code ?? 'sent'
    }
    const all = () => Promise.all([owner, admin, member, stranger].map(may))
    const choose = (person: Person, mailFrom: 'admins' | 'everyone' | 'members') =>
      person.attempt('conversation.update', { conversationId: group, key: key(), mailFrom })
    expect(await all()).toEqual(['sent', 'sent', 'sent', 'unknown-recipient'])
    expect((await choose(admin, 'everyone')).body.code).toBe('forbidden')
    expect((await choose(owner, 'admins')).status).toBe(200)
    expect(await all()).toEqual(['sent', 'sent', 'unknown-recipient', 'unknown-recipient'])
    expect((await choose(owner, 'everyone')).status).toBe(200)
    expect(await all()).toEqual(['sent', 'sent', 'sent', 'sent'])
    const [newest] = (await stranger.call('mailbox.list', { folder: 'sent' })).items
    const rows = await statusesOf(stranger, newest?.id as MailId)
    expect(rows.map(row => row.accountId)).toEqual([null, null, null])
  })
})

describe('a mailbox', () => {
  test('M2, M3: changes of many mails are live on every device, with the count of unread ones', async () => {
    const [ana, bo] = await createPeople(server, 2)
    await using phone = await bo.connect()
    const ids: MailId[] = []
    for (const subject of ['a', 'b', 'c']) {
      ids.push((await write(ana, { to: to(bo), subject })).id)
      await untilSent(ana, ids.at(-1) as MailId)
    }
    const [a, b, c] = ids as [MailId, MailId, MailId]
    const key = newKey()
    const { sequence } = await update(bo, [a, b], { read: true, starred: true, addLabels: ['Obra', 'x'] }, key)
    await phone.until(() => mailEvents(phone, bo).length === 5)
    const changed = mailEvents(phone, bo).slice(3)
    expect(changed).toMatchObject([
      { kind: 'mailbox.changed', data: { mailId: a, unread: { count: 1 } } },
      { kind: 'mailbox.changed', sequence, data: { mailId: b, unread: { count: 1, version: sequence } } },
    ])
    expect(changed[1]?.data.mail.entry).toMatchObject({ read: true, starred: true, labels: ['Obra', 'x'] })
    // L3: a retry after more has happened is answered by the first and changes nothing.
    await update(bo, [a], { read: false, removeLabels: ['x'] })
    expect(await update(bo, [a, b], { read: true, starred: true, addLabels: ['Obra', 'x'] }, key)).toEqual({ sequence })
    await expect(update(bo, [a], { read: true }, key)).rejects.toMatchObject({ code: 'key-reused' })
    expect(await bo.call('mailbox.unread', {})).toMatchObject({ count: 2 })
    expect(await update(bo, [a], { read: false })).toEqual({ sequence: null })
    const list = async (data: object) =>
      (await bo.call('mailbox.list', data as { folder: 'inbox' })).items.map(mail => mail.id)
    expect(await list({ folder: 'inbox' })).toEqual([c, b, a])
    expect(await list({ folder: 'inbox', only: 'unread' })).toEqual([c, a])
    expect(await list({ folder: 'labelled', label: 'x' })).toEqual([b])
    await update(bo, [b, c], { folder: 'archive' })
    expect([await list({ folder: 'inbox' }), await list({ folder: 'archive' })]).toEqual([[a], [c, b]])
    expect(await bo.call('mailbox.unread', {})).toMatchObject({ count: 1 })
    const first = await bo.call('mailbox.list', { folder: 'received', order: 'oldest', limit: 2 })
    expect(first.items.map(mail => mail.id)).toEqual([a, b])
    const rest = await bo.call('mailbox.list', { folder: 'received', order: 'oldest', next: first.next as string })
    expect([rest.items.map(mail => mail.id), rest.next]).toEqual([[c], null])
    await expect(bo.call('mailbox.list', { folder: 'labelled' })).rejects.toMatchObject({ code: 'invalid-input' })
    const labels = Array.from({ length: 20 }, (_, index) => `label ${index}`)
    await expect(update(bo, [a], { addLabels: labels })).rejects.toMatchObject({ code: 'limit-reached' })
    // The author's own place for the mail is another's matter.
    expect((await ana.call('mail.get', { mailId: b })).entry).toMatchObject({
      folder: 'sent',
      starred: false,
      labels: [],
    })
    await update(ana, [b], { folder: 'trash' })
    expect((await ana.call('mail.get', { mailId: b })).entry.folder).toBe('trash')
    await update(ana, [b], { folder: 'inbox' })
    expect((await ana.call('mail.get', { mailId: b })).entry.folder).toBe('sent')
    expect((await bo.call('mail.get', { mailId: b })).entry.folder).toBe('archive')
  })

  test('M8: what is snoozed is out of the inbox and comes back unread, at the top, by itself', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const first = await write(ana, { to: to(bo) })
    const second = await write(ana, { to: to(bo) })
    await untilSent(ana, first.id)
    await untilSent(ana, second.id)
    await using phone = await bo.connect()
    await update(bo, [first.id], { read: true, snoozedUntil: '2999-01-01T00:00:00.000Z' })
    expect(await inbox(bo)).toEqual([second.id])
    expect((await bo.call('mailbox.list', { folder: 'snoozed' })).items.map(mail => mail.id)).toEqual([first.id])
    await update(bo, [first.id], { snoozedUntil: new Date(Date.now() + 3_600_000).toISOString() })
    // The time comes.
    await pastTheServer(server, client =>
      client.query('update mailbox_entries set snoozed_until = now_micros() where account_id = $1 and mail_id = $2', [
        bo.id,
        first.id,
      ]),
    )
    const back = () => mailEvents(phone, bo).findLast(event => event.data.mailId === first.id)?.data.mail.entry
    await phone.until(() => mailEvents(phone, bo).length === 3)
    expect(back()).toMatchObject({ snoozedUntil: null, read: false, folder: 'inbox' })
    expect(await inbox(bo)).toEqual([first.id, second.id])
    // A time that has passed snoozes nothing.
    expect(await update(bo, [first.id], { snoozedUntil: '2020-01-01T00:00:00.000Z' })).toEqual({ sequence: null })
  })
})

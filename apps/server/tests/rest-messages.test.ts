/** The REST mail API: sending, listing and reading, each row and sentence of its contract (M9). */
import type { AccountId } from '@recado/protocol'
import { createGroup, createPeople, type Person, startServer, type TestServer } from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { to, untilSent, update, write } from './mail-people.ts'
import { ask, form, json, RestUser } from './rest-client.ts'

let server: TestServer
let ana: RestUser
let bia: RestUser
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

async function two(): Promise<void> {
  ana = await RestUser.create(server)
  bia = await RestUser.create(server)
}

const timestampForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** Somebody of the app, as this API sees them. */
async function restUserOf(person: Person): Promise<(path: string) => ReturnType<typeof ask>> {
  const token = await ask(server, '/token', form({ username: person.username, password: 'correct horse battery' }))
  const headers = { authorization: `Bearer ${token.body.access_token}` }
  return path => ask(server, path, { headers })
}

describe('POST /messages/', () => {
  test('answers with the message, which is in both lists at once', async () => {
    await two()
    const sent = await ana.send(bia, 'Olá', 'Linha 1\nLinha 2 😀')
    const message = {
      id: expect.any(Number),
      sender_id: ana.id,
      recipient_id: bia.id,
      title: 'Olá',
      body: 'Linha 1\nLinha 2 😀',
      timestamp: expect.stringMatching(timestampForm),
      is_read: false,
      sender_username: ana.username,
    }
    expect(sent).toEqual(message)
    expect(Math.abs(Date.parse(sent.timestamp) - Date.now())).toBeLessThan(60_000)
    expect(await bia.list('inbox')).toEqual([sent])
    expect(await ana.list('outbox')).toEqual([{ ...sent, recipient_username: bia.username }])
    expect([await ana.list('inbox'), await bia.list('outbox')]).toEqual([[], []])
  })

  test('takes an empty title and body, a numeric string, the longest title, a long body', async () => {
    await two()
    const bodies = [
      { recipient_id: bia.id, title: '', body: '' },
      { recipient_id: `${bia.id}`, title: '😀'.repeat(255), body: 'x' },
      { recipient_id: ` ${bia.id} `, title: 'quebra\nde linha', body: 'é'.repeat(250_000), more: 1 },
    ]
    for (const body of bodies) {
      const answer = await ana.ask('/messages/', json(body))
      expect([answer.status, answer.body.recipient_id, answer.body.title]).toEqual([200, bia.id, body.title])
    }
    const inbox = await bia.list('inbox')
    expect(inbox.map((mail: { body: string }) => mail.body.length)).toEqual([0, 1, 250_000])
    const escaped = JSON.stringify({ recipient_id: bia.id, title: 'x', body: '' }).replace(
      '""',
      `"${'\\u00e9'.repeat(100_000)}"`,
    )
    const answer = await ana.ask('/messages/', { ...json({}), body: escaped })
    expect([answer.status, answer.body.body?.length]).toEqual([200, 100_000])
  })

  test('to oneself is in both lists', async () => {
    await two()
    const sent = await ana.send(ana)
    expect(await ana.list('inbox')).toEqual([sent])
    expect(await ana.list('outbox')).toEqual([{ ...sent, recipient_username: ana.username }])
    await ana.ask(`/messages/${sent.id}/read`, { method: 'PUT' })
    expect([...(await ana.list('inbox')), ...(await ana.list('outbox'))]).toMatchObject([
      { is_read: true },
      { is_read: true },
    ])
  })

  test('to nobody writes nothing', async () => {
    await two()
    for (const id of [0, -1, 999_999_999, 1e300, '99999999999999999999']) {
      const answer = await ana.ask('/messages/', json({ recipient_id: id, title: 'x', body: 'y' }))
      expect([answer.status, answer.body]).toEqual([404, { detail: 'Destinatário não encontrado' }])
    }
    expect(await ana.list('outbox')).toEqual([])
  })

  test.each<[string, object | string, string[]]>([
    ['no recipient', { title: 'x', body: 'y' }, ['body.recipient_id']],
    ['words for a recipient', { recipient_id: 'bia', title: 'x', body: 'y' }, ['body.recipient_id']],
    ['half a recipient', { recipient_id: 1.5, title: 'x', body: 'y' }, ['body.recipient_id']],
    ['a truth for a recipient', { recipient_id: true, title: 'x', body: 'y' }, ['body.recipient_id']],
    ['null for a recipient', { recipient_id: null, title: 'x', body: 'y' }, ['body.recipient_id']],
    ['a long title', { recipient_id: 1, title: 'x'.repeat(256), body: 'y' }, ['body.title']],
    ['a number for a title', { recipient_id: 1, title: 5, body: 'y' }, ['body.title']],
    ['no title', { recipient_id: 1, body: 'y' }, ['body.title']],
    ['no body', { recipient_id: 1, title: 'x' }, ['body.body']],
    ['a NUL in the body', { recipient_id: 1, title: 'x', body: 'a\u0000' }, ['body.body']],
    ['half a character in the title', { recipient_id: 1, title: '\ud800', body: '' }, ['body.title']],
    ['nothing', {}, ['body.recipient_id', 'body.title', 'body.body']],
    ['a list', [], ['body']],
    ['no JSON', 'x', ['body']],
  ])('refuses %s as invalid, and says where', async (_, body, expected) => {
    await two()
    const init = typeof body === 'string' ? { ...json({}), body } : json(body)
    const answer = await ana.ask('/messages/', init)
    expect([answer.status, answer.body.detail.map(({ loc }: { loc: string[] }) => loc.join('.'))]).toEqual([
      422,
      expected,
    ])
  })
})

describe('PUT /messages/{id}/read', () => {
  test('is repeatable, ignores any body, and shows in both lists', async () => {
    await two()
    const sent = await ana.send(bia)
    const bodies: RequestInit[] = [
      {},
      json({ a: 1 }, 'PUT'),
      { body: '{' },
      { body: 'x', headers: { 'content-type': 'a/b' } },
    ]
    for (const init of bodies) {
      const answer = await bia.ask(`/messages/${sent.id}/read`, { ...init, method: 'PUT' })
      expect([answer.status, answer.body]).toEqual([200, { message: 'Mensagem marcada como lida' }])
    }
    expect(await bia.list('inbox')).toEqual([{ ...sent, is_read: true }])
    expect(await ana.list('outbox')).toMatchObject([{ id: sent.id, is_read: true }])
  })

  test('one refusal for an unknown id and for what one did not receive', async () => {
    await two()
    const sent = await ana.send(bia)
    const other = await RestUser.create(server)
    const attempts: [RestUser, string][] = [
      [ana, `${sent.id}`],
      [other, `${sent.id}`],
      [bia, '999999999'],
      [bia, '0'],
      [bia, '-1'],
      [bia, '99999999999999999999'],
    ]
    for (const [user, id] of attempts) {
      const answer = await user.ask(`/messages/${id}/read`, { method: 'PUT' })
      expect([answer.status, answer.body], id).toEqual([404, { detail: 'Mensagem não encontrada ou não autorizada' }])
    }
    expect(await bia.list('inbox')).toMatchObject([{ is_read: false }])
    for (const id of ['x', '1.5', '1e3', '%20x', 'inbox']) {
      const answer = await bia.ask(`/messages/${id}/read`, { method: 'PUT' })
      expect([answer.status, answer.body.detail?.[0].loc], id).toEqual([422, ['path', 'message_id']])
    }
  })
})

describe('the lists are those of the app', () => {
  test('what is written there is read here: first recipient, plain text, order, trash, what is not sent', async () => {
    const [cora, dan, eva] = await createPeople(server, 3)
    const [asCora, asDan, asEva] = await Promise.all([restUserOf(cora), restUserOf(dan), restUserOf(eva)])
    const group = await createGroup(cora, [dan])
    const first = await write(cora, { cc: to(dan, eva), subject: 'Um', text: 'Texto' })
    const second = await write(cora, { to: [{ conversationId: group }], bcc: to(eva), subject: 'Dois' })
    const third = await write(cora, { to: [{ conversationId: group }], subject: 'Três' })
    const held = await write(cora, { to: to(eva), undoSeconds: 60 })
    for (const mail of [first, second, third]) await untilSent(cora, mail.id)
    const outbox = (await asCora('/messages/outbox/')).body
    expect(outbox).toMatchObject([
      {
        id: first.id,
        title: 'Um',
        body: 'Texto',
        recipient_id: dan.id,
        recipient_username: dan.username,
        is_read: false,
      },
      { id: second.id, recipient_id: eva.id, recipient_username: eva.username },
      { id: third.id, recipient_id: 0, recipient_username: 'A group' },
    ])
    expect(outbox.map((mail: { id: number }) => mail.id)).not.toContain(held.id)
    expect((await asEva('/messages/inbox/')).body).toMatchObject([
      { id: first.id, recipient_id: eva.id, sender_id: cora.id, sender_username: cora.username },
      { id: second.id, recipient_id: eva.id },
    ])
    await update(dan, [first.id], { read: true })
    expect((await asCora('/messages/outbox/')).body).toMatchObject([
      { is_read: true },
      { is_read: false },
      { is_read: false },
    ])
    await update(dan, [first.id], { folder: 'archive' })
    await update(dan, [second.id], { folder: 'trash' })
    expect((await asDan('/messages/inbox/')).body).toMatchObject([{ id: first.id, is_read: true }, { id: third.id }])
    await update(cora, [second.id], { folder: 'trash' })
    expect((await asCora('/messages/outbox/')).body).toMatchObject([{ id: first.id }, { id: third.id }])
    await cora.call('mail.cancel', { mailId: held.id, key: 'x' })
  })

  test('what is written here is a mail there, with its status', async () => {
    await two()
    const [person] = await createPeople(server, 1)
    const { body: sent } = await ana.ask('/messages/', json({ recipient_id: person.id, title: 'Oi', body: 'texto' }))
    const mail = await person.call('mail.get', { mailId: sent.id })
    expect(mail).toMatchObject({
      subject: 'Oi',
      text: 'texto',
      authorId: ana.id,
      entry: { folder: 'inbox', read: false },
    })
    expect(mail.recipients).toMatchObject([{ mode: 'to', accountId: person.id as AccountId }])
    await update(person, [sent.id], { read: true })
    expect(await ana.list('outbox')).toMatchObject([{ is_read: true }])
  })
})

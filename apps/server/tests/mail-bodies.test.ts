/** What a formatted mail is by the time that somebody reads it: the way in is the only one. */
import { limits } from '@recado/protocol'
import { createPeople, hostileBodies, newKey, startServer, type TestServer } from '@recado/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { to } from './mail-people.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const refused = { code: 'invalid-input' }

test('M1: a formatted body is stored sanitised, and the plain one is made of it', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const html = `<p>Good <b>morning</b></p>${hostileBodies['image that fails']}<a href="https://recado.example/">here</a>`
  const { id, preview } = await ana.call('mail.send', { clientMessageId: newKey(), to: to(bo, ana), subject: '', html })
  expect(preview).toBe('Good morning here [https://recado.example/]')
  await expect
    .poll(async () => (await bo.call('mailbox.list', { folder: 'inbox' })).items.map(mail => mail.id))
    .toEqual([id])
  for (const reader of [ana, bo]) {
    expect(await reader.call('mail.get', { mailId: id })).toMatchObject({
      html: '<p>Good <b>morning</b></p><a href="https://recado.example/" rel="noopener noreferrer nofollow" target="_blank">here</a>',
      text: 'Good morning\n\nhere [https://recado.example/]',
    })
  }
})

test('L3: a retry is known by the body as it was sent, another body under its key is not', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const letter = { clientMessageId: newKey(), to: to(bo), subject: '', html: '<p>one</p><script>two</script>' }
  const { id } = await ana.call('mail.send', letter)
  expect((await ana.call('mail.send', letter)).id).toBe(id)
  await expect(ana.call('mail.send', { ...letter, html: '<p>one</p>' })).rejects.toMatchObject({ code: 'key-reused' })
  const { html: _, ...plain } = letter
  await expect(ana.call('mail.send', { ...plain, text: 'one' })).rejects.toMatchObject({ code: 'key-reused' })
})

test('M1: a mail has one body, and none that is too long once it is read; nothing of it is written', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const letter = { clientMessageId: newKey(), to: to(bo), subject: '' }
  await expect(ana.call('mail.send', letter)).rejects.toMatchObject(refused)
  await expect(ana.call('mail.send', { ...letter, text: 'x', html: '<p>x</p>' })).rejects.toMatchObject(refused)
  // A rule across the page is forty strokes as plain text.
  const rules = '<hr>'.repeat(30_000)
  await expect(ana.call('mail.send', { ...letter, html: rules })).rejects.toMatchObject(refused)
  const grows = '<a href="https://a">'.repeat(limits.mailHtmlLength / 20)
  await expect(ana.call('mail.send', { ...letter, html: grows })).rejects.toMatchObject(refused)
  for (const folder of ['sent', 'unsent', 'inbox'] as const) {
    expect((await ana.call('mailbox.list', { folder })).items).toEqual([])
    expect((await bo.call('mailbox.list', { folder })).items).toEqual([])
  }
})

test('M8: a signature is sanitised, one’s own alone, on all devices, and the same again is no event', async () => {
  const [ana, bo] = await createPeople(server, 2)
  await using phone = await ana.connect()
  const updates = () => phone.events(ana.id).filter(event => event.kind === 'account.updated').length
  const set = (html: string) => ana.call('account.setSignature', { html })
  const kept = '<p>Ana, <b>quay 4</b></p>'
  expect((await set(`${kept}${hostileBodies['image that fails']}`)).signature).toBe(kept)
  await phone.until(() => updates() === 1)
  await set(kept)
  expect((await ana.call('account.get', {})).signature).toBe(kept)
  expect((await bo.call('account.get', {})).signature).toBeNull()
  const [seen] = (await bo.call('people.get', { accountIds: [ana.id] })).items
  expect(JSON.stringify(seen)).not.toContain('quay 4')
  expect((await set('')).signature).toBeNull()
  await phone.until(() => updates() === 2)
  await expect(set('x'.repeat(limits.signatureLength + 1))).rejects.toMatchObject(refused)
  // Short as it is sent, longer than allowed as it would be stored.
  await expect(set('<a href="https://a">'.repeat(limits.signatureLength / 20))).rejects.toMatchObject(refused)
  expect((await ana.call('account.get', {})).signature).toBeNull()
})

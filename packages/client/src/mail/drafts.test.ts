import type { AccountId } from '@recado/protocol'
import { expect, test } from 'vitest'
import { draftOf, mailOf, mailTo, person } from '../testing/mail-world.ts'
import { World } from '../testing/world.ts'
import type { DraftHandle, MailClient } from './mail-api.ts'

const ana = 1 as AccountId

interface TwoDevices {
  readonly world: World
  readonly one: MailClient
  readonly other: MailClient
}

async function twoDevices(): Promise<TwoDevices> {
  const world = new World()
  const one = await mailOf(world, await world.signIn(world.device(1)))
  const other = await mailOf(world, await world.signIn(world.device(1)))
  return { world, one, other }
}

function htmlOf(draft: DraftHandle): string | undefined {
  return draft.getSnapshot().content?.html
}

/** All that is written in any draft, wherever it is. */
function words(mail: MailClient): string {
  return mail
    .getSnapshot()
    .drafts.map(draft => mail.draft(draft.id).getSnapshot().content?.html ?? '')
    .sort()
    .join(' | ')
}

test('M1: a draft is on the other device soon, and saved once however fast one types', async () => {
  const { world, one, other } = await twoDevices()
  const draft = one.draft('d')
  for (const text of ['H', 'He', 'Hel', 'Hell', 'Hello']) draft.save(draftOf(`<p>${text}</p>`))
  expect(draft.getSnapshot().state).toBe('saving')
  await world.clock.until(() => htmlOf(other.draft('d')) === '<p>Hello</p>')
  await world.clock.until(() => draft.getSnapshot().state === 'saved')
  expect(world.server.requests.filter(request => request.op === 'draft.save')).toHaveLength(1)
  expect(other.getSnapshot().drafts).toMatchObject([{ id: 'd', preview: 'Hello', state: 'saved' }])
})

test('M1, S2: a draft survives the death of the program, also without a network', async () => {
  const world = new World()
  const device = world.device(1)
  const client = await world.signIn(device)
  const mail = await mailOf(world, client)
  world.server.network = 'down'
  await world.cut()
  mail.draft('d').save(draftOf('<p>Not lost</p>', { to: [{ typed: 'Be' }] }))
  expect(mail.draft('d').getSnapshot().state).toBe('kept')
  await world.clock.advance(0)
  world.kill(client)
  const again = await mailOf(world, await world.resume(device))
  expect(htmlOf(again.draft('d'))).toBe('<p>Not lost</p>')
  world.server.network = 'up'
  await world.clock.until(() => world.server.mail.drafts(ana).length === 1)
  expect(world.server.mail.drafts(ana)[0]).toMatchObject({ html: '<p>Not lost</p>', to: [{ typed: 'Be' }] })
})

test('M1: two devices that wrote at different places put both together', async () => {
  const { world, one, other } = await twoDevices()
  one.draft('d').save(draftOf('<p>First line</p><p>Second line</p>', { to: [person(2)] }))
  await world.clock.until(() => htmlOf(other.draft('d')) !== undefined)
  one.draft('d').save(draftOf('<p>First line, longer</p><p>Second line</p>', { to: [person(2), person(3)] }))
  other.draft('d').save(draftOf('<p>First line</p><p>Second line, too</p>', { to: [] }))
  const both = '<p>First line, longer</p><p>Second line, too</p>'
  await world.clock.until(() => htmlOf(one.draft('d')) === both && htmlOf(other.draft('d')) === both)
  await world.clock.advance(30_000)
  expect(one.draft('d').getSnapshot()).toMatchObject({ content: { to: [person(3)] }, state: 'saved', copyId: null })
  expect(world.server.mail.drafts(ana)).toHaveLength(1)
})

test('M1: what was written upon an older text than stands there by now drops nothing of it', async () => {
  const { world, one, other } = await twoDevices()
  const draft = one.draft('d')
  draft.save(draftOf('<p>First</p><p>Second</p>'))
  await world.clock.until(() => htmlOf(other.draft('d')) !== undefined)
  // A program shows this, and does not hear yet of what comes from the other device.
  const shown = draft.getSnapshot().content
  other.draft('d').save(draftOf('<p>First</p><p>Second, from afar</p>', { to: [person(3)] }))
  await world.clock.until(() => htmlOf(draft) === '<p>First</p><p>Second, from afar</p>')
  const first = draftOf('<p>First, h</p><p>Second</p>')
  draft.save(first, shown)
  draft.save(draftOf('<p>First, here</p><p>Second</p>'), first)
  expect(draft.getSnapshot().content).toMatchObject({
    html: '<p>First, here</p><p>Second, from afar</p>',
    to: [person(3)],
  })
  await world.clock.until(() => htmlOf(other.draft('d')) === '<p>First, here</p><p>Second, from afar</p>')
  expect(draft.getSnapshot().copyId).toBe(null)
})

test('M1: what cannot be put together with the older text it was written upon stays as a draft of its own', async () => {
  const { world, one, other } = await twoDevices()
  const draft = one.draft('d')
  draft.save(draftOf('<p>Dear all</p>'))
  const shown = draft.getSnapshot().content
  await world.clock.until(() => htmlOf(other.draft('d')) !== undefined)
  other.draft('d').save(draftOf('<p>Dear friends</p>'))
  await world.clock.until(() => htmlOf(draft) === '<p>Dear friends</p>')
  draft.save(draftOf('<p>Dear colleagues</p>'), shown)
  expect(htmlOf(draft)).toBe('<p>Dear colleagues</p>')
  await world.clock.until(() => words(other) === '<p>Dear colleagues</p> | <p>Dear friends</p>')
  expect(words(one)).toBe(words(other))
  expect(htmlOf(one.draft(draft.getSnapshot().copyId ?? ''))).toBe('<p>Dear friends</p>')
})

test('M1: where both wrote the same words, neither is lost', async () => {
  const { world, one, other } = await twoDevices()
  one.draft('d').save(draftOf('<p>Dear all</p>'))
  await world.clock.until(() => htmlOf(other.draft('d')) !== undefined)
  one.draft('d').save(draftOf('<p>Dear friends</p>'))
  other.draft('d').save(draftOf('<p>Dear colleagues</p>'))
  await world.clock.advance(60_000)
  expect(words(one)).toBe('<p>Dear colleagues</p> | <p>Dear friends</p>')
  expect(words(other)).toBe(words(one))
  const copies = [one.draft('d').getSnapshot().copyId, other.draft('d').getSnapshot().copyId]
  expect(copies.filter(copy => copy !== null)).toHaveLength(1)
})

test('M1: what was written to a draft that was discarded elsewhere becomes a draft of its own', async () => {
  const { world, one, other } = await twoDevices()
  one.draft('d').save(draftOf('<p>Old</p>'))
  await world.clock.until(() => htmlOf(other.draft('d')) === '<p>Old</p>')
  one.draft('d').save(draftOf('<p>Old and new</p>'))
  await world.wait(other.draft('d').discard())
  await world.clock.advance(60_000)
  expect(one.draft('d').getSnapshot()).toMatchObject({ content: null, state: 'gone' })
  expect(words(one)).toBe('<p>Old and new</p>')
  expect(words(other)).toBe('<p>Old and new</p>')
})

test('M1: a draft that is sent is one no more, anywhere; a refused mail is a draft again', async () => {
  const { world, one, other } = await twoDevices()
  world.server.log.account(2)
  const draft = one.draft('d')
  draft.save(draftOf('<p>Ready</p>', { to: [person(2)] }))
  await world.clock.until(() => other.getSnapshot().drafts.length === 1)
  const entryId = await world.wait(one.send(mailTo([9], 'Ready', { draftId: 'd' })))
  expect(one.getSnapshot().drafts).toEqual([])
  await world.clock.until(() => one.getSnapshot().outbox[0]?.state === 'refused')
  await world.wait(one.takeBack({ entryId }))
  expect(one.getSnapshot().drafts.map(view => view.id)).toEqual(['d'])
  await world.wait(one.send(mailTo([2], 'Ready', { draftId: 'd' })))
  await world.clock.until(() => other.getSnapshot().drafts.length === 0 && one.getSnapshot().outbox.length === 0)
  await world.clock.advance(30_000)
  expect([one.getSnapshot().drafts, world.server.mail.drafts(ana)]).toEqual([[], []])
  expect(world.server.mail.mails.size).toBe(1)
})

test('M1: what the server did not have when it ended the session is there at the next sign-in', async () => {
  const world = new World()
  const device = world.device(1)
  const client = await world.signIn(device)
  const mail = await mailOf(world, client)
  world.server.network = 'down'
  await world.cut()
  mail.draft('d').save(draftOf('<p>Not lost</p>'))
  await mail.send(mailTo([1], 'Not lost either'))
  world.server.ended.add(1)
  world.server.network = 'up'
  await world.clock.until(() => client.getSnapshot().connection.state === 'signed-out')
  await world.wait(client.signIn({ login: 'person1', password: 'password' }))
  const again = await mailOf(world, client)
  expect(htmlOf(again.draft('d'))).toBe('<p>Not lost</p>')
  await world.clock.until(() => world.server.mail.drafts(ana).length === 1 && world.server.mail.mails.size === 1)
})

test('M1: what another device had saved to a draft that is on its way stays a draft', async () => {
  const { world, one, other } = await twoDevices()
  world.server.log.account(2)
  one.draft('d').save(draftOf('<p>Dear all</p>', { to: [person(2)] }))
  await world.clock.until(() => one.draft('d').getSnapshot().state === 'saved')
  world.server.network = 'down'
  await world.cut()
  await one.send({ ...mailTo([2], 'Ready', { draftId: 'd' }), body: { html: '<p>Dear all</p>' } })
  const { version } = world.server.mail.draft(ana, 'd')
  const recipients = { to: [], cc: [], bcc: [] }
  const added = { ...recipients, subject: '', html: '<p>Dear all, and Bea</p>' }
  world.server.mail.saveDraft({ draftId: 'd', base: version, ...added }, ana)
  world.server.network = 'up'
  await world.clock.advance(60_000)
  expect(world.server.mail.mails.size).toBe(1)
  expect([words(one), words(other)]).toEqual(['<p>Dear all, and Bea</p>', '<p>Dear all, and Bea</p>'])
})

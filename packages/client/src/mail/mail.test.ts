import type { AccountId, MailId, RecipientInput } from '@recado/protocol'
import { expect, test } from 'vitest'
import type { Client } from '../client-api.ts'
import { World } from '../testing/world.ts'
import type { MailClient, MailInput, MailListHandle, MailView } from './mail-api.ts'
// Loaded with first use: what is not there yet would let virtual time pass without it.
import './mail-part.ts'

const inbox = { folder: 'inbox' } as const

function mailTo(people: readonly number[], more: Partial<MailInput> = {}): MailInput {
  const to = people.map((accountId): RecipientInput => ({ accountId: accountId as AccountId }))
  return { to, subject: 'Lunch', body: { text: 'Shall we?' }, ...more }
}

async function mailOf(world: World, client: Client): Promise<MailClient> {
  return world.wait(client.mail())
}

async function open(world: World, mail: MailClient, view: MailView = inbox): Promise<MailListHandle> {
  const list = mail.list(view)
  list.subscribe(() => undefined)
  await world.clock.until(() => !list.getSnapshot().loading.first)
  return list
}

function subjects(list: MailListHandle): string[] {
  return list.getSnapshot().items.map(item => item.subject)
}

test('M2: a mail shows in the lists of both as it comes, with its thread and body', async () => {
  const world = new World()
  const [ana, ben] = [world.device(1), world.device(2)]
  const from = await mailOf(world, await world.signIn(ana))
  const to = await mailOf(world, await world.signIn(ben))
  const [list, sent] = [await open(world, to), await open(world, from, { folder: 'sent' })]
  await world.wait(from.send(mailTo([2])))
  await world.clock.until(() => subjects(list).length === 1 && subjects(sent).length === 1)
  expect(to.getSnapshot().unread).toBe(1)
  const [header] = list.getSnapshot().items
  const thread = to.thread(header?.threadId as MailId)
  thread.subscribe(() => undefined)
  await world.clock.until(() => !thread.getSnapshot().loading)
  expect(thread.getSnapshot().mails.map(mail => mail.text)).toEqual(['Shall we?'])
})

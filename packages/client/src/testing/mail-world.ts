/** What tests of mail are made of. */
import type { AccountId, RecipientInput } from '@recado/protocol'
import type { Client } from '../client-api.ts'
import type { DraftContent, MailClient, MailInput, MailListHandle, MailView } from '../mail/mail-api.ts'
// Loaded with first use: what is not there yet would let virtual time pass without it.
import '../mail/mail-part.ts'
import type { World } from './world.ts'

export const inbox: MailView = { folder: 'inbox' }

export function person(id: number): RecipientInput {
  return { accountId: id as AccountId }
}

export function mailTo(people: readonly number[], subject: string, more: Partial<MailInput> = {}): MailInput {
  return { to: people.map(person), subject, body: { text: `About ${subject}.` }, ...more }
}

export function draftOf(html: string, more: Partial<DraftContent> = {}): DraftContent {
  return { to: [], cc: [], bcc: [], subject: '', html, inReplyTo: null, forwardOf: null, attachments: [], ...more }
}

export function mailOf(world: World, client: Client): Promise<MailClient> {
  return world.wait(client.mail())
}

/** Somebody looks at it, and it stands. */
export async function openList(world: World, mail: MailClient, view: MailView = inbox): Promise<MailListHandle> {
  const list = mail.list(view)
  list.subscribe(() => undefined)
  await world.clock.until(() => !list.getSnapshot().loading.first)
  return list
}

export function subjects(list: MailListHandle): string[] {
  return list.getSnapshot().items.map(item => item.subject)
}

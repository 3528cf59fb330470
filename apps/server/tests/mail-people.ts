/** Shorthands for tests of mail: writing one, and waiting for what becomes of it. */
import type { Mail, MailHeader, MailId, OperationInput, StreamEvent } from '@recado/protocol'
import { newKey, type Person, type SocketClient } from '@recado/testkit'
import { expect } from 'vitest'

export type Letter = Partial<OperationInput<'mail.send'>>

export function to(...people: readonly Person[]) {
  return people.map(person => ({ accountId: person.id }))
}

export function write(author: Person, letter: Letter): Promise<MailHeader> {
  return author.call('mail.send', {
    clientMessageId: newKey(),
    to: [],
    subject: 'Quay 4',
    text: 'The crane is back.',
    ...letter,
  })
}

export async function inbox(person: Person): Promise<MailId[]> {
  return (await person.call('mailbox.list', { folder: 'inbox' })).items.map(mail => mail.id)
}

/** Once the worker has nothing of this mail left to do. */
export async function untilSent(author: Person, mailId: MailId): Promise<Mail> {
  return await expect
    .poll(
      async () => {
        const mail = await author.call('mail.get', { mailId })
        return mail.statuses?.queued === 0 ? mail : null
      },
      { timeout: 60_000, interval: 20 },
    )
    .not.toBeNull()
    .then(() => author.call('mail.get', { mailId }))
}

export function mailEvents(socket: SocketClient, person: Person) {
  return socket
    .events(person.id)
    .filter((event): event is Extract<StreamEvent, { kind: 'mail.composed' | 'mail.arrived' | 'mailbox.changed' }> =>
      event.kind.startsWith('mail'),
    )
}

export function update(person: Person, mailIds: readonly MailId[], change: object, key = newKey()) {
  return person.call('mailbox.update', { mailIds: [...mailIds], key, ...change })
}

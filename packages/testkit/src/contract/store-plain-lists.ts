/** What the mail API lists at the store port: mails with texts and names, and everybody else. */
import type { AccountId, MailId } from '@recado/protocol'
import { markedAsRead, type PlainMailRequest, type RecipientRow } from '@recado/server/store/mail.ts'
import { describe, expect, test } from 'vitest'
import type { Person, StoreBench } from './store-bench.ts'

export function testPlainLists(getBench: () => StoreBench): void {
  describe('plain lists', () => {
    testMails(getBench)
    testOthers(getBench)
  })
}

const person = (mode: RecipientRow['mode'], { id }: Person) => ({ mode, accountId: id, groupId: null, address: null })

/** Released and delivered, the first recipient first. */
async function send(bench: StoreBench, author: Person, recipients: readonly RecipientRow[], subject: string) {
  return await bench.transact(async transaction => {
    const { mail, micros } = transaction
    await transaction.lockStreams([], [author.id])
    const body = { subject, text: `${subject}.`, html: null }
    const written = { authorId: author.id, threadId: null, inReplyTo: null, ...body, recipients, mediaIds: [] }
    const id = await mail.insertMail({ ...written, state: 'released', dueMicros: micros })
    const conversationId = await mail.insertConversation(id, 'all', 2)
    await mail.appendMessage(conversationId, id, author.id)
    await mail.queueDeliveries(
      { id, authorId: author.id },
      recipients.map(recipient => ({ ...recipient, conversationId })),
    )
    const entry = { accountId: author.id, mailId: id, folder: 'sent' as const, authored: true, received: false }
    const state = { deliveryNumber: null, read: true, starred: false, labels: [], snoozedUntil: null }
    await mail.putEntries([{ ...entry, ...state, sortMicros: micros, version: 1 }])
    return id
  })
}

async function deliver(bench: StoreBench): Promise<void> {
  await bench.transact(async transaction => {
    const found = await transaction.mail.findQueued(99)
    await transaction.lockStreams([], [...new Set(found.map(({ accountId }) => accountId))])
    const queued = await transaction.mail.lockQueued(found)
    const sequences = await transaction.appendEvents(
      queued.map(({ accountId, mailId }) => {
        return { stream: accountId, kind: 'mail.arrived' as const, actorId: null, target: mailId }
      }),
    )
    await transaction.mail.arrive(queued.map((delivery, index) => ({ ...delivery, sequence: sequences[index] ?? 0 })))
  })
}

/** Read, and in that folder. */
async function putAway(bench: StoreBench, { id }: Person, mailId: MailId, folder: 'archive' | 'trash') {
  await bench.transact(async ({ mail }) => {
    const [entry] = await mail.findEntries(id, [mailId])
    if (entry !== undefined) await mail.putEntries([{ ...entry, folder, read: true }])
  })
}

function testMails(getBench: () => StoreBench): void {
  test('mails, oldest first, with the first person of those who were written to, the trash left out', async () => {
    const bench = getBench()
    const [ada, bob, cyd] = (await bench.people(3)) as [Person, Person, Person]
    const group = await bench.group(bob, ada)
    const toGroup = { mode: 'to' as const, accountId: null, groupId: group, address: null }
    const one = await send(bench, ada, [person('to', bob), person('cc', cyd)], 'one')
    await deliver(bench)
    const two = await send(bench, ada, [toGroup, person('bcc', cyd)], 'two')
    await deliver(bench)
    const three = await send(bench, ada, [toGroup], 'three')
    await deliver(bench)
    const list = async (who: Person, box: PlainMailRequest['box'], after: PlainMailRequest['after'] = null) =>
      await bench.store.mail.listPlain({ accountId: who.id, box, after, limit: 2 })
    const first = await list(ada, 'sent')
    expect(first).toMatchObject([
      { id: one, senderId: ada.id, recipientId: bob.id, subject: 'one', text: 'one.', read: false },
      { id: two, recipientId: cyd.id, read: false },
    ])
    const last = first.at(-1)
    const after = { micros: last?.sortMicros ?? 0, id: last?.id ?? 0 }
    expect(await list(ada, 'sent', after)).toMatchObject([{ id: three, recipientId: null, recipientName: 'group' }])
    const people = await bench.store.accounts.findPeople([ada.id, bob.id])
    expect((await list(bob, 'received'))[0]).toMatchObject({
      id: one,
      senderName: people[0]?.username,
      recipientId: bob.id,
      recipientName: people[1]?.username,
    })
    await bench.transact(({ mail }) => mail.moveDeliveries([{ mailId: one, number: 1 }], 'read'))
    await putAway(bench, bob, one, 'archive')
    await putAway(bench, bob, two, 'trash')
    await putAway(bench, ada, two, 'trash')
    expect(await list(bob, 'received')).toMatchObject([
      { id: one, read: true },
      { id: three, read: false },
    ])
    expect(await list(ada, 'sent')).toMatchObject([{ id: one, read: true }, { id: three }])
    expect(await list(ada, 'received')).toEqual([])
  })

  test('an event says that its mail was marked as read, perhaps once more', async () => {
    const bench = getBench()
    const [ada, bob] = (await bench.people(2)) as [Person, Person]
    const mailId = await send(bench, ada, [person('to', bob)], 'one')
    await deliver(bench)
    const append = (version: number | null) =>
      bench.transact(async transaction => {
        await transaction.lockStreams([], [bob.id])
        const event = { kind: 'mailbox.changed' as const, actorId: bob.id, target: mailId, version }
        return await transaction.appendEvents([{ ...event, stream: bob.id }])
      })
    const [sequence = 0] = await append(markedAsRead)
    await append(null)
    const { items } = await bench.store.readEvents(bob.id, sequence - 1, 9)
    expect(items.map(({ data }) => ('marked' in data ? data.marked : null))).toEqual(['read', null])
  })
}

function testOthers(getBench: () => StoreBench): void {
  test('everybody else by id, from anywhere', async () => {
    const bench = getBench()
    const [ada, bob, cyd, dan] = (await bench.people(4)) as [Person, Person, Person, Person]
    const list = async (after: number, skip: number, limit: number) => {
      const found = await bench.store.accounts.listOthers({ accountId: bob.id, after, skip, limit })
      return found.map(({ id }) => id)
    }
    expect(await list(ada.id - 1, 0, 9)).toEqual([ada.id, cyd.id, dan.id])
    expect(await list(ada.id, 0, 1)).toEqual([cyd.id])
    expect(await list(ada.id - 1, 1, 1)).toEqual([cyd.id])
    expect(await list(dan.id, 0, 9)).toEqual([])
    expect(await list(0, Number.MAX_SAFE_INTEGER, 9)).toEqual([])
    const [found] = await bench.store.accounts.listOthers({
      accountId: 0 as AccountId,
      after: dan.id - 1,
      skip: 0,
      limit: 1,
    })
    const [known] = await bench.store.accounts.findPeople([dan.id])
    expect(found).toEqual({ id: dan.id, username: known?.username })
  })
}

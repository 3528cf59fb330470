/** Mail at the store port: who is reached, how statuses move, who sees what, and what lists hold. */
import type { ConversationId, MailId, RecipientMode } from '@recado/protocol'
import type { EntryRow, EntryView, RecipientRow } from '@recado/server/store/mail.ts'
import { describe, expect, test } from 'vitest'
import type { Person, StoreBench } from './store-bench.ts'

type GetBench = () => StoreBench

export function testMail(getBench: GetBench): void {
  describe('mail', () => {
    testQueue(getBench)
    testStatuses(getBench)
    testSight(getBench)
    testConversations(getBench)
    testWork(getBench)
    testLists(getBench)
  })
}

function to(...people: readonly Person[]): RecipientRow[] {
  return people.map(person => written('to', person))
}

function written(mode: RecipientMode, recipient: Person | ConversationId): RecipientRow {
  if (typeof recipient === 'number') return { mode, accountId: null, groupId: recipient, address: null }
  return { mode, accountId: recipient.id, groupId: null, address: null }
}

const formatted = '<p>The crane is back.<br />Shall we meet?</p>'

interface Letter {
  readonly recipients: readonly RecipientRow[]
  readonly subject?: string
  readonly threadId?: MailId
  readonly participants?: string
}

/** Composes and releases in one transaction, as the operation does. */
async function release(bench: StoreBench, author: Person, letter: Letter): Promise<MailId> {
  const { recipients, subject = 'Quay 4', threadId, participants = 'all' } = letter
  return await bench.transact(async transaction => {
    const known = threadId && (await transaction.mail.findConversations(threadId, [participants]))?.get(participants)
    await transaction.lockStreams(known === undefined ? [] : [known], [author.id])
    const mailId = await transaction.mail.insertMail({
      authorId: author.id,
      threadId: threadId ?? null,
      inReplyTo: threadId ?? null,
      subject,
      text: 'The crane is back.\nShall we meet?',
      html: formatted,
      recipients,
      mediaIds: [],
      dueMicros: transaction.micros,
      state: 'released',
    })
    const conversationId = known ?? (await transaction.mail.insertConversation(threadId ?? mailId, participants, 2))
    await transaction.mail.appendMessage(conversationId, mailId, author.id)
    await transaction.mail.queueDeliveries(
      { id: mailId, authorId: author.id },
      recipients.map(recipient => ({ ...recipient, conversationId })),
    )
    const [version = 0] = await transaction.appendEvents([
      { stream: author.id, kind: 'mail.composed', actorId: author.id, target: mailId },
    ])
    await transaction.mail.putEntries([{ ...emptyEntry(author, mailId), sortMicros: transaction.micros, version }])
    return mailId
  })
}

function emptyEntry(author: Person, mailId: MailId): EntryRow {
  return {
    accountId: author.id,
    mailId,
    folder: 'sent',
    authored: true,
    received: false,
    deliveryNumber: null,
    read: true,
    starred: false,
    labels: [],
    snoozedUntil: null,
    sortMicros: 0,
    version: 0,
  }
}

/** Delivers whatever is queued, as the worker does; answers with what it took. */
async function deliver(bench: StoreBench, limit = 100) {
  return await bench.side.transact(async transaction => {
    const found = await transaction.mail.findQueued(limit)
    await transaction.lockStreams([], [...new Set(found.map(delivery => delivery.accountId))])
    const queued = await transaction.mail.lockQueued(found)
    const sequences = await transaction.appendEvents(
      queued.map(({ accountId, mailId }) => ({
        stream: accountId,
        kind: 'mail.arrived' as const,
        actorId: null,
        target: mailId,
      })),
    )
    await transaction.mail.arrive(queued.map((delivery, index) => ({ ...delivery, sequence: sequences[index] ?? 0 })))
    return queued
  })
}

async function rows(bench: StoreBench, mailId: MailId, viewer: Person, above = 0) {
  return await bench.store.mail.listDeliveries({ mailId, viewer: viewer.id, above, after: 0, limit: 99 })
}

async function statuses(bench: StoreBench, mailId: MailId) {
  return (await bench.store.mail.readStatuses([mailId]))[0]?.statuses
}

async function three(bench: StoreBench) {
  return (await bench.people(3)) as [Person, Person, Person]
}

function testQueue(getBench: GetBench): void {
  test('reaches each person once: To before Cc before Bcc, named before by a group, the author only if named', async () => {
    const bench = getBench()
    const [ada, bob, cyd] = await three(bench)
    const dan = await bench.person()
    const group = await bench.group(bob, ada, cyd, dan)
    const recipients = [written('bcc', dan), written('cc', group), written('to', cyd), written('cc', bob)]
    const mailId = await release(bench, ada, { recipients })
    expect(await rows(bench, mailId, ada)).toMatchObject([
      { number: 1, accountId: dan.id, mode: 'cc', via: group, status: 'queued' },
      { number: 2, accountId: cyd.id, mode: 'to', via: null, version: 1 },
      { number: 3, accountId: bob.id, mode: 'cc', via: null, sentAt: null },
    ])
    const own = await release(bench, ada, { recipients: [written('cc', group), ...to(ada)] })
    expect((await rows(bench, own, ada)).map(row => row.accountId)).toEqual([bob.id, cyd.id, dan.id, ada.id])
    expect(await statuses(bench, own)).toMatchObject({ queued: 4, sent: 0, version: 1 })
    await drain(bench)
  })

  test('gives some of the oldest mail and some of the newest, each once', async () => {
    const bench = getBench()
    const people = await bench.people(5)
    const [ada] = people as [Person]
    const old = await release(bench, ada, { recipients: to(...people) })
    const recent = await release(bench, ada, { recipients: to(...people) })
    const taken = await deliver(bench, 4)
    expect(taken.result.map(({ mailId, number }) => [mailId, number])).toEqual([
      [old, 1],
      [old, 2],
      [recent, 4],
      [recent, 5],
    ])
    await drain(bench)
    expect(await statuses(bench, old)).toMatchObject({ queued: 0, sent: 5 })
    expect((await bench.store.mail.findWork(9)).queued).toBe('none')
  })
}

async function drain(bench: StoreBench): Promise<void> {
  while ((await deliver(bench)).result.length > 0);
}

function testStatuses(getBench: GetBench): void {
  test('L11: statuses move on and never back, each change with the next version of the mail’s group', async () => {
    const bench = getBench()
    const [ada, bob, cyd] = await three(bench)
    const mailId = await release(bench, ada, { recipients: to(bob, cyd) })
    const { commit, changed } = await deliver(bench)
    expect(changed.mails).toEqual([{ mailId, authorId: ada.id, version: 2 }])
    expect(commit?.registers).toEqual([{ group: mailId, version: 2 }])
    const first = { mailId, number: 1 }
    const move = (status: 'delivered' | 'read') =>
      bench.side.transact(transaction => transaction.mail.moveDeliveries([first], status))
    expect((await move('read')).changed.mails).toEqual([{ mailId, authorId: ada.id, version: 3 }])
    expect(await move('delivered')).toMatchObject({ commit: null, changed: { mails: [] } })
    expect(await move('read')).toMatchObject({ commit: null })
    const counts = { queued: 0, sent: 1, delivered: 0, read: 1, failed: 0, cancelled: 0, version: 3 }
    expect(await statuses(bench, mailId)).toEqual(counts)
    expect(await rows(bench, mailId, ada, 2)).toMatchObject([
      { number: 1, accountId: bob.id, status: 'read', version: 3 },
    ])
    expect((await rows(bench, mailId, ada))[0]).toMatchObject({
      sentAt: expect.any(String),
      deliveredAt: expect.any(String),
    })
  })

  test('what a device has stored confirms what arrived by then', async () => {
    const bench = getBench()
    const [ada, bob] = await three(bench)
    const mailIds = [
      await release(bench, ada, { recipients: to(bob) }),
      await release(bench, ada, { recipients: to(bob) }),
    ]
    await drain(bench)
    const { head } = await bench.store.readEvents(bob.id, 0, 9)
    const unconfirmed = (sequence: number, limit = 9) =>
      bench.transact(transaction => transaction.mail.findUnconfirmed([{ accountId: bob.id, sequence }], limit))
    expect(await unconfirmed(head.sequence - 2)).toEqual([])
    const [one, other] = mailIds.map(mailId => ({ mailId, number: 1 }))
    expect(await unconfirmed(head.sequence - 1)).toEqual([one])
    expect(await unconfirmed(head.sequence)).toEqual([one, other])
    expect(await unconfirmed(head.sequence, 1)).toEqual([one])
    await bench.transact(transaction =>
      transaction.mail.moveDeliveries([{ mailId: mailIds[0] as MailId, number: 1 }], 'delivered'),
    )
    expect(await unconfirmed(head.sequence)).toEqual([other])
  })

  test('cancelling stops what is queued; whoever found it queued before finds it gone under the lock', async () => {
    const bench = getBench()
    const [ada, bob, cyd] = await three(bench)
    const mailId = await release(bench, ada, { recipients: to(bob, cyd) })
    const found = await bench.transact(transaction => transaction.mail.findQueued(9))
    expect(found).toHaveLength(2)
    expect(await bench.transact(transaction => transaction.mail.stopQueued(mailId))).toBe(2)
    expect(await bench.transact(transaction => transaction.mail.lockQueued(found))).toEqual([])
    expect(await statuses(bench, mailId)).toMatchObject({ queued: 0, cancelled: 2, version: 2 })
    expect(await bench.transact(transaction => transaction.mail.stopQueued(mailId))).toBe(0)
    expect(await bench.store.mail.readMails(bob.id, [mailId])).toEqual([])
  })
}

function testSight(getBench: GetBench): void {
  test('L8: who has no entry sees nothing; a blind recipient is shown to the author and that recipient only', async () => {
    const bench = getBench()
    const [ada, bob, cyd] = await three(bench)
    const [dan, eve] = (await bench.people(2)) as [Person, Person]
    const group = await bench.group(cyd, dan)
    const recipients = [written('bcc', eve), written('bcc', group), written('cc', cyd), written('to', bob)]
    const mailId = await release(bench, ada, { recipients })
    const read = async (reader: Person) => (await bench.store.mail.readMails(reader.id, [mailId]))[0]
    expect(await read(bob)).toBeUndefined()
    await drain(bench)
    const shown = async (reader: Person) =>
      (await read(reader))?.recipients.map(({ mode, accountId, conversationId }) => [mode, accountId ?? conversationId])
    const open = [
      ['to', bob.id],
      ['cc', cyd.id],
    ]
    expect(await shown(ada)).toEqual([...open, ['bcc', eve.id], ['bcc', group]])
    expect([await shown(bob), await shown(cyd)]).toEqual([open, open])
    expect(await shown(dan)).toEqual([...open, ['bcc', group]])
    expect(await shown(eve)).toEqual([...open, ['bcc', eve.id]])
    expect(await read(ada)).toMatchObject({ recipientCount: 4, statuses: { sent: 4 }, entry: { folder: 'sent' } })
    expect(await read(bob)).toMatchObject({
      statuses: null,
      preview: 'The crane is back. Shall we meet?',
      html: formatted,
    })
    const [listed] = await list(bench, bob, 'inbox')
    expect(listed).toEqual(expect.objectContaining({ id: mailId, recipientCount: 2, state: 'released' }))
    expect(listed).not.toHaveProperty('text')
    const { items } = await bench.store.readEvents(bob.id, 0, 9)
    expect(items.at(-1)).toMatchObject({
      kind: 'mail.arrived',
      data: { mailId, mail: listed, unread: { count: 1, version: items.length } },
    })
    expect(await bench.store.mail.readMails((await bench.person()).id, [mailId])).toEqual([])
  })

  test('L8: an author who may not see a group’s members does not learn them by the statuses', async () => {
    const bench = getBench()
    const [ada, bob, cyd] = await three(bench)
    const group = await bench.group(bob, cyd)
    const mailId = await release(bench, ada, { recipients: [written('to', group), written('cc', cyd)] })
    const accounts = async () => (await rows(bench, mailId, ada)).map(row => row.accountId)
    expect(await accounts()).toEqual([null, null])
    await bench.add(group, bob, ada)
    expect(await accounts()).toEqual([bob.id, cyd.id])
    await drain(bench)
  })
}

function testConversations(getBench: GetBench): void {
  test('a thread gets each set of participants once; its messages are the mails’ own, and nobody is a member', async () => {
    const bench = getBench()
    const [ada, bob, cyd] = await three(bench)
    const first = await release(bench, ada, { recipients: to(bob, cyd) })
    const reply = await release(bench, bob, { recipients: to(ada, cyd), threadId: first })
    const aside = await release(bench, bob, { recipients: to(ada), threadId: first, participants: 'two' })
    await drain(bench)
    const found = await bench.transact(transaction => transaction.mail.findConversations(first, ['all', 'two', 'none']))
    expect([...found.keys()].sort()).toEqual(['all', 'two'])
    const all = found.get('all') as ConversationId
    const { items, head } = await bench.store.readEvents(all, 0, 9)
    expect(head).toMatchObject({ sequence: 2, ordinal: 2 })
    const body = 'The crane is back.\nShall we meet?'
    expect(items).toMatchObject([
      { kind: 'message.created', actorId: ada.id, data: { message: { sequence: 1, ordinal: 1, body } } },
      { kind: 'message.created', actorId: bob.id, data: { message: { sequence: 2, ordinal: 2, body } } },
    ])
    expect(await bench.store.findMembership(all, ada.id)).toBeNull()
    expect(await bench.store.listConversations(ada.id, null, 9)).toEqual([])
    expect((await bench.store.attach([ada.id])).get(ada.id)?.conversations).toEqual([])
    const thread = async (person: Person, after = 0) =>
      (await bench.store.mail.readThread(person.id, first, after, 9)).map(mail => mail.id)
    expect(await thread(ada)).toEqual([first, reply, aside])
    expect(await thread(cyd)).toEqual([first, reply])
    expect(await thread(ada, first)).toEqual([reply, aside])
    const threads = await bench.transact(async ({ mail }) => [
      await mail.findThread(reply, cyd.id),
      await mail.findThread(aside, cyd.id),
    ])
    expect(threads).toEqual([first, null])
  })

  test('groups say who may mail them, and what the asking account is there', async () => {
    const bench = getBench()
    const [ada, bob] = await three(bench)
    const [open, closed] = [await bench.group(ada, bob), await bench.group(ada)]
    await bench.transact(transaction => transaction.updateConversation(open, { mailFrom: 'everyone' }))
    expect(
      await bench.transact(({ mail }) => mail.findGroups([open, closed, 999_999_999 as ConversationId], bob.id)),
    ).toEqual([
      { id: open, mailFrom: 'everyone', role: 'member' },
      { id: closed, mailFrom: 'members', role: null },
    ])
    expect(await bench.store.findConversationView(open, ada.id)).toMatchObject({ mailFrom: 'everyone', name: 'group' })
  })
}

function testWork(getBench: GetBench): void {
  test('a held mail is due at its time, and is what it was written as', async () => {
    const bench = getBench()
    const [ada, bob] = await three(bench)
    const hold = (dueMicros: number) =>
      bench.transact(({ mail }) =>
        mail.insertMail({
          authorId: ada.id,
          threadId: null,
          inReplyTo: null,
          subject: '',
          text: '',
          html: null,
          recipients: to(bob),
          mediaIds: [],
          dueMicros,
          state: 'held',
        }),
      )
    const now = await bench.transact(async transaction => transaction.micros)
    const later = await hold(now * 2)
    const due = await hold(now)
    expect((await bench.store.mail.findWork(9)).due).toEqual([due])
    expect(await bench.transact(({ mail }) => mail.findMail(later))).toEqual({
      id: later,
      threadId: later,
      authorId: ada.id,
      state: 'held',
      dueMicros: now * 2,
      recipients: to(bob),
    })
    expect(await statuses(bench, due)).toBeUndefined()
    const failure = [{ path: '/to/0', message: 'gone' }]
    await bench.transact(({ mail }) => mail.updateState(due, 'failed', failure))
    expect((await bench.store.mail.findWork(9)).due).toEqual([])
    const entry = { ...emptyEntry(ada, due), folder: 'unsent' as const }
    await bench.transact(({ mail }) => mail.putEntries([entry]))
    expect(await bench.store.mail.readMails(ada.id, [due])).toMatchObject([{ state: 'failed', failure, sentAt: null }])
    await bench.transact(({ mail }) => mail.putEntries([{ ...entry, folder: 'trash', snoozedUntil: 1 }]))
    expect((await bench.store.mail.findWork(9)).snoozed).toEqual([{ accountId: ada.id, mailId: due }])
    expect(await bench.transact(({ mail }) => mail.findMail(9_999_999 as MailId))).toBeNull()
  })
}

async function list(
  bench: StoreBench,
  person: Person,
  view: EntryView,
  request: { label?: string; only?: 'unread' } = {},
) {
  const { label = null, only = 'all' } = request
  const whole = { accountId: person.id, view, label, after: null, limit: 50 }
  return (await bench.store.mail.list({ ...whole, only, order: 'newest' })).map(({ header }) => header)
}

function testLists(getBench: GetBench): void {
  test('hold what is in them, newest first or oldest first, a page at a time', async () => {
    const bench = getBench()
    const [ada, bob] = await three(bench)
    const ids: MailId[] = []
    for (const subject of ['a', 'b', 'c', 'd']) {
      ids.push(await release(bench, ada, { recipients: to(bob), subject }))
      await drain(bench)
    }
    const [a, b, c, d] = ids as [MailId, MailId, MailId, MailId]
    const listed = async (view: EntryView, request = {}) => (await list(bench, bob, view, request)).map(mail => mail.id)
    expect(await listed('inbox')).toEqual([d, c, b, a])
    const change = (mailId: MailId, wanted: Partial<EntryRow>) =>
      bench.transact(async ({ mail }) => {
        const [entry] = await mail.findEntries(bob.id, [mailId])
        if (entry !== undefined) await mail.putEntries([{ ...entry, ...wanted }])
      })
    await change(a, { read: true, starred: true, labels: ['Harbour', 'ção "x",{}'] })
    await change(b, { folder: 'archive' })
    await change(c, { snoozedUntil: Number.MAX_SAFE_INTEGER - 1 })
    expect(await listed('inbox')).toEqual([d, a])
    expect(await listed('inbox', { only: 'unread' })).toEqual([d])
    expect(await listed('archive')).toEqual([b])
    expect(await listed('starred')).toEqual([a])
    expect(await listed('snoozed')).toEqual([c])
    expect(await listed('labelled', { label: 'ção "x",{}' })).toEqual([a])
    expect(await listed('labelled', { label: 'harbour' })).toEqual([])
    expect(await listed('received')).toEqual([d, c, b, a])
    expect(await listed('sent')).toEqual([])
    expect((await bench.store.mail.readUnread(bob.id)).count).toBe(1)
    const request = { accountId: bob.id, view: 'received' as const, label: null, only: 'all' as const, limit: 2 }
    const page = await bench.store.mail.list({ ...request, order: 'oldest', after: null })
    expect(page.map(({ header }) => header.id)).toEqual([a, b])
    const micros = await bench.transact(({ mail }) => mail.findEntries(bob.id, [b]))
    const after = { micros: micros[0]?.sortMicros ?? 0, id: b }
    const next = await bench.store.mail.list({ ...request, order: 'oldest', after })
    expect(next.map(({ header }) => header.id)).toEqual([c, d])
    const earlier = await bench.store.mail.list({ ...request, order: 'newest', after })
    expect(earlier.map(({ header }) => header.id)).toEqual([a])
  })

  test('a mail to oneself is in the inbox and among what one sent, until it is in the trash', async () => {
    const bench = getBench()
    const ada = await bench.person()
    const mailId = await release(bench, ada, { recipients: to(ada) })
    await drain(bench)
    const [entry] = await bench.transact(({ mail }) => mail.findEntries(ada.id, [mailId]))
    expect(entry).toMatchObject({ folder: 'inbox', authored: true, received: true, read: false, deliveryNumber: 1 })
    const views = async () => {
      const lists = await Promise.all((['inbox', 'sent', 'trash'] as const).map(view => list(bench, ada, view)))
      return lists.map(mails => mails.length)
    }
    expect(await views()).toEqual([1, 1, 0])
    if (entry !== undefined) await bench.transact(({ mail }) => mail.putEntries([{ ...entry, folder: 'trash' }]))
    expect(await views()).toEqual([0, 0, 1])
  })
}

/** C11 over the wire: chat and mail together, who finds what, and what a client makes of it. */
import type { ConversationId, FoundGroup, OperationInput } from '@recado/protocol'
import {
  createGroup,
  createPeople,
  newKey,
  openDirect,
  type Person,
  pastTheServer,
  startServer,
  type TestServer,
  uploadReady,
} from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { to, untilSent, update, write } from './mail-people.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

type Asked = Omit<OperationInput<'search.find'>, 'query'>

function say(person: Person, conversationId: ConversationId, body: string, more: object = {}) {
  return person.call('message.send', { conversationId, clientMessageId: newKey(), body, ...more })
}

async function search(person: Person, query: string, asked: Asked = {}) {
  return await person.call('search.find', { query, ...asked })
}

async function found(person: Person, query: string, asked: Asked = {}): Promise<FoundGroup[]> {
  return (await search(person, query, asked)).items
}

/** The places of what was found, as short as they can be written. */
function placesOf(groups: readonly FoundGroup[]): string[] {
  return groups.flatMap(group =>
    group.kind === 'conversation'
      ? group.items.map(item => `${group.conversationId}/${item.sequence}`)
      : group.items.map(item => `mail ${item.mailId}`),
  )
}

/** What was written just now is there once the tail has read it. */
async function untilFound(person: Person, query: string, count: number, asked: Asked = {}): Promise<FoundGroup[]> {
  await expect.poll(async () => placesOf(await found(person, query, asked)).length, { timeout: 20_000 }).toBe(count)
  return await found(person, query, asked)
}

describe('what is found', () => {
  test('C11: chat and mail together, newest first, by place, with what matched in it', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const group = await createGroup(ana, [bo])
    const first = await say(ana, group, 'The crane on quay 4 is broken again. Who can come and look at it?')
    const mail = await write(ana, { to: to(bo), subject: 'Re: Crane', text: 'The new crane arrives on Monday.' })
    await untilSent(ana, mail.id)
    const last = await say(bo, group, `${'long ago '.repeat(60)}a CRÂNE stood here ${'and so on '.repeat(60)}`)
    const items = await untilFound(bo, 'crane', 3)
    expect(items.map(group => group.kind)).toEqual(['conversation', 'thread'])
    const [chat, thread] = items
    expect(chat).toMatchObject({
      conversationId: group,
      items: [
        { sequence: last.sequence, id: last.id, authorId: bo.id },
        {
          sequence: first.sequence,
          snippet: { text: expect.stringMatching(/^The crane on quay 4/), ranges: [[4, 9]] },
        },
      ],
    })
    expect(thread).toMatchObject({
      threadId: mail.threadId,
      items: [
        {
          mailId: mail.id,
          folder: 'inbox',
          subject: { text: 'Re: Crane', ranges: [[4, 9]] },
          snippet: { text: 'The new crane arrives on Monday.', ranges: [[8, 13]] },
        },
      ],
    })
    const piece = chat?.kind === 'conversation' ? chat.items[0]?.snippet : undefined
    const [from, end] = piece?.ranges[0] ?? []
    expect(piece?.text.slice(from, end)).toBe('CRÂNE')
    expect(piece?.text.length).toBeLessThan(260)
    // It leads to its place.
    const around = await bo.call('message.list', { conversationId: group, around: first.sequence })
    expect(around.items.map(message => message.id)).toContain(first.id)
  })

  test('words, phrases, operators and places, alone and together', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    const group = await createGroup(ana, [bo, cy], 'Harbour project')
    const direct = await openDirect(ana, bo)
    const file = await uploadReady(ana, 'Quarterly report.txt', Buffer.from('x'))
    const one = await say(ana, group, 'quay four needs paint https://paint.example')
    const two = await say(bo, group, 'four quay lamps are out')
    const three = await say(ana, direct, 'the quay', { attachments: [file.id] })
    const letter = await write(ana, { to: to(bo), cc: to(cy), subject: 'quay', text: 'four' })
    await untilSent(ana, letter.id)
    await untilFound(bo, 'quay', 4)
    const at = ({ sequence }: { sequence: number }, id: ConversationId = group) => `${id}/${sequence}`
    const mail = `mail ${letter.id}`
    const expected: Readonly<Record<string, readonly string[]>> = {
      'four quay': [at(one), at(two), mail],
      '"four quay"': [at(two)],
      '"quay four"': [at(one), mail],
      'qua fou -lamps': [at(two)],
      [`quay from:${ana.username}`]: [at(one), at(three, direct), mail],
      [`quay from:${bo.username} from:${cy.username}`]: [at(two)],
      'quay from:me': [at(two)],
      [`quay to:${cy.username}`]: [mail],
      'quay to:me': [mail],
      'quay in:mail': [mail],
      'quay in:chat': [at(one), at(two), at(three, direct)],
      'quay in:inbox': [mail],
      'quay in:"harbour pro"': [at(one), at(two)],
      [`quay in:${ana.username}`]: [at(three, direct)],
      'in:chat has:link': [at(one)],
      'has:attachment': [at(three, direct)],
      quarterly: [at(three, direct)],
      'quay has:image': [],
      'quay after:2020': [at(one), at(two), at(three, direct), mail],
      'quay before:2020': [],
      // One's own message says that one has read what was before it.
      'quay is:unread': [at(three, direct), mail],
      'quay is:starred': [],
    }
    for (const [query, places] of Object.entries(expected)) {
      expect(placesOf(await found(bo, query)).sort(), query).toEqual([...places].sort())
    }
    expect(placesOf(await found(bo, 'quay', { conversationId: direct }))).toEqual([at(three, direct)])
    await bo.call('message.save', { conversationId: group, sequence: one.sequence, key: newKey() })
    await update(bo, [letter.id], { starred: true, folder: 'archive' })
    expect(placesOf(await found(bo, 'quay is:starred')).sort()).toEqual([at(one), mail].sort())
    expect(placesOf(await found(bo, 'quay in:archive'))).toEqual([mail])
    await update(bo, [letter.id], { folder: 'trash' })
    expect(placesOf(await found(bo, 'quay in:mail'))).toEqual([])
    expect(placesOf(await found(bo, 'quay in:trash'))).toEqual([mail])
  })

  test('what names nobody and nothing is said, and nothing is found with it', async () => {
    const [ana] = await createPeople(server, 1)
    const query = 'crane from:nobody-at-all in:"no such place" has:dog'
    const { items, unknown } = await search(ana, query)
    expect([items, [...unknown].sort()]).toEqual([[], ['from:nobody-at-all', 'has:dog', 'in:no such place']])
    for (const nothing of ['', '   ', '…', '"…"', 'from:', '🚀']) {
      expect(await search(ana, nothing), nothing).toEqual({ items: [], next: null, unknown: [] })
    }
  })

  test('pages go on where the last one ended, each message once', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const group = await createGroup(ana, [bo])
    const sent: string[] = []
    for (let number = 0; number < 25; number++)
      sent.push(`${group}/${(await say(ana, group, `page ${number}`)).sequence}`)
    await untilFound(bo, 'page', 25, { limit: 50 })
    const seen: string[] = []
    for (let next: string | null | undefined; next !== null; ) {
      const page = await search(bo, 'page', { limit: 10, ...(next !== undefined && { next }) })
      seen.push(...placesOf(page.items))
      next = page.next
    }
    expect(seen).toEqual(sent.toReversed())
  })
})

test('what lies far back is found too, on the page and on the pages after it', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const group = await createGroup(ana, [bo])
  const sent: string[] = []
  for (const round of [1, 2, 3]) {
    for (let number = 0; number < 3; number++)
      sent.push(`${group}/${(await say(ana, group, `faraway ${number}`)).sequence}`)
    const mail = await write(ana, { to: to(bo), subject: `faraway ${round}` })
    await untilSent(ana, mail.id)
    sent.push(`mail ${mail.id}`)
    await untilFound(bo, 'faraway', sent.length)
    // As if so many others had written meanwhile.
    await pastTheServer(server, client => client.query(`select setval('search_ids', nextval('search_ids') + 40000)`))
  }
  for (const limit of [2, 5, 50]) {
    const seen: string[] = []
    for (let next: string | null | undefined; next !== null; ) {
      const page = await search(bo, 'faraway', { limit, ...(next !== undefined && { next }) })
      seen.push(...placesOf(page.items))
      next = page.next
    }
    expect([...seen].sort()).toEqual([...sent].sort())
  }
})

describe('who finds it', () => {
  test('L8: a stranger, a removed member and who joined without the history find nothing of it', async () => {
    const [ana, bo, cy, eve] = await createPeople(server, 4)
    const group = await createGroup(ana, [bo])
    await say(ana, group, 'a hidden matter')
    const add = { conversationId: group, key: newKey(), accountIds: [cy.id] }
    await ana.call('member.add', add)
    const later = await say(ana, group, 'a hidden matter for all')
    await untilFound(bo, 'hidden', 2)
    expect(placesOf(await found(cy, 'hidden'))).toEqual([`${group}/${later.sequence}`])
    await ana.call('member.remove', { conversationId: group, key: newKey(), accountId: bo.id })
    for (const person of [bo, eve]) {
      for (const asked of [{}, { conversationId: group }]) expect(await found(person, 'hidden', asked)).toEqual([])
      expect((await search(person, 'in:"A group" hidden')).unknown).toEqual(['in:A group'])
    }
  })

  test('L8: a blind copy is found by who got it, and gives nobody away', async () => {
    const [ana, bo, cy, eve] = await createPeople(server, 4)
    const mail = await write(ana, { to: to(bo), bcc: to(cy), subject: 'hidden', text: 'matter' })
    await untilSent(ana, mail.id)
    for (const person of [ana, bo, cy]) await untilFound(person, 'hidden', 1)
    expect(await found(eve, 'hidden')).toEqual([])
    expect(await found(bo, `hidden to:${cy.username}`)).toEqual([])
    for (const person of [ana, cy]) expect((await found(person, `hidden to:${cy.username}`)).length).toBe(1)
    // A held mail is its author's alone.
    const held = await write(ana, { to: to(bo), subject: 'unsent hidden', undoSeconds: 60 })
    await untilFound(ana, 'unsent', 1)
    expect(await found(bo, 'unsent')).toEqual([])
    await ana.call('mail.cancel', { mailId: held.id, key: newKey() })
  })

  test('L12: what was edited or deleted is not found by what it said, from the moment that it was', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const group = await createGroup(ana, [bo])
    const [edited, deleted] = [await say(ana, group, 'a blunder'), await say(ana, group, 'another blunder')]
    await untilFound(bo, 'blunder', 2)
    await ana.call('message.edit', {
      conversationId: group,
      sequence: edited.sequence,
      key: newKey(),
      body: 'a wonder',
    })
    await ana.call('message.delete', { conversationId: group, sequence: deleted.sequence, key: newKey() })
    expect(await found(bo, 'blunder')).toEqual([])
    const places = placesOf(await untilFound(bo, 'wonder', 1))
    expect(places).toEqual([`${group}/${edited.sequence}`])
    expect(await found(bo, 'blunder')).toEqual([])
  })
})

test('hostile: whatever is searched for is answered, and soon', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const group = await createGroup(ana, [bo])
  await say(ana, group, `(((a+)+)+)+$ ' \\ % _ & | ! :* <-> /f1 ${'a'.repeat(5_000)}`)
  await untilFound(bo, '"f1"', 1)
  const queries = [
    "' or 1=1 --",
    "\\' | '/f1'",
    "a:* & !b <-> 'c'",
    '%_%',
    '/f1 /t /l',
    '(((((',
    '"""""',
    "from:\"' ) | ( '",
    `in:${'a'.repeat(400)}`,
    'from:a '.repeat(70),
    '"a" '.repeat(120),
    'a '.repeat(250),
    '\u202e\u200b\ufeff',
    'before:9999-12-31T23:59:59.999Z after:0001-01-01',
  ]
  for (const query of queries) {
    const { status } = await bo.attempt('search.find', { query })
    expect([query, status]).toEqual([query, 200])
  }
  for (const input of [
    { query: 'x'.repeat(501) },
    { query: 'a\u0000b' },
    { query: 'a', next: '-1' },
    { query: 'a', next: '1e9' },
  ]) {
    expect((await bo.attempt('search.find', input)).body.code).toBe('invalid-input')
  }
  expect((await bo.attempt('search.find', { query: 'a', next: '9999999999999999' })).body.code).toBe('invalid-input')
})

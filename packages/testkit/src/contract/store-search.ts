/** Search at the store port: what matches, who finds it, and that nothing is found that is gone or was changed. */
import type { ConversationId, MailId, SearchTrait } from '@recado/protocol'
import type { EntryRow } from '@recado/server/store/mail.ts'
import type { FoundRow } from '@recado/server/store/search.ts'
import { describe, expect, test } from 'vitest'
import { type Asked, searchRequest } from '../search-request.ts'
import { changeEntry, type Person, type StoreBench } from './store-bench.ts'
import type { GetBench } from './store-contract.ts'

/** As the tail does: everything that was committed so far. */
async function indexAll({ store }: StoreBench): Promise<void> {
  let seen: ReadonlyMap<number, number> = new Map()
  for (;;) {
    const commits = await store.readJournal(seen, 100)
    if (commits.length === 0) return
    await store.search.index(commits.flatMap(commit => commit.streams))
    seen = new Map([...seen, ...commits.map(commit => [commit.writer, commit.number] as const)])
  }
}

async function find(bench: StoreBench, person: Person, text: string, asked: Asked = {}): Promise<readonly FoundRow[]> {
  return await bench.store.search.find(searchRequest(person.id, text, asked))
}

function texts(rows: readonly FoundRow[]): string[] {
  return rows.map(row => row.text)
}

/** In the mailboxes of these people, the author first. */
async function mail(
  bench: StoreBench,
  [author, ...others]: readonly [Person, ...Person[]],
  letter: {
    readonly subject?: string
    readonly text?: string
    readonly blind?: Person
    readonly entry?: Partial<EntryRow>
  },
): Promise<MailId> {
  const { subject = '', text = '', blind, entry } = letter
  const recipient = (mode: 'to' | 'bcc', { id }: Person) => ({ mode, accountId: id, groupId: null, address: null })
  return await bench.transact(async transaction => {
    const people = [author, ...others, ...(blind === undefined ? [] : [blind])]
    await transaction.lockStreams(
      [],
      people.map(person => person.id),
    )
    const mailId = await transaction.mail.insertMail({
      authorId: author.id,
      threadId: null,
      inReplyTo: null,
      subject,
      text,
      html: null,
      recipients: [
        ...others.map(person => recipient('to', person)),
        ...(blind === undefined ? [] : [recipient('bcc', blind)]),
      ],
      mediaIds: [],
      dueMicros: transaction.micros,
      state: 'held',
    })
    const place = { folder: 'inbox' as const, deliveryNumber: null, labels: [], snoozedUntil: null, version: 1 }
    for (const person of people) {
      const own = { accountId: person.id, mailId, authored: person === author, received: person !== author }
      const state = { read: false, starred: false, sortMicros: transaction.micros, ...entry }
      await transaction.mail.putEntries([{ ...place, ...own, ...state }])
    }
    await transaction.appendEvents([{ stream: author.id, kind: 'mail.composed', actorId: author.id, target: mailId }])
    return mailId
  })
}

async function groupWith(bench: StoreBench, bodies: readonly string[]) {
  const [ada, bob] = (await bench.people(2)) as [Person, Person]
  const group = await bench.group(ada, bob)
  for (const body of bodies) await bench.send(group, ada, { body })
  return { ada, bob, group }
}

export function testSearch(getBench: GetBench): void {
  describe('search', () => {
    testWords(getBench)
    testSight(getBench)
    testFilters(getBench)
    testNames(getBench)
  })
}

function testWords(getBench: GetBench): void {
  test.for([
    ['reuni', ['Reunião às nove']],
    ['REUNIÃO', ['Reunião às nove']],
    ['reuniao as', ['Reunião às nove']],
    ['manana', ['mañana, ¿quién viene?']],
    ['quien', ['mañana, ¿quién viene?']],
    ['crane quay', ['The crane on quay 4', 'quay 4, the crane']],
    ['"quay 4"', ['The crane on quay 4', 'quay 4, the crane']],
    ['"crane on"', ['The crane on quay 4']],
    ['"crane o"', []],
    ['"4 quay"', []],
    ['4', ['The crane on quay 4', 'quay 4, the crane']],
    ['rane', []],
    ['q', []],
    ['file', ['see https://files.example/a_b']],
    ['files.example', ['see https://files.example/a_b']],
    ['ﬁle', ['see https://files.example/a_b']],
    ["it's o'", ["it's o'clock \\ % _ & | ! ( ) :* '"]],
  ] as const)('finds %s', async ([query, expected]) => {
    const bench = getBench()
    const { bob } = await groupWith(bench, [
      'Reunião às nove',
      'mañana, ¿quién viene?',
      'quay 4, the crane',
      'The crane on quay 4',
      'see https://files.example/a_b',
      "it's o'clock \\ % _ & | ! ( ) :* '",
    ])
    await indexAll(bench)
    expect(texts(await find(bench, bob, query)).sort()).toEqual([...expected].sort())
  })

  test('newest first, a page at a time', async () => {
    const bench = getBench()
    const { bob } = await groupWith(bench, ['word 1', 'word 2', 'other', 'word 3', 'word 4', 'word 5'])
    await indexAll(bench)
    const first = await find(bench, bob, 'word', { limit: 2 })
    const second = await find(bench, bob, 'word', { limit: 2, before: first.at(-1)?.id ?? 0 })
    const third = await find(bench, bob, 'word', { limit: 2, before: second.at(-1)?.id ?? 0 })
    expect([first, second, third].map(texts)).toEqual([['word 5', 'word 4'], ['word 3', 'word 2'], ['word 1']])
  })

  test('bodies of any size and form are indexed, whatever characters they hold', async () => {
    const bench = getBench()
    const long = 'x'.repeat(5_000)
    const { ada, bob } = await groupWith(bench, [long, `${'word '.repeat(3_900)}end`, '\u{1F680} \u202e ﷺ İ ß Σς', '…'])
    const many = Array.from({ length: 40_000 }, (_, index) => `w${index.toString(36)}`).join(' ')
    await mail(bench, [ada, bob], { text: many })
    await mail(bench, [ada, bob], { text: 'ﷺ'.repeat(200_000) })
    await indexAll(bench)
    expect(texts(await find(bench, bob, 'x'.repeat(60)))).toEqual([long])
    expect((await find(bench, bob, 'end')).length).toBe(1)
    expect((await find(bench, bob, 'w100')).length).toBe(1)
  })

  test('L12: what was edited is found by its new words, what was deleted by none', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupWith(bench, ['first secret', 'second secret'])
    await indexAll(bench)
    const [second, first] = await find(bench, bob, 'secret')
    const sequenceOf = (row?: FoundRow) => (row?.kind === 'message' ? row.sequence : 0)
    await bench.append(
      changeEntry('edit', { conversationId: group, target: sequenceOf(first) }, ada, { body: 'harmless' }),
    )
    await bench.append(changeEntry('delete', { conversationId: group, target: sequenceOf(second) }, ada))
    // Before and after the words are brought up to date alike.
    expect(await find(bench, bob, 'secret')).toEqual([])
    await indexAll(bench)
    expect(await find(bench, bob, 'secret')).toEqual([])
    expect(texts(await find(bench, bob, 'harmless'))).toEqual(['harmless'])
    await indexAll(bench)
    expect(texts(await find(bench, bob, 'harmless'))).toEqual(['harmless'])
  })
}

function testSight(getBench: GetBench): void {
  test('L8: only members find messages, from where on they see them, and as long as they are members', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupWith(bench, ['before'])
    const [cy, eve] = (await bench.people(2)) as [Person, Person]
    await bench.add(group, ada, cy)
    await bench.send(group, ada, { body: 'before and after' })
    await indexAll(bench)
    const found = async (person: Person, asked: Asked = {}) => texts(await find(bench, person, 'before', asked))
    expect(await found(bob)).toEqual(['before and after', 'before'])
    expect(await found(cy)).toEqual(['before and after'])
    for (const conversations of ['all', [group]] as const) expect(await found(eve, { conversations })).toEqual([])
    await bench.remove(group, bob)
    expect(await found(bob, { conversations: [group] })).toEqual([])
    expect(await found(bob)).toEqual([])
  })

  test('L8: only who has a mail finds it; a blind copy finds it, and nobody finds it by the blind copy', async () => {
    const bench = getBench()
    const [ada, bob, cy, eve] = (await bench.people(4)) as [Person, Person, Person, Person]
    await mail(bench, [ada, bob], { subject: 'Quay 4', text: 'The crane is back', blind: cy })
    await indexAll(bench)
    for (const person of [ada, bob, cy]) expect((await find(bench, person, 'quay crane')).length).toBe(1)
    expect(await find(bench, eve, 'crane')).toEqual([])
    const toCy = async (person: Person) => (await find(bench, person, 'crane', { to: [cy.id] })).length
    expect([await toCy(ada), await toCy(cy), await toCy(bob)]).toEqual([1, 1, 0])
  })
}

function testFilters(getBench: GetBench): void {
  test('by author, place, time, traits and state, with words and without', async () => {
    const bench = getBench()
    const { ada, bob, group } = await groupWith(bench, ['plain', 'see https://a.example'])
    const other = await bench.group(bob, ada)
    const file = await bench.file(ada, `report-${group}.txt`)
    await bench.send(other, bob, { body: 'of bob' })
    const attached = await bench.send(group, ada, { body: '', attachments: [file] })
    await mail(bench, [ada, bob], { subject: 'letter', text: 'plain', entry: { folder: 'inbox', starred: true } })
    await mail(bench, [ada, bob], { subject: 'gone', text: 'plain', entry: { folder: 'trash', read: true } })
    await indexAll(bench)
    const count = async (text: string, asked: Asked) => (await find(bench, bob, text, asked)).length
    const inChat = { mails: 'none' } as const
    expect(await count('', { ...inChat, from: [ada.id] })).toBe(3)
    expect(await count('', { ...inChat, from: [bob.id] })).toBe(1)
    expect(await count('plain', { from: [bob.id] })).toBe(0)
    expect(await count('', { from: [] })).toBe(0)
    expect(await count('', { ...inChat, conversations: [other] })).toBe(1)
    const has = (trait: SearchTrait) => count('', { ...inChat, has: [trait] })
    expect([await has('attachment'), await has('image'), await has('link')]).toEqual([1, 0, 1])
    expect(await count('report', inChat)).toBe(1)
    expect(await count('"report"', inChat)).toBe(1)
    expect(await count('"repor"', inChat)).toBe(0)
    // The words of a name are in no order.
    expect(await count(`"report ${group}"`, inChat)).toBe(0)
    expect(await count('', { ...inChat, unread: 'only' })).toBe(3)
    await bench.move(group, bob, { read: attached })
    expect(await count('', { ...inChat, unread: 'only' })).toBe(0)
    expect(await count('', { ...inChat, starred: 'only' })).toBe(0)
    const mails = { conversations: 'none' } as const
    expect(await count('plain', mails)).toBe(1)
    expect(await count('plain', { ...mails, mails: 'trash' })).toBe(1)
    expect(await count('plain', { ...mails, starred: 'only' })).toBe(1)
    expect(await count('plain', { ...mails, unread: 'only' })).toBe(1)
    expect(await count('plain', { ...mails, mails: 'trash', unread: 'only' })).toBe(0)
    const now = await bench.transact(async transaction => transaction.micros)
    expect(await count('plain', { afterMicros: now * 2 })).toBe(0)
    expect(await count('plain', { beforeMicros: 1 })).toBe(0)
    expect(await count('plain', { afterMicros: 0, beforeMicros: now * 2 })).toBe(2)
  })
}

function testNames(getBench: GetBench): void {
  test('people by username before names, conversations by their name or the other person’s', async () => {
    const bench = getBench()
    const tag = `n${(await bench.person()).id}`
    const [ana, anabel] = [await bench.person(`${tag}ana`), await bench.person(`${tag}anabel`)]
    const { search } = bench.store
    expect(await search.findPeople(`${tag}ANA`)).toEqual([ana.id])
    expect(await search.findPeople(`@${tag}ana`)).toEqual([ana.id])
    expect(await search.findPeople(`${tag}an`)).toEqual([ana.id, anabel.id])
    expect(await search.findPeople(`${tag}x`)).toEqual([])
    expect(await search.findPeople('…')).toEqual([])
    const group: ConversationId = await bench.group(ana)
    expect(await search.findConversations(ana.id, 'grou')).toEqual([group])
    expect(await search.findConversations(anabel.id, 'grou')).toEqual([])
    expect(await search.findConversations(ana.id, 'roup')).toEqual([])
  })

  test('words are folded alike here and there', async () => {
    const bench = getBench()
    const words = ['Ação', 'ÉPOCA', 'pingüino', 'naïve', 'Ǆ', 'ﬀ', '２０２６', 'Ωmega', 'écrit-ça', 'x²', '½']
    const { bob } = await groupWith(bench, words)
    await indexAll(bench)
    for (const word of words) expect(texts(await find(bench, bob, word)), word).toContain(word)
  })
}

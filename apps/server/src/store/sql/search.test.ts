/** What only the SQL of search does: it looks from the newest on in growing spans, and reads what was there before it. */
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AccountId, ConversationId } from '@recado/protocol'
import { type Asked, createTestDatabase, searchRequest, silentLogger } from '@recado/testkit'
import type { Pool } from 'pg'
import { expect, test } from 'vitest'
import { migrate, migrationsDirectory } from '../migrate.ts'
import { createPool } from '../pool.ts'
import type { FoundRow, SearchRequest } from '../search.ts'
import { createSearchStore } from './search.ts'

const reader = 1 as AccountId
const author = 2 as AccountId
const minute = 60_000_000

async function openStore() {
  await using owned = new AsyncDisposableStack()
  const database = owned.use(await createTestDatabase())
  const pool = createPool({
    address: database.address,
    applicationName: 'test',
    maxConnections: 4,
    statementTimeoutMs: 0,
    logger: silentLogger,
  })
  owned.defer(() => pool.end())
  const open = owned.move()
  const { address } = database
  return { address, pool, search: createSearchStore(pool), [Symbol.asyncDispose]: () => open.disposeAsync() }
}

interface Written {
  readonly conversation: number
  readonly body: string
}

/** Conversations of the reader with these messages, one a minute; answers with the sequence of each. */
async function write(pool: Pool, messages: readonly Written[]): Promise<readonly number[]> {
  const heads = new Map<number, number>()
  const sequences = messages.map(({ conversation }) => {
    heads.set(conversation, (heads.get(conversation) ?? 0) + 1)
    return heads.get(conversation) ?? 0
  })
  const conversations = [...heads.keys()]
  await pool.query('insert into heads (stream_id, message_sequence) select * from unnest($1::bigint[], $2::bigint[])', [
    conversations,
    [...heads.values()],
  ])
  await pool.query(
    `insert into memberships (conversation_id, account_id, role, visible_from, joined_sequence, joined_micros)
     select id, $2, 'member', 1, 1, 0 from unnest($1::bigint[]) as id`,
    [conversations, reader],
  )
  await pool.query(
    `insert into messages (conversation_id, sequence, ordinal, id, author_id, client_key, fingerprint, body, created_micros)
     select m.conversation, m.sequence, m.sequence, m.place, $4, m.place, '', m.body, m.place * $5::bigint
       from unnest($1::bigint[], $2::bigint[], $3::text[]) with ordinality as m(conversation, sequence, body, place)`,
    [messages.map(({ conversation }) => conversation), sequences, messages.map(({ body }) => body), author, minute],
  )
  return sequences
}

function asking(text: string, asked: Asked = {}): SearchRequest {
  return searchRequest(reader, text, asked)
}

function texts(rows: readonly FoundRow[]): string[] {
  return rows.map(row => (row.kind === 'mail' ? row.subject : row.text))
}

test('what is far apart is found once each, newest first, a page at a time', async () => {
  await using opened = await openStore()
  const { pool, search } = opened
  const messages = Array.from({ length: 60 }, (_, index): Written => {
    const words = ['plain', ...(index % 2 ? ['common quay'] : ['quay common']), ...(index % 20 === 3 ? ['seldom'] : [])]
    return { conversation: 100 + (index % 7), body: `${words.join(' ')} n${index}` }
  })
  const sequences = await write(pool, messages)
  // Some beside each other, others as far apart as in a log of a million.
  for (const [index, { conversation }] of messages.entries()) {
    const sequence = sequences[index] ?? 0
    await pool.query(`select setval('search_ids', nextval('search_ids') + $1)`, [[0, 1, 900, 9_000, 45_000][index % 5]])
    await search.index([{ stream: conversation as ConversationId, from: sequence - 1, to: sequence }])
  }
  const page = async (request: SearchRequest): Promise<FoundRow[]> => {
    const rows = await search.find(request)
    const last = rows.at(-1)
    if (last === undefined || rows.length < request.limit) return [...rows]
    return [...rows, ...(await page({ ...request, before: last.id }))]
  }
  const holds: Readonly<Record<string, (body: string) => boolean>> = {
    common: () => true,
    'seldom qua': body => body.includes('seldom'),
    '"quay common"': body => body.includes('quay common'),
    '"common n3"': () => false,
    '"common quay seldom n3"': body => body.includes('common quay seldom n3'),
    n59: body => body.endsWith('n59'),
    n0: body => body.endsWith(' n0'),
  }
  for (const [query, isFound] of Object.entries(holds)) {
    const expected = messages.map(({ body }) => body).filter(isFound)
    for (const limit of [1, 7, 50])
      expect(texts(await page(asking(query, { limit }))), `${query}, ${limit}`).toEqual(expected.toReversed())
  }
  const within = messages.filter(({ conversation }) => conversation === 103).map(({ body }) => body)
  const conversations = [103 as ConversationId]
  for (const query of ['common', '']) {
    const found = await page(asking(query, { conversations, limit: 4, from: query === '' ? [author] : null }))
    expect(texts(found), query).toEqual(within.toReversed())
  }
  const early = await page(asking('', { beforeMicros: 6 * minute, afterMicros: 3 * minute, limit: 2 }))
  expect(texts(early).map(text => text.split(' ').at(-1))).toEqual(['n4', 'n3', 'n2'])
})

test('phrases of texts of which a row does not know all places', async () => {
  await using opened = await openStore()
  const { pool, search } = opened
  const many = `${Array.from({ length: 20_000 }, (_, index) => `w${index}`).join(' ')} the last words`
  const often = `${'again and '.repeat(300)}never again sir`
  await write(pool, [
    { conversation: 100, body: many },
    { conversation: 100, body: often },
  ])
  await search.index([{ stream: 100 as ConversationId, from: 0, to: 2 }])
  const found = async (query: string) => (await search.find(asking(query))).map(row => row.text.slice(-5))
  expect(await found('"the last words"')).toEqual(['words'])
  expect(await found('"last the words"')).toEqual([])
  expect(await found('"w18000 w18001"')).toEqual(['words'])
  expect(await found('"w18000 w18002"')).toEqual([])
  expect(await found('"never again sir"')).toEqual(['n sir'])
  expect(await found('"again again"')).toEqual([])
})

/** As a database is that was brought up to the build before. */
async function migrateBefore(pool: Pool, address: Parameters<typeof migrate>[0]['address']): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'recado-migrations-'))
  try {
    for (const file of await readdir(migrationsDirectory)) {
      if (file < '0015') await cp(join(migrationsDirectory, file), join(directory, file))
    }
    await pool.query('drop schema public cascade; create schema public')
    await migrate({ address, logger: silentLogger, directory })
  } finally {
    await rm(directory, { recursive: true })
  }
}

test('what was there before is read behind a running server, newest first, with what is edited meanwhile', async () => {
  await using opened = await openStore()
  const { address, pool, search } = opened
  await migrateBefore(pool, address)
  const bodies = ['first crane', 'second crane', 'third crane', 'fourth crane', 'fifth crane']
  const [stream] = [100 as ConversationId]
  await write(
    pool,
    bodies.map(body => ({ conversation: stream, body })),
  )
  await pool.query(
    `insert into mails (id, thread_id, author_id, subject, text, state, created_micros, due_micros)
     values (900, 900, $1, 'letter crane', '', 'released', $2, $2)`,
    [author, 2.5 * minute],
  )
  await pool.query(
    `insert into mailbox_entries (account_id, mail_id, folder, authored, received, read, sort_micros, version)
     values ($1, 900, 'inbox', false, true, false, $2, 1)`,
    [reader, 2.5 * minute],
  )
  await migrate({ address, logger: silentLogger })
  const found = async () => texts(await search.find(asking('crane'))).map(text => text.split(' ')[0])
  expect(await found()).toEqual([])
  expect(await search.indexPast(2)).toBe(2)
  expect(await found()).toEqual(['fifth', 'fourth'])

  // Written now, edited and deleted meanwhile: the tail is first, and each keeps its place.
  const change = (sequence: number, kind: string, set: string) =>
    pool.query(
      `with changed as (update messages set ${set} where conversation_id = $1 and sequence = $2)
       insert into events (stream_id, sequence, kind, actor_id, target, micros) values ($1, $2 + 100, $3, $4, $2, 0)`,
      [stream, sequence, kind, author],
    )
  await change(2, 'message.edited', `body = 'other crane', version = 2`)
  await change(5, 'message.edited', `body = 'sixth crane', version = 2`)
  await change(1, 'message.deleted', `body = null, deleted_micros = 1, version = 2`)
  await search.index([{ stream, from: 100, to: 110 }])
  expect(await found()).toEqual(['sixth', 'fourth', 'other'])
  const counts = await Promise.all([search.indexPast(2), search.indexPast(2)])
  expect(counts.reduce((sum, count) => sum + count)).toBe(2)
  expect(await search.indexPast(2)).toBe(0)
  expect(await found()).toEqual(['sixth', 'fourth', 'third', 'letter', 'other'])
})

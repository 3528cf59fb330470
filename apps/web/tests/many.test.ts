/** C1, C2: as many chats as an account may have, and a group of ten thousand: only the rows on screen are drawn. */
import { createNodeClient } from '@recado/client'
import { pastTheServer, startServer, type TestServer } from '@recado/testkit'
import { expect, it, vi } from 'vitest'
import { launchBrowser, password, Seat } from './seat.ts'

const chats = 4_990
const members = 10_000
const patience = { timeout: 60_000 }

/** Written past the server, while nobody is connected. Answers with the group of all. */
async function fill(server: TestServer, accountId: number): Promise<number> {
  return await pastTheServer(server, async sql => {
    await sql.query(
      `with c as (insert into conversations (kind, name, member_count, created_micros)
         select 'group', 'Chat ' || n, 1, now_micros() from generate_series(1, ${chats}) n returning id),
       h as (insert into heads (stream_id, sequence, micros, ordinal, message_sequence)
         select id, 2, now_micros() - id * 1000000, 1, 2 from c),
       r as (insert into register_heads (group_id) select id from c),
       p as (insert into positions (conversation_id, account_id) select id, $1 from c),
       o as (insert into own_positions (conversation_id, account_id) select id, $1 from c),
       m as (insert into messages (conversation_id, sequence, ordinal, id, author_id, client_key, body, created_micros)
         select id, 2, 1, nextval('message_ids'), $1, 'k', 'hello there', now_micros() - id * 1000000 from c)
       insert into memberships (conversation_id, account_id, role, visible_from, joined_sequence, joined_micros)
         select id, $1, 'owner', 0, 1, 0 from c`,
      [accountId],
    )
    const { rows } = await sql.query<{ id: number }>('select min(id) as id from conversations')
    const id = rows[0]?.id ?? 0
    await sql.query(
      `with a as (insert into accounts (id, username, username_folded, display_name, sort_name, role, password_hash,
           search_words, created_micros)
         select 10000000 + n, 'x' || n, 'x' || n, 'Person ' || n, 'person ' || n, 'member', '',
                array_to_tsvector(array['person', n::text]), 0 from generate_series(1, ${members}) n returning id)
       insert into memberships (conversation_id, account_id, role, visible_from, joined_sequence, joined_micros)
         select $1, id, 'member', 0, 1, 0 from a`,
      [id],
    )
    await sql.query('update conversations set member_count = $2 where id = $1', [id, members + 1])
    await sql.query('analyze')
    return id
  })
}

async function signUp(server: TestServer): Promise<number> {
  await using client = createNodeClient({ url: server.url })
  await client.signUp({ username: 'many', password, displayName: 'Many' })
  return client.getSnapshot().me?.id ?? 0
}

it('C1, C2: five thousand chats and ten thousand members are scrolled and searched', {
  tags: ['browser'],
  timeout: 300_000,
}, async () => {
  await using server = await startServer()
  const group = await fill(server, await signUp(server))
  await using owned = new AsyncDisposableStack()
  const browser = await launchBrowser()
  owned.defer(() => browser.close())
  const seat = await Seat.take(browser, { url: server.url })
  await seat.signIn('many')
  const list = seat.page.getByRole('list', { name: 'Chats' })
  await vi.waitFor(async () => expect((await list.boundingBox())?.height).toBeGreaterThan(chats * 60), patience)
  await list.evaluate(element => element.parentElement?.scrollTo(0, element.clientHeight))
  // Most recent first: the last in the list is the one that was written in longest ago.
  await seat.row(`Chat ${chats}`).waitFor(patience)
  expect(await list.getByRole('listitem').count()).toBeLessThan(60)

  await seat.page.goto(`${server.url}/app/chats/${group}?details=true`)
  const people = seat.page.getByRole('list', { name: 'Members' })
  await people.waitFor(patience)
  const loaded = async () => (await people.boundingBox())?.height ?? 0
  const first = await loaded()
  await people.evaluate(element => element.closest('[data-scroller]')?.scrollTo(0, element.clientHeight))
  await vi.waitFor(async () => expect(await loaded()).toBeGreaterThan(first), patience)
  expect(await people.getByRole('listitem').count()).toBeLessThan(60)
  await seat.page.getByLabel('Find a member').fill('person 9876')
  await people.getByText('@x9876').waitFor(patience)
  await vi.waitFor(async () => expect(await people.getByRole('listitem').count()).toBe(1), patience)
  seat.expectNoComplaints()
})

import { connectDedicated } from '@recado/server/store/pool.ts'
import { createTestDatabase } from '@recado/testkit'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { checkStored } from './stored.ts'

const relation = 'select conversation, position, body from kept'
const acknowledged = [{ conversation: 7, sender: 0, count: 3 }]

async function check(bodies: readonly string[]): Promise<readonly string[]> {
  await using database = await createTestDatabase()
  const logger = pino({ level: 'silent' })
  const client = await connectDedicated({ address: database.address, applicationName: 'bench', logger })
  try {
    await client.query('create table kept (conversation bigint, position int, body text)')
    await client.query(
      'insert into kept select 7, place, body from unnest($1::text[]) with ordinality as b(body, place)',
      [bodies],
    )
    return await checkStored(client, relation, acknowledged)
  } finally {
    await client.end()
  }
}

test('what was acknowledged, stored once and in order, is right', async () => {
  expect(await check(['~0.0~x', 'somebody else', '~0.1~x', '~0.2~x'])).toEqual([])
})

test('an acknowledged message that is not stored is found', async () => {
  expect(await check(['~0.0~x', '~0.2~x'])).toEqual([expect.stringContaining('2 of 3 acknowledged')])
})

test('a doubled message is found, even where another is missing', async () => {
  expect(await check(['~0.0~x', '~0.1~x', '~0.1~x'])).toEqual([expect.stringContaining('doubled')])
})

test('an overtaking message is found', async () => {
  expect(await check(['~0.1~x', '~0.0~x', '~0.2~x'])).toEqual([expect.stringContaining('overtook')])
})

test('a message that nobody sent is found', async () => {
  expect(await check(['~0.0~x', '~0.1~x', '~0.2~x', '~9.0~x'])).toEqual([expect.stringContaining('unknown')])
})

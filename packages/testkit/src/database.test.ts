import { connectDedicated } from '@recado/server/store/pool.ts'
import { expect, test } from 'vitest'
import { createTestDatabase } from './database.ts'
import { silentLogger } from './test-cluster.ts'

test('two databases of one run do not see each other', async () => {
  await using one = await createTestDatabase()
  await using other = await createTestDatabase()
  const client = await connectDedicated({ address: one.address, applicationName: 'test', logger: silentLogger })
  await client.query('create table only_here (id int)')
  await client.end()
  const stranger = await connectDedicated({
    address: { kind: 'url', url: other.url },
    applicationName: 'test',
    logger: silentLogger,
  })
  const { rows } = await stranger.query("select to_regclass('only_here') as found")
  await stranger.end()
  expect(rows).toEqual([{ found: null }])
})

test('a connection that was left open fails the disposal', async () => {
  const database = await createTestDatabase()
  const client = await connectDedicated({
    address: database.address,
    applicationName: 'forgetful',
    logger: silentLogger,
  })
  await expect(database[Symbol.asyncDispose]()).rejects.toThrow('forgetful')
  await client.end()
})

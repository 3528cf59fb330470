import { createTestDatabase, silentLogger } from '@recado/testkit'
import { types } from 'pg'
import { expect, test } from 'vitest'
import { connectDedicated, createPool, type DatabaseAddress } from './pool.ts'

function openPool(address: DatabaseAddress, statementTimeoutMs = 0) {
  return createPool({ address, applicationName: 'test', maxConnections: 2, statementTimeoutMs, logger: silentLogger })
}

test('int8 is a number, times are text with their microseconds, and other users of pg are left alone', async () => {
  await using database = await createTestDatabase()
  const pool = openPool(database.address)
  const { rows } = await pool.query(`
    select 9007199254740991::int8 as id, '{1,NULL,-3}'::int8[] as ids, '{}'::int8[] as none,
      timestamptz '2026-11-20 23:59:59.123456+00' as at, count(*) as count from (values (1), (2)) as two`)
  await pool.end()
  expect(rows).toEqual([
    { id: 9007199254740991, ids: [1, null, -3], none: [], at: '2026-11-20 23:59:59.123456+00', count: 2 },
  ])
  const { INT8 } = types.builtins
  expect(types.getTypeParser(INT8)('1')).toBe('1')
})

test('an integer beyond 2^53 is an error and never a neighbouring number', async () => {
  await using database = await createTestDatabase()
  const pool = openPool(database.address)
  await expect(pool.query('select 9007199254740993::int8 as id')).rejects.toThrow(RangeError)
  await expect(pool.query("select '{1,9007199254740993}'::int8[] as ids")).rejects.toThrow(RangeError)
  expect((await pool.query('select 1::int8 as id')).rows).toEqual([{ id: 1 }])
  await pool.end()
})

test('a pool limits its statements, a dedicated connection does not, and both limit idle transactions', async () => {
  await using database = await createTestDatabase()
  const pool = openPool(database.address, 50)
  await expect(pool.query('select pg_sleep(5)')).rejects.toThrow('statement timeout')
  await pool.end()
  const url: DatabaseAddress = { kind: 'url', url: `${database.url}&statement_timeout=50` }
  const client = await connectDedicated({ address: url, applicationName: 'writer', logger: silentLogger })
  const { rows } = await client.query(`
    select current_setting('statement_timeout') as statement, current_setting('application_name') as name,
      current_setting('idle_in_transaction_session_timeout') as idle`)
  await client.end()
  expect(rows).toEqual([{ statement: '0', name: 'writer', idle: '30s' }])
})

test('connections that the database ends do not end the process, and the pool goes on', async () => {
  await using database = await createTestDatabase()
  const pool = openPool(database.address)
  await pool.query('select 1')
  const lost = new Promise(resolve => pool.once('error', resolve))
  const client = await connectDedicated({
    address: database.address,
    applicationName: 'killer',
    logger: silentLogger,
  })
  await client.query(`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'test'`)
  await lost
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await pool.end()
  await client.end()
})

test('a database that cannot be reached is an error of the call', async () => {
  const address: DatabaseAddress = { kind: 'url', url: 'postgresql://nobody:nothing@127.0.0.1:1/none' }
  await expect(connectDedicated({ address, applicationName: 'test', logger: silentLogger })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  })
  const pool = openPool(address)
  await expect(pool.query('select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await pool.end()
})

import { DatabaseError } from 'pg'
import { describe, expect, test } from 'vitest'
import { storeRefusal } from './log/failure.ts'
import { LaneClosed } from './log/lane-writer.ts'
import { DatabaseNotReady, isDiskFull, isOutage, isTransient } from './outage.ts'
import { Refusal } from './problem.ts'

function said(code: string, severity = 'ERROR'): Error {
  return Object.assign(new DatabaseError('as PostgreSQL says it', 1, 'error'), { code, severity })
}

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' })

describe('what an error of the database means', () => {
  test.each([
    ['a lost connection', new Error('Connection terminated unexpectedly')],
    ['no connection in time', new Error('timeout exceeded when trying to connect')],
    ['nobody listening', refused],
    ['nobody listening on any address', new AggregateError([new Error('other'), refused])],
    ['a standby that is missing', new DatabaseNotReady('no synchronous standby answers')],
    ['a shutdown', said('57P01', 'FATAL')],
    ['too many connections', said('53300', 'FATAL')],
    ['an idle transaction that was ended', said('25P03', 'FATAL')],
  ])('%s passes, and a write is refused as retryable', (_, error) => {
    expect([isOutage(error), isTransient(error), isDiskFull(error)]).toEqual([true, false, false])
    expect(storeRefusal(error)).toMatchObject({ problem: { code: 'unavailable', retry: 'same' } })
  })

  test.each([
    ['a deadlock', '40P01'],
    ['a lost race', '40001'],
    ['a lock that was not had', '55P03'],
  ])('%s may succeed at once', (_, code) => {
    expect([isOutage(said(code)), isTransient(said(code))]).toEqual([true, true])
  })

  test.each([
    ['a statement that is wrong', said('42601')],
    ['a broken constraint', said('23505')],
    ['a mistake of ours that has a code of five letters', Object.assign(new Error('broken pipe'), { code: '57P01' })],
    ['a bug', new TypeError('undefined is not a function')],
    ['no error at all', 'Connection terminated'],
  ])('%s is a bug: it stays what it is', (_, error) => {
    expect([isOutage(error), isTransient(error), isDiskFull(error)]).toEqual([false, false, false])
    expect(storeRefusal(error)).toBe(error)
  })

  test('a full disk, a lane that closes and a problem say so themselves', () => {
    expect(storeRefusal(said('53100'))).toMatchObject({ problem: { code: 'storage-full', retry: 'after' } })
    expect(storeRefusal(new LaneClosed())).toMatchObject({ problem: { code: 'unavailable' } })
    const refusal = new Refusal('not-found')
    expect(storeRefusal(refusal)).toBe(refusal)
  })
})

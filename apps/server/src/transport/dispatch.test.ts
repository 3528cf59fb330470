import { Writable } from 'node:stream'
import type { AccountId, SessionId } from '@recado/protocol'
import { expect, test } from 'vitest'
import type { Context } from '../context.ts'
import { createLogger } from '../logger.ts'
import { createMetrics } from '../metrics.ts'
import { handle } from '../operations/handler.ts'
import { handlers } from '../operations/registry.ts'
import { Refusal, refuse } from '../problem.ts'
import { createDispatch } from './dispatch.ts'

const caller = { accountId: 1 as AccountId, sessionId: 2 as SessionId, address: '127.0.0.1', connection: null }

/** A dispatcher whose one operation does as it is told, and what it logs. */
function createOne(run: () => Promise<object>) {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const context = { logger: createLogger({ level: 'debug', destination }) } as Context
  const metrics = createMetrics()
  const told = { ...handlers, 'bell.clear': handle('bell.clear', run) }
  return { dispatch: createDispatch({ context, handlers: told, metrics }), lines, metrics }
}

async function refusalOf(promise: Promise<unknown>) {
  const error = await promise.catch((caught: unknown) => caught)
  if (!(error instanceof Refusal)) throw new Error('it was not refused')
  return error.problem
}

test('an operation answers, and the metrics count it', async () => {
  const { dispatch, metrics } = createOne(async () => ({}))
  expect(await dispatch('bell.clear', { conversationId: null }, caller)).toEqual({})
  expect(await metrics.registry.metrics()).toContain('operation="bell.clear",outcome="ok"} 1')
})

test('what has no session or no valid input never reaches an operation', async () => {
  let ran = false
  const { dispatch } = createOne(async () => {
    ran = true
    return {}
  })
  const visitor = { address: '127.0.0.1', connection: null }
  expect((await refusalOf(dispatch('bell.clear', { conversationId: null }, visitor))).code).toBe('unauthenticated')
  expect((await refusalOf(dispatch('bell.clear', { conversationId: 'x' }, caller))).code).toBe('invalid-input')
  expect(ran).toBe(false)
})

test('a problem passes as it is; one that the contract does not declare is logged', async () => {
  const declared = createOne(async () => refuse('busy'))
  expect((await refusalOf(declared.dispatch('bell.clear', { conversationId: null }, caller))).code).toBe('busy')
  expect(declared.lines).toEqual([])
  const undeclared = createOne(async () => refuse('email-taken'))
  expect((await refusalOf(undeclared.dispatch('bell.clear', { conversationId: null }, caller))).code).toBe(
    'email-taken',
  )
  expect(undeclared.lines.join()).toContain('does not declare')
})

test('a bug is told as internal and nothing else; the log has its cause under the same number', async () => {
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    severity: 'ERROR',
    detail: 'Key (body)=(secret text)',
  })
  const { dispatch, lines } = createOne(async () => {
    throw new Error('the row did not fit', { cause })
  })
  const problem = await refusalOf(dispatch('bell.clear', { conversationId: null }, caller))
  expect(Object.keys(problem).sort()).toEqual(['code', 'instance', 'retry', 'status', 'title', 'type'])
  expect(problem).toMatchObject({ code: 'internal', status: 500, retry: 'never' })
  const line = JSON.parse(lines[0] ?? '')
  expect(line).toMatchObject({ level: 'error', operation: 'bell.clear', instance: problem.instance })
  expect(line.err).toMatchObject({ message: 'the row did not fit', cause: { message: 'duplicate key', code: '23505' } })
  expect(lines.join()).not.toContain('secret text')
})

test('a database that is away is unavailable and not a bug', async () => {
  const away = [
    Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' }),
    new AggregateError([Object.assign(new Error('no'), { code: 'ECONNREFUSED', syscall: 'connect' })]),
    Object.assign(new Error('terminating connection'), { code: '57P01', severity: 'FATAL' }),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
  ]
  for (const error of away) {
    const { dispatch, lines } = createOne(async () => {
      throw error
    })
    const problem = await refusalOf(dispatch('bell.clear', { conversationId: null }, caller))
    expect([problem.code, problem.retry], error.message).toEqual(['unavailable', 'same'])
    expect(JSON.parse(lines[0] ?? '').level).toBe('warn')
  }
})

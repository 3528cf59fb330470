import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

function startLog() {
  const lines: Record<string, unknown>[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  return { lines, logger: createLogger({ level: 'info', destination }) }
}

test('a line is one JSON object with time, level, message and fields', () => {
  const { lines, logger } = startLog()
  logger.debug({ a: 1 }, 'not shown')
  logger.info({ accountId: 7 }, 'signed in')
  expect(lines).toEqual([{ level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), accountId: 7, msg: 'signed in' }])
})

test('what opens a session or is somebody’s text is blanked, at the top and one level down', () => {
  const { lines, logger } = startLog()
  const secrets = { password: 'hunter2', accessToken: 'hunter2', refreshToken: 'hunter2', body: 'hunter2' }
  logger.info({ ...secrets, request: { authorization: 'hunter2', cookie: 'hunter2', data: 'hunter2' } }, 'careless')
  expect(JSON.stringify(lines)).not.toContain('hunter2')
  expect(lines[0]).toMatchObject({ password: '[redacted]', request: { authorization: '[redacted]' } })
})

test('an error keeps its stack and causes, and loses the row that the database stumbled over', () => {
  const { lines, logger } = startLog()
  const cause = Object.assign(new Error('value too long'), { code: '22001', detail: 'hunter2', where: 'hunter2' })
  const error: Error & { cause?: unknown } = new Error('not stored', { cause })
  logger.error({ err: error }, 'failed')
  expect(lines[0]).toMatchObject({ err: { type: 'Error', message: 'not stored', cause: { code: '22001' } } })
  expect(JSON.stringify(lines)).toContain('logger.test.ts')
  expect(JSON.stringify(lines)).not.toContain('hunter2')
  error.cause = error
  logger.error({ err: error }, 'a circle')
  logger.error({ err: 'hunter2' }, 'no error')
  expect(lines).toHaveLength(3)
  expect(JSON.stringify(lines[2])).not.toContain('hunter2')
})

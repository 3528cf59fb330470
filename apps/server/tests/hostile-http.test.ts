import { operationNames, operations } from '@recado/protocol'
import { createGroup, createPeople, type Person, postOperation, startServer } from '@recado/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { examples } from '../src/transport/http/documentation/examples.ts'

/** Those that end sessions or make accounts would only end the test. */
const skipped = new Set(['session.end', 'session.endOthers', 'account.create', 'session.create'])
const callable = operationNames.filter(name => operations[name].transport !== 'socket' && !skipped.has(name))

const hostileValues: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  2_147_483_648,
  '',
  '1',
  '\u0000',
  '\ud800',
  "'; drop table accounts; --",
  '%_\\',
  '../../etc/passwd',
  'x'.repeat(21_000),
  [],
  [[[[]]]],
  {},
  { $gt: '' },
  { toString: 'x' },
  Array.from({ length: 5_000 }, (_, index) => index),
]

/** An input of the contract with one field replaced, removed or added. */
function mutations(example: object): fc.Arbitrary<object> {
  const fields = [...Object.keys(example), 'next', 'limit', 'before', 'above', '__proto__', 'constructor']
  return fc.tuple(fc.constantFrom(...fields), fc.constantFrom(...hostileValues)).map(([field, value]) => {
    return JSON.parse(JSON.stringify({ ...example, [field]: value }))
  })
}

async function attempt(person: Person, conversationId: number, [name, data]: readonly [string, object]) {
  const isOnConversation = 'conversationId' in data && data.conversationId === 20
  const answer = await person.attempt(name, isOnConversation ? { ...data, conversationId } : data)
  expect(answer.status, `${name} ${JSON.stringify(data)?.slice(0, 300)} → ${JSON.stringify(answer.body)}`).toBeLessThan(
    500,
  )
  if (answer.status !== 200) expect(answer.body).toMatchObject({ status: answer.status, code: expect.any(String) })
}

test('S5: whatever stands in a field of whatever operation, the answer is a result or a typed refusal', async () => {
  await using server = await startServer()
  const [ana, bo] = await createPeople(server, 2)
  const conversationId = await createGroup(ana, [bo])
  const requests = fc
    .constantFrom(...callable)
    .chain(name => fc.tuple(fc.constant(name), mutations(examples[name].input)))
  await fc.assert(
    fc.asyncProperty(requests, request => attempt(ana, conversationId, request)),
    { numRuns: 600 },
  )
  expect((await ana.attempt('account.get', {})).status).toBe(200)
})

test('signing up and in survive the same, and neither tells what was sent', async () => {
  await using server = await startServer()
  for (const name of ['account.create', 'session.create', 'session.refresh'] as const) {
    const fields = Object.keys(operations[name].input.properties)
    for (const field of fields) {
      for (const value of hostileValues) {
        const answer = await postOperation(server.url, name, { ...examples[name].input, [field]: value })
        expect(answer.status, `${name} ${field} ${JSON.stringify(value)?.slice(0, 100)}`).toBeLessThan(500)
        if (answer.status !== 200) expect(JSON.stringify(answer.body)).not.toContain('correct horse')
      }
    }
  }
})

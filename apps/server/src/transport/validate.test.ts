import { limits, operationNames, type operations } from '@recado/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Refusal } from '../problem.ts'
import { requireInput } from './validate.ts'

const send = { conversationId: 1, clientMessageId: 'key-1', body: 'Good morning' }

/** Which fields are wrong; empty when the input is accepted. */
function wrongFields(data: unknown, name: keyof typeof operations = 'message.send'): readonly string[] {
  try {
    requireInput(name, data)
    return []
  } catch (error) {
    if (!(error instanceof Refusal) || error.problem.code !== 'invalid-input') throw error
    expect(error.problem.errors?.length ?? 0).toBeGreaterThan(0)
    return error.problem.errors?.map(field => field.path) ?? []
  }
}

test('what the contract allows passes, and is handed on as it came', () => {
  expect(requireInput('message.send', send)).toBe(send)
  for (const body of ['😀', 'é', '\u202e', 'a\nb', '0', 'x'.repeat(limits.bodyLength)]) {
    expect(wrongFields({ ...send, body })).toEqual([])
  }
})

test('every wrong field is named by its JSON Pointer, and the value is not repeated', () => {
  const wrong: [unknown, string[]][] = [
    [undefined, ['']],
    [null, ['']],
    ['text', ['']],
    [[send], ['']],
    [{}, ['/conversationId', '/clientMessageId', '/body']],
    [{ ...send, body: { $gt: '' } }, ['/body']],
    [{ ...send, body: ['x'] }, ['/body']],
    [{ ...send, body: 'a\u0000b' }, ['/body']],
    [{ ...send, body: 'a\ud800b' }, ['/body']],
    [{ ...send, body: 'x'.repeat(limits.bodyLength + 1) }, ['/body']],
    [{ ...send, conversationId: '1' }, ['/conversationId']],
    [{ ...send, conversationId: 1.5 }, ['/conversationId']],
    [{ ...send, conversationId: 0 }, ['/conversationId']],
    [{ ...send, conversationId: 2 ** 53 }, ['/conversationId']],
    [{ ...send, mentions: [1, 1] }, ['/mentions']],
    [{ ...send, mentions: [1, 'x'] }, ['/mentions/1']],
    [{ ...send, restart: false }, ['/restart']],
    [{ ...send, 'a/b~c': 1 }, ['/a~1b~0c']],
    [JSON.parse(`{"__proto__":{"x":1},${JSON.stringify(send).slice(1)}`), ['/__proto__']],
    [{ ...send, constructor: 1 }, ['/constructor']],
  ]
  for (const [data, fields] of wrong) expect(wrongFields(data), JSON.stringify(data)?.slice(0, 80)).toEqual(fields)
  try {
    requireInput('session.create', { login: 'ana', password: ['hunter2'] })
    expect.unreachable()
  } catch (error) {
    expect(JSON.stringify((error as Refusal).problem)).not.toContain('hunter2')
  }
})

test('S5: an input of any size and depth within the byte limit is refused at once', () => {
  let deep: unknown = 1
  for (let i = 0; i < 100_000; i++) deep = i % 2 ? [deep] : { a: deep }
  const many = Array.from({ length: 60_000 }, (_, index) => index)
  const hostile: unknown[] = [
    deep,
    { ...send, mentions: many },
    { ...send, mentions: many.map(String) },
    { ...send, mentions: many.map(() => ({})) },
    { ...send, mentions: [deep, deep] },
    many,
    Object.fromEntries(many.map(index => [`field${index}`, index])),
    { ...send, body: '\u0000'.repeat(limits.requestBytes) },
    { ...send, clientMessageId: 'x'.repeat(limits.requestBytes) },
  ]
  const startedAt = performance.now()
  for (const data of hostile) expect(wrongFields(data).length).toBeLessThanOrEqual(20)
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

test('whatever is thrown at any operation, it is either of the contract or refused', () => {
  fc.assert(
    fc.property(fc.constantFrom(...operationNames), fc.jsonValue({ maxDepth: 6 }), (name, data) => {
      wrongFields(data, name)
    }),
    { numRuns: 2_000 },
  )
})

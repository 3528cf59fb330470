/**
 * S5, L8: hostile JSON in every field of every operation, and other people's ids in every field that takes an id, over
 * HTTP and over the socket. Answered by a typed refusal, never `internal`, and alike whether what is named exists or not.
 */
import { isDeepStrictEqual } from 'node:util'
import { closeCodes, type MailId, type OperationName, operationNames, operations, problems } from '@recado/protocol'
import {
  createGroup,
  createPeople,
  newKey,
  openDirect,
  type Person,
  SocketClient,
  startServer,
  type TestServer,
} from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Field, fieldsOf, type Ground, groundedInput, objectsOf, requestText } from './contract-fields.ts'

/** No field takes these. */
const refusedEverywhere = [
  '1e400',
  '-1e400',
  '9007199254740992',
  '123456789012345678901234567890',
  '1e30',
  '0.5',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udfff\\ud800"',
  '[[]]',
  '{"$gt":""}',
  '{"toString":1}',
]
/** Some fields take some of these. */
const odd = [
  '-0',
  '-1',
  '0e999',
  '1e-400',
  '9007199254740991',
  'null',
  'true',
  '""',
  '[]',
  '{}',
  '"1"',
  '" "',
  '"\\u202e"',
]
/** No message, conversation, account or session has it. */
const absent = 8_888_888_888

type Answer = { readonly result: object } | { readonly problem: { readonly code: string } }
type Ask = (op: OperationName, text: string) => Promise<Answer>

let server: TestServer
let mallory: Person
let ana: Person
let ground: Ground
/** What belongs to others; accounts are everybody's to name. */
let secrets: { readonly conversations: readonly number[]; readonly session: number; readonly mail: number }
let before: unknown
beforeAll(async () => {
  server = await startServer({ env: { RECADO_LOG_LEVEL: 'silent' } })
  const [one, two, three, friend] = await createPeople(server, 4)
  ana = one
  mallory = three
  const direct = await openDirect(ana, two)
  const group = await createGroup(ana, [two])
  for (const id of [direct, group]) await say(ana, id)
  const [session] = (await ana.call('session.list', {})).items
  secrets = { conversations: [direct, group], session: session?.id ?? 0, mail: await write(ana, two) }
  const own = await createGroup(mallory, [friend])
  await mallory.signInAgain()
  const sessions = (await mallory.call('session.list', {})).items
  const other = sessions.find(session => !session.current)?.id ?? 0
  const { sequence } = await say(mallory, own)
  ground = {
    conversation: own,
    account: friend.id,
    sequence,
    session: other,
    mail: await write(mallory, friend),
    token: mallory.token,
  }
  // Until the mail has been handed on, its status moves by itself.
  const statuses = async () => (await ana.call('delivery.list', { mailId: secrets.mail as MailId })).statuses
  await vi.waitFor(async () => expect(await statuses()).toMatchObject({ sent: 1 }), { timeout: 20_000 })
  before = await stateOfOthers()
})
afterAll(async () => {
  expect(await (await fetch(`${server.url}/metrics`)).text()).not.toContain('outcome="internal"')
  await server[Symbol.asyncDispose]()
})

const say = (person: Person, conversationId: number) =>
  person.call('message.send', { conversationId: conversationId as never, clientMessageId: newKey(), body: 'a secret' })

async function write(author: Person, reader: Person): Promise<number> {
  const to = [{ accountId: reader.id }]
  const mail = { clientMessageId: newKey(), to, subject: 'a secret', text: 'a secret' }
  return (await author.call('mail.send', mail)).id
}

/** All that a request of Mallory could have changed of other people's. */
async function stateOfOthers() {
  return {
    conversations: await ana.call('conversation.list', {}),
    sessions: (await ana.call('session.list', {})).items.map(({ lastUsedAt: _, ...session }) => session),
    bell: await ana.call('bell.list', { above: 0 }),
    mails: await ana.call('mailbox.list', { folder: 'sent' }),
  }
}

const transports: Record<'http' | 'socket', () => Promise<{ ask: Ask } & AsyncDisposable>> = {
  async http() {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${mallory.token}` }
    return {
      async ask(op, body) {
        const response = await fetch(`${server.url}/v1/${op}`, { method: 'POST', headers, body })
        const answer = (await response.json()) as { code: string; status: number }
        if (response.ok) return { result: answer }
        expect(answer.status).toBe(response.status)
        return { problem: answer }
      },
      async [Symbol.asyncDispose]() {},
    }
  },
  async socket() {
    const client = await mallory.connect()
    return {
      async ask(op, text) {
        if (op !== 'session.resume') return await request(client, op, text)
        await using another = await SocketClient.open(server.url)
        return await request(another, op, text)
      },
      [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
    }
  },
}

let asked = 1_000_000

/** A closed socket is an answer too, if it says why. */
async function request(client: SocketClient, op: OperationName, text: string): Promise<Answer> {
  asked += 1
  const id = asked
  client.socket.send(`{"id":${id},"op":"${op}","data":${text}}`)
  await Promise.race([client.until(() => client.replies.get(id), `an answer to ${op}`), client.untilClosed()])
  const reply = client.replies.get(id)
  if (reply === undefined) {
    expect(client.closed?.code, op).toBe(closeCodes.unauthenticated.code)
    return { problem: { code: 'unauthenticated' } }
  }
  return 'problem' in reply ? { problem: reply.problem } : { result: reply.result as object }
}

/** Each with what names it, at most so many at once. */
async function forEach<Item>(items: readonly Item[], run: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items]
  const work = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item)
  }
  await Promise.all(Array.from({ length: 16 }, work))
}

function codeOf(answer: Answer, what: string): string {
  if ('result' in answer) return 'ok'
  expect(Object.keys(problems), what).toContain(answer.problem.code)
  expect(answer.problem.code, what).not.toBe('internal')
  return answer.problem.code
}

describe.each(['http', 'socket'] as const)('over %s', transport => {
  const names = operationNames.filter(name => [transport, 'any'].includes(operations[name].transport))
  const fields = names.flatMap(fieldsOf)

  test('S5: what no field may hold is refused in every field, and nothing that is odd is an error', async () => {
    await using to = await transports[transport]()
    const cases = fields.flatMap(field => [...refusedEverywhere, ...odd].map(raw => ({ field, raw })))
    await forEach(cases, async ({ field, raw }) => {
      const what = `${field.op} with ${raw} in ${field.path.join('.')}`
      const code = codeOf(await to.ask(field.op, requestText(field, ground, raw)), what)
      if (refusedEverywhere.includes(raw)) expect(code, what).not.toBe('ok')
    })
    expect(await stateOfOthers()).toEqual(before)
  }, 120_000)

  test('S5: a field that the contract does not know is refused, wherever it stands', async () => {
    await using to = await transports[transport]()
    const cases = names.flatMap(op => objectsOf(op).map(path => ({ op, path })))
    const unknown = ['extra', '__proto__', 'constructor', 'toString', '', 'id\u0000']
    await forEach(
      cases.flatMap(place => unknown.map(name => ({ ...place, name }))),
      async ({ op, path, name }) => {
        const text = requestText({ op, path: [...path, 'unknown field'] }, ground, '{"admin":true}')
        const request = text.replace('"unknown field"', () => JSON.stringify(name))
        expect(codeOf(await to.ask(op, request), op), `${op} with ${name} in ${path.join('.')}`).toBe('invalid-input')
      },
    )
  }, 60_000)

  test('S5: of a key that comes twice the last counts, for the check and for what is done', async () => {
    await using to = await transports[transport]()
    const [secret] = secrets.conversations
    const twice = (...ids: readonly unknown[]) => `{${ids.map(id => `"conversationId":${id}`).join(',')}}`
    const ask = async (text: string) => codeOf(await to.ask('conversation.get', text), text)
    expect(await ask(twice(secret, ground.conversation))).toBe('ok')
    expect(await ask(twice(ground.conversation, secret))).toBe('not-found')
    expect(await ask(twice('"x"', ground.conversation))).toBe('ok')
    expect(await ask(twice(ground.conversation, '1e400'))).toBe('invalid-input')
    await forEach(fields, async field => {
      const text = requestText(field, ground, '1').replace(/}$/, `,${JSON.stringify(field.path[0])}:1e400}`)
      expect(codeOf(await to.ask(field.op, text), text), text).toBe('invalid-input')
    })
  }, 60_000)

  test('L8: other people’s ids are answered like ids that nobody has, in every field that takes one', async () => {
    await using to = await transports[transport]()
    const ask = async (field: Field, id: number) => {
      const answer = await to.ask(field.op, requestText(field, ground, String(id)))
      codeOf(answer, `${field.op} with ${id} in ${field.path.join('.')}`)
      expect(JSON.stringify(answer)).not.toContain('a secret"')
      // What was done twice differs by what it made; that it was done, and what was refused, has to be the same.
      return 'problem' in answer ? answer : { done: Object.keys(answer.result), said: sayings(answer.result, id) }
    }
    // A sequence says nothing by itself: whose it is, its conversation says.
    const ids = fields.filter(field => field.names !== null && field.names !== 'sequence')
    await forEach(ids, async field => {
      const theirs = theirsOf(field)
      const nobodys = await ask(field, absent)
      for (const id of theirs) {
        const answer = await ask(field, id)
        if (!isDeepStrictEqual(answer, nobodys)) {
          expect(answer, `${field.op} with ${id} in ${field.path.join('.')}`).toEqual(nobodys)
        }
      }
    })
    expect(await stateOfOthers()).toEqual(before)
  }, 60_000)

  test('every request that these are made of is in order', async () => {
    await using to = await transports[transport]()
    const ending: readonly OperationName[] = [
      'session.end',
      'session.endOthers',
      'session.create',
      'session.refresh',
      'session.resume',
      'account.create',
      'conversation.leave',
    ]
    for (const op of names.filter(name => !ending.includes(name))) {
      const code = codeOf(await to.ask(op, JSON.stringify(groundedInput(op, ground))), op)
      expect([op, code]).not.toEqual([op, 'invalid-input'])
    }
  })
})

function theirsOf({ names }: Field): readonly number[] {
  if (names === 'session') return [secrets.session]
  return names === 'mail' ? [secrets.mail] : secrets.conversations
}

/** The items of an answer that names what was asked for, without the id itself. */
function sayings(result: object, id: number): unknown {
  if (!('items' in result)) return null
  return JSON.parse(JSON.stringify(result.items).replaceAll(String(id), '0'))
}

import { createGroup, createPeople, newKey, type Person, startServer, type TestServer } from '@recado/testkit'
import { expect, test } from 'vitest'

interface ServerSentEvent {
  readonly event: string
  readonly id: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came
  readonly data: any
}

/** The events of one stream, as they come; leaving the loop hangs up. */
async function* listen(server: TestServer, person: Person, mark?: string): AsyncGenerator<ServerSentEvent> {
  const headers = { authorization: `Bearer ${person.token}`, ...(mark === undefined ? {} : { 'last-event-id': mark }) }
  const hangUp = new AbortController()
  const response = await fetch(`${server.url}/v1/events`, { headers, signal: hangUp.signal })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  try {
    let rest = ''
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks.filter(lines => lines.includes('data:'))) yield parse(block)
    }
  } finally {
    hangUp.abort()
  }
}

function parse(block: string): ServerSentEvent {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? ''
  return { event: field('event'), id: field('id'), data: JSON.parse(field('data')) }
}

/** Everything up to and with the first event that is wanted. */
async function until(
  events: AsyncGenerator<ServerSentEvent>,
  isWanted: (event: ServerSentEvent) => boolean,
): Promise<ServerSentEvent[]> {
  const seen: ServerSentEvent[] = []
  for (;;) {
    const { value, done } = await events.next()
    if (done) throw new Error(`the stream ended after ${JSON.stringify(seen)}`)
    seen.push(value)
    if (isWanted(value)) return seen
  }
}

const isMessage = (body: string) => (event: ServerSentEvent) => event.data.event?.data?.message?.body === body

test('S1: a script hears what happens, and after an interruption gets what it missed exactly once', async () => {
  await using server = await startServer()
  const [ana, bo] = await createPeople(server, 2)
  const conversationId = await createGroup(ana, [bo])
  const say = (body: string) => ana.call('message.send', { conversationId, clientMessageId: newKey(), body })
  const first = listen(server, bo)
  const caughtUp = await until(first, event => event.event === 'caught-up')
  expect(caughtUp.at(-1)?.data.mark).toBe(caughtUp.at(-1)?.id)
  await say('one')
  const [live] = (await until(first, isMessage('one'))).slice(-1)
  expect(live).toMatchObject({ event: 'event', data: { type: 'event', stream: conversationId } })
  await first.return(undefined)
  await say('two')
  await say('three')
  const second = listen(server, bo, caughtUp.at(-1)?.id)
  const missed = await until(second, isMessage('three'))
  const bodies = missed.map(event => event.data.event?.data?.message?.body).filter(body => body !== undefined)
  expect(bodies).toEqual(['one', 'two', 'three'])
  await say('four')
  await until(second, isMessage('four'))
  await second.return(undefined)
})

test('A3: ending a session ends its event streams', async () => {
  await using server = await startServer()
  const [ana] = await createPeople(server, 1)
  const phone = await ana.signInAgain()
  const events = listen(server, phone)
  await until(events, event => event.event === 'caught-up')
  await ana.call('session.endOthers', {})
  const startedAt = performance.now()
  for await (const _event of events);
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})

import { createGroup, createPeople, newKey, startServer } from '@recado/testkit'
import { expect, test } from 'vitest'
import { EventReader } from './event-reader.ts'

const bodies = (reader: EventReader) =>
  reader.frames.flatMap(frame =>
    frame.type === 'event' && frame.event.kind === 'message.created' ? [frame.event.data.message.body] : [],
  )

test('S1: a script hears what happens, and after an interruption gets what it missed exactly once', async () => {
  await using server = await startServer()
  const [ana, bo] = await createPeople(server, 2)
  const conversationId = await createGroup(ana, [bo])
  const say = (body: string) => ana.call('message.send', { conversationId, clientMessageId: newKey(), body })
  using first = new EventReader(server, bo)
  const mark = await first.untilMarked()
  expect(first.response?.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'x-content-type-options': 'nosniff',
  })
  expect(first.frames).toEqual([{ type: 'caught-up', mark }])
  await say('one')
  await first.until(() => bodies(first).includes('one'))
  first[Symbol.dispose]()
  await say('two')
  await say('three')
  using second = new EventReader(server, bo, mark)
  await second.until(() => bodies(second).includes('three'))
  await say('four')
  await second.until(() => bodies(second).includes('four'))
  expect(bodies(second)).toEqual(['one', 'two', 'three', 'four'])
})

test('A3: ending a session ends its event streams', async () => {
  await using server = await startServer()
  const [ana] = await createPeople(server, 1)
  const phone = await ana.signInAgain()
  using events = new EventReader(server, phone)
  await events.untilMarked()
  const startedAt = performance.now()
  await ana.call('session.endOthers', {})
  await events.until(() => events.ended)
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

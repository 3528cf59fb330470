import { OutcomeUnknown, type Writer, WriterLost } from '@recado/server/store/store.ts'
import { expect, test } from 'vitest'
import { StoreBench, sendEntry } from '../contract/store-bench.ts'
import { ModelDatabase } from './database.ts'
import type { Fate } from './link.ts'
import { createModelStore } from './store.ts'

/** A group, and a writer of a node whose next calls meet these fates; `travels` lets one way after the other arrive. */
async function setUp(...fates: readonly Fate[]) {
  let ticks = 0
  const database = new ModelDatabase({ micros: () => ++ticks })
  const bench = await StoreBench.open(createModelStore(database))
  const ada = await bench.person()
  const group = await bench.group(ada)
  const next = [...fates]
  const held: (() => void)[] = []
  let holds = false
  const store = createModelStore(database, {
    travel: () => (holds ? new Promise(resolve => held.push(resolve)) : Promise.resolve()),
    fate: call => (call === 'commit' || call === 'statement' ? (next.shift() ?? 'answered') : 'answered'),
  })
  const writer = await store.openWriter()
  const send = (by: Writer) => by.appendBatch([sendEntry(group, ada)])
  const count = () => database.get('heads', group)?.ordinal
  return { store, writer, send, count, group, hold: () => (holds = true), held }
}

async function attemptOf(call: Promise<unknown>) {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof OutcomeUnknown)) throw new Error('the outcome is known')
  return error.attempt
}

test('L2: a commit that never arrived is unknown, and recovery finds that it is not there', async () => {
  const { store, writer, send, count } = await setUp('lost')
  const { committed, writer: next } = await store.recoverWriter(await attemptOf(send(writer)))
  expect(committed).toBe(false)
  await send(next)
  expect(count()).toBe(1)
})

test('L2: a commit whose answer was lost is unknown, and recovery finds it in the journal', async () => {
  const { store, writer, send, count } = await setUp('done-unheard')
  const attempt = await attemptOf(send(writer))
  expect((await store.recoverWriter(attempt)).committed).toBe(true)
  expect(count()).toBe(1)
})

test('L2: a commit that is still on its way is ended by recovery and never lands', async () => {
  const { store, writer, send, count, hold, held } = await setUp('done-later')
  const sending = attemptOf(send(writer))
  hold()
  const attempt = await sending
  const recovering = store.recoverWriter(attempt)
  const late = held.shift()
  for (let arrived = held.shift(); arrived !== undefined; arrived = held.shift()) {
    arrived()
    await new Promise(resolve => setImmediate(resolve))
  }
  expect((await recovering).committed).toBe(false)
  late?.()
  await new Promise(resolve => setImmediate(resolve))
  expect(count()).toBe(0)
})

test('a statement that is lost undoes its transaction and lets go of its locks', async () => {
  const { store, writer, count, group, send } = await setUp('answered', 'answered', 'lost')
  const losing = writer.transact(async transaction => {
    await transaction.lockStreams([group], [])
    await transaction.updateConversation(group, { name: 'never' })
  })
  await expect(losing).rejects.toThrow(WriterLost)
  await send(await store.openWriter())
  expect(count()).toBe(1)
})

test('two that wait for each other are told apart: one is refused as a deadlock, the other goes on', async () => {
  let ticks = 0
  const database = new ModelDatabase({ micros: () => ++ticks })
  const [one, other] = [database.begin(), database.begin()]
  await one.lock('a')
  await other.lock('b')
  const waiting = one.lock('b')
  await expect(other.lock('a')).rejects.toMatchObject({ code: '40P01' })
  other.rollback()
  await waiting
  one.commit()
})

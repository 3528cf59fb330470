import { silentLogger } from '@recado/testkit'
import { expect, test } from 'vitest'
import type { Commit } from '../store/store.ts'
import { TailConsumer } from './tail-consumer.ts'

const msPerEvent = 1

/** The commits of its turns as `writer.number`, and how long it rested after each, until it has all of these. */
async function follow(journal: readonly Commit[], eventsPerTurn: number) {
  let now = 0
  const turns: { readonly commits: string; readonly restMs: number }[] = []
  let digested = ''
  const ended = Promise.withResolvers<void>()
  await using _consumer = new TailConsumer(
    {
      node: 'one',
      logger: silentLogger,
      log: { transact: async () => true as never },
      store: {
        readJournal: async vector => journal.filter(({ writer, number }) => number > (vector.get(writer) ?? 0)),
        tail: { readCursor: async () => null, readLease: async () => 0 },
      },
      clock: {
        now: () => now,
        defer: setImmediate,
        setTimer(restMs, run) {
          if (digested !== '') turns.push({ commits: digested, restMs })
          digested = ''
          const isOver = turns.reduce((sum, { commits }) => sum + commits.split(' ').length, 0) === journal.length
          if (isOver) ended.resolve()
          else setImmediate(run)
          return () => undefined
        },
      },
    },
    {
      consumer: 'test',
      restFactor: 9,
      eventsPerTurn,
      async digest(commits) {
        digested = commits.map(({ writer, number }) => `${writer}.${number}`).join(' ')
        now += commits.reduce((sum, { streams }) => sum + (streams[0]?.to ?? 0), 0) * msPerEvent
        return null
      },
    },
  )
  await ended.promise
  return turns
}

function commit(writer: number, number: number, events: number): Commit {
  return { writer, number, streams: [{ stream: 1 as never, from: 0, to: events }], registers: [] }
}

test('a turn is as short as its commits allow, every writer has its share, and rests are in proportion', async () => {
  const large = [
    commit(1, 1, 100),
    commit(1, 2, 100),
    commit(1, 3, 20),
    commit(2, 1, 150),
    commit(2, 2, 10),
    commit(2, 3, 9),
  ]
  expect(await follow(large, 200)).toEqual([
    { commits: '1.1 2.1', restMs: 2_250 },
    { commits: '1.2 2.2 1.3 2.3', restMs: 250 },
  ])
  const beside = [commit(1, 1, 1), commit(1, 2, 1), commit(1, 3, 1), commit(2, 1, 900), commit(2, 2, 800)]
  expect(await follow(beside, 200)).toEqual([
    { commits: '1.1 2.1', restMs: 3_000 },
    { commits: '1.2 2.2', restMs: 3_000 },
    { commits: '1.3', restMs: 250 },
  ])
  const small = Array.from({ length: 31 }, (_, index) => commit(1, index + 1, 1))
  expect(await follow(small, 300)).toHaveLength(1)
})

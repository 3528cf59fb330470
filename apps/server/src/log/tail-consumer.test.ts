import { silentLogger } from '@recado/testkit'
import { expect, test } from 'vitest'
import { TailConsumer } from './tail-consumer.ts'

interface Turn {
  readonly commits: number
  readonly restMs: number
}

/** Its turns, where there is always more to do and each commit takes so long. */
async function follow(msPerCommit: number, turns: number): Promise<readonly Turn[]> {
  let now = 0
  let asked = 0
  const done: Turn[] = []
  const ran = Promise.withResolvers<void>()
  await using _consumer = new TailConsumer(
    {
      node: 'one',
      logger: silentLogger,
      log: { transact: async () => true as never },
      store: {
        async readJournal(vector, limit) {
          asked = limit
          const from = vector.get(1) ?? 0
          return Array.from({ length: limit }, (_, at) => ({
            writer: 1,
            number: from + at + 1,
            streams: [],
            registers: [],
          }))
        },
        tail: { readCursor: async () => null, readLease: async () => 0 },
      },
      clock: {
        now: () => now,
        defer: setImmediate,
        setTimer(restMs, run) {
          if (asked > 0) done.push({ commits: asked, restMs })
          if (done.length === turns) ran.resolve()
          else setImmediate(run)
          return () => undefined
        },
      },
    },
    {
      consumer: 'test',
      restFactor: 9,
      async digest(commits) {
        now += commits.length * msPerCommit
        return null
      },
    },
  )
  await ran.promise
  return done
}

test('a turn is short whatever a commit takes, and the rests are a multiple of it', async () => {
  const slow = await follow(60, 6)
  expect(slow.map(turn => turn.commits)).toEqual([8, 4, 2, 1, 1, 1])
  expect(slow.map(turn => turn.restMs)).toEqual([3_000, 2_160, 1_080, 540, 540, 540])
  const quick = await follow(0.1, 7)
  expect(quick.map(turn => turn.commits)).toEqual([8, 16, 32, 64, 128, 256, 256])
  expect(quick.at(-1)?.restMs).toBeCloseTo(256 * 0.1 * 9)
})

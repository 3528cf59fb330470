import { expect, test } from 'vitest'
import { oneAtATime } from './one-at-a-time.ts'

test('who asks while it runs gets one more run, that begins afterwards', async () => {
  const runs: PromiseWithResolvers<void>[] = []
  const ask = oneAtATime(() => {
    const run = Promise.withResolvers<void>()
    runs.push(run)
    return run.promise
  })
  const first = ask()
  await Promise.resolve()
  const ended: string[] = []
  const others = [ask(), ask()].map((asked, at) => asked.then(() => ended.push(`${at}`)))
  await Promise.resolve()
  expect(runs).toHaveLength(1)
  runs[0]?.resolve()
  await first
  await Promise.resolve()
  expect([runs.length, ended]).toEqual([2, []])
  runs[1]?.resolve()
  await Promise.all(others)
  expect([runs.length, ended]).toEqual([2, ['0', '1']])
})

test('a run that fails holds up nobody', async () => {
  let runs = 0
  const ask = oneAtATime(async () => {
    runs++
    if (runs === 1) throw new Error('The disk is broken.')
  })
  await expect(ask()).rejects.toThrow('broken')
  await ask()
  expect(runs).toBe(2)
})

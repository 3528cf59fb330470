import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@recado/testkit'
import { expect, test } from 'vitest'
import { type DiskState, watchDisk } from './disk.ts'

const mebibyte = 1024 * 1024

async function createBench(freeMebibytes: number) {
  await using owned = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'recado-disk-'))
  owned.defer(() => rm(folder, { recursive: true }))
  const reserve = join(folder, 'reserve')
  const changes: boolean[] = []
  const disk = { freeMebibytes }
  const watch = owned.use(
    await watchDisk({
      folder,
      reserve,
      logger: silentLogger,
      onChange: (state: DiskState) => changes.push(state.writesRefused),
      readFreeBytes: async () => disk.freeMebibytes * mebibyte,
    }),
  )
  const all = owned.move()
  const setFree = (mebibytes: number) => {
    disk.freeMebibytes = mebibytes
    return watch.check()
  }
  return { watch, reserve, changes, setFree, [Symbol.asyncDispose]: () => all.disposeAsync() }
}

test('writes are refused below 512 MB and taken again only with a margin above it', async () => {
  await using bench = await createBench(600)
  expect(bench.watch.state.writesRefused).toBe(false)
  for (const free of [512, 511, 513, 639, 640, 600]) await bench.setFree(free)
  expect(bench.changes).toEqual([true, false])
  expect(bench.watch.state).toEqual({ freeBytes: 600 * mebibyte, writesRefused: false })
})

test('a disk that is full at the start refuses writes from the start', async () => {
  await using bench = await createBench(100)
  expect(bench.watch.state.writesRefused).toBe(true)
})

test('the reserve is taken when there is plenty, kept while it is scarce, and given up for a recovery', async () => {
  await using bench = await createBench(1000)
  await bench.watch.check()
  expect(existsSync(bench.reserve)).toBe(false)
  await bench.setFree(4000)
  expect((await stat(bench.reserve)).size).toBe(64 * mebibyte)
  await bench.setFree(100)
  await bench.watch.releaseReserveIfFull()
  expect(existsSync(bench.reserve)).toBe(true)
  await bench.setFree(10)
  await bench.watch.releaseReserveIfFull()
  expect(existsSync(bench.reserve)).toBe(false)
})

test('without a stand-in it reads the real disk', async () => {
  await using watch = await watchDisk({
    folder: tmpdir(),
    reserve: join(tmpdir(), 'never written'),
    logger: silentLogger,
    onChange: () => undefined,
  })
  expect(watch.state.freeBytes).toBeGreaterThan(mebibyte)
})

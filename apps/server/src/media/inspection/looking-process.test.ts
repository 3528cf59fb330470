/** C8: the process in which files are decoded is alone with them, and can be ended. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LookingProcess, TookTooLong } from './looking-process.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-files-'))
})
afterAll(() => rm(folder, { recursive: true }))

const idleMs = 60_000
const at = (name: string) => join(folder, name)
const assignment = (file: string) => ({ file, original: at('original'), preview: at('preview') })

async function write(name: string, side: number): Promise<string> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 30 }
  const image = sharp({ create: { width: side, height: side, channels: 3, background: 'white', noise } })
  await image.png({ compressionLevel: 1 }).toFile(at(name))
  return at(name)
}

test('reads the folder of uploads and nothing else', async () => {
  await using looking = new LookingProcess({ folder, timeoutMs: 30_000, idleMs })
  const outside = join(tmpdir(), `recado-outside-${process.pid}`)
  await writeFile(outside, 'secret')
  try {
    expect(await looking.look(assignment(outside))).toMatchObject({
      failure: expect.stringContaining('has been restricted'),
    })
    await writeFile(at('inside'), 'secret')
    expect(await looking.look(assignment(at('inside')))).toMatchObject({ findings: { type: 'text/plain' } })
  } finally {
    await rm(outside)
  }
})

test('is ended when a file takes too long, and the next file has one of its own', async () => {
  await using looking = new LookingProcess({ folder, timeoutMs: 30_000, idleMs })
  await using hurried = new LookingProcess({ folder, timeoutMs: 1, idleMs })
  const file = await write('slow.png', 1_500)
  await expect(hurried.look(assignment(file))).rejects.toBeInstanceOf(TookTooLong)
  await expect(hurried.look(assignment(file))).rejects.toBeInstanceOf(TookTooLong)
  expect(await looking.look(assignment(file))).toMatchObject({ findings: { image: { width: 1_500, height: 1_500 } } })
})

/** Contents on a local disk, or on one that all nodes share: `ab/abcdef…`, moved there whole and never written in place. */
import { createReadStream } from 'node:fs'
import { access, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Contents } from './contents.ts'

export function createDiskContents(folder: string): Contents {
  const pathOf = (hash: string) => join(folder, requireHash(hash).slice(0, 2), hash)
  return {
    isStored: hash =>
      access(pathOf(hash)).then(
        () => true,
        () => false,
      ),
    async put(hash, file) {
      const path = pathOf(hash)
      await mkdir(dirname(path), { recursive: true })
      await sync(file, 'r+')
      await rename(file, path)
      await sync(dirname(path), 'r')
    },
    async read(hash, { from, to }) {
      const file = await open(pathOf(hash))
      return createReadStream('', { fd: file, start: from, end: to })
    },
    remove: hash => rm(pathOf(hash), { force: true }),
  }
}

/** A name that is no hash never becomes a path. */
function requireHash(hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error('this is no hash')
  return hash
}

async function sync(path: string, flags: 'r' | 'r+'): Promise<void> {
  const file = await open(path, flags)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * Looks at one uploaded file, in a process of its own that may read little, start nothing and is killed when it takes too
 * long (`inspector.ts`). Images are decoded within limits and written anew: what is stored holds pixels and nothing else,
 * neither a place and a camera nor whatever somebody hung before, behind or between them.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { Content } from '../../store/media.ts'
import { boxedTypes, forgetPlace } from './forget-place.ts'
import { isImage, Refused, rewriteImage } from './images.ts'
import type { Assignment, Report } from './report.ts'
import { sniff, sniffedBytes } from './sniff.ts'

export async function inspect(assignment: Assignment): Promise<Report> {
  const { number, file } = assignment
  const type = sniff(await readStart(file))
  if (!isImage(type)) {
    if (boxedTypes.has(type)) await forgetPlace(file)
    return { number, original: file, findings: { type, original: await contentOf(file), image: null } }
  }
  try {
    const { width, height, placeholder } = await rewriteImage(type, assignment)
    const preview = await contentOf(assignment.preview)
    const original = await contentOf(assignment.original)
    const image = { width, height, placeholder, preview }
    return { number, original: assignment.original, findings: { type, original, image } }
  } catch (error) {
    if (error instanceof Refused) return { number, refusal: error.refusal }
    throw error
  }
}

async function readStart(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffedBytes), 0, sniffedBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function contentOf(path: string): Promise<Content> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return { hash: hash.digest('hex'), bytes: (await stat(path)).size }
}

/**
 * Takes out what a HEIC, a film or a sound of the same family tells about where, when and with what it was made: Exif and XMP of a
 * picture, the user data and metadata of a film. Boxes become free space of the same size and items zeros, so nothing that plays or
 * shows has to move (ISO/IEC 14496-12, 4.2, 8.1.2 and 8.11; ISO/IEC 23008-12, annex A).
 *
 * What does not read as such a file is left as it is: no decoder would show it either.
 */
import { type FileHandle, open } from 'node:fs/promises'

interface Box {
  readonly type: string
  /** Of its content, in bytes from the start of the file. */
  readonly from: number
  readonly to: number
  /** Of its name. */
  readonly nameAt: number
}

/** A file has some tens of boxes, a hostile one as many as fit. */
const boxesAtMost = 10_000
/** Of the tables of a picture. Phones write some kilobytes. */
const tableBytesAtMost = 1024 * 1024
const xmpBox = 'be7acfcb97a942e89c71999491e3afac'
const hidden = new Set(['udta', 'meta'])

/** Types of `sniff` that are made of boxes. */
export const boxedTypes: ReadonlySet<string> = new Set(['image/heic', 'video/mp4', 'video/quicktime', 'audio/mp4'])

/** In place. Doing it twice does what doing it once does. */
export async function forgetPlace(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const { size } = await file.stat()
    const boxes = new Boxes(file, size)
    for (const box of await boxes.within(0, size)) {
      if (box.type === 'moov') await forgetFilm(boxes, box)
      else if (box.type === 'meta') await forgetPicture(boxes, box)
      else if (box.type === 'uuid' && (await boxes.read(box.from, box.from + 16)).toString('hex') === xmpBox)
        await boxes.free(box)
    }
    await file.datasync()
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof RangeError)) throw error
  } finally {
    await file.close()
  }
}

class Unreadable extends Error {}

class Boxes {
  readonly #file: FileHandle
  readonly #size: number
  #boxesLeft = boxesAtMost
  /** Nothing is cleared twice in an honest file. */
  #bytesLeft: number

  constructor(file: FileHandle, size: number) {
    this.#file = file
    this.#size = size
    this.#bytesLeft = size
  }

  async read(from: number, to: number): Promise<Buffer> {
    if (to - from > tableBytesAtMost || to < from) throw new Unreadable()
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(to - from), 0, to - from, from)
    if (bytesRead < to - from) throw new Unreadable()
    return buffer
  }

  async within(from: number, to: number): Promise<readonly Box[]> {
    const boxes: Box[] = []
    for (let at = from; at + 8 <= to; ) {
      if (this.#boxesLeft-- <= 0) throw new Unreadable()
      const head = await this.read(at, Math.min(at + 16, to))
      const size = head.readUInt32BE(0)
      const isLong = size === 1
      // A size of nothing reaches to the end.
      const end = size === 0 ? to : at + (isLong ? Number(head.readBigUInt64BE(8)) : size)
      const start = at + (isLong ? 16 : 8)
      if (end < start || end > to) throw new Unreadable()
      boxes.push({ type: head.toString('latin1', 4, 8), from: start, to: end, nameAt: at + 4 })
      at = end
    }
    return boxes
  }

  async clear(from: number, to: number): Promise<void> {
    this.#bytesLeft -= to - from
    if (!(from >= 0 && from <= to && to <= this.#size && this.#bytesLeft >= 0)) throw new Unreadable()
    for (let at = from; at < to; at += tableBytesAtMost) {
      const zeros = Buffer.alloc(Math.min(tableBytesAtMost, to - at))
      await this.#file.write(zeros, 0, zeros.length, at)
    }
  }

  /** The content first: a crash in between leaves an empty box, which is found again. */
  async free(box: Box): Promise<void> {
    await this.clear(box.from, box.to)
    await this.#file.write(Buffer.from('free', 'latin1'), 0, 4, box.nameAt)
  }
}

/** What is said of the film and of each of its tracks. */
async function forgetFilm(boxes: Boxes, film: Box): Promise<void> {
  for (const box of await boxes.within(film.from, film.to)) {
    if (hidden.has(box.type)) await boxes.free(box)
    if (box.type !== 'trak') continue
    for (const part of await boxes.within(box.from, box.to)) if (hidden.has(part.type)) await boxes.free(part)
  }
}

/** A picture's items are named in one table and placed by another. */
async function forgetPicture(boxes: Boxes, meta: Box): Promise<void> {
  const parts = await boxes.within(meta.from + 4, meta.to)
  const tableOf = async (type: string) => {
    const box = parts.find(part => part.type === type)
    return box === undefined ? null : { box, bytes: await boxes.read(box.from, box.to) }
  }
  const [names, places] = [await tableOf('iinf'), await tableOf('iloc')]
  if (names === null || places === null) return
  const telling = await findTelling(boxes, names)
  const data = parts.find(part => part.type === 'idat')
  for (const { item, from, length, base } of readPlaces(places.bytes)) {
    if (!telling.has(item)) continue
    const start = base === 'file' ? from : (data?.from ?? Number.NaN) + from
    await boxes.clear(start, start + length)
  }
}

/** Items that are Exif or XMP. */
async function findTelling(boxes: Boxes, { box, bytes }: { box: Box; bytes: Buffer }): Promise<ReadonlySet<number>> {
  const telling = new Set<number>()
  const entries = box.from + 4 + (bytes.readUInt8(0) === 0 ? 2 : 4)
  for (const entry of await boxes.within(entries, box.to)) {
    const at = entry.from - box.from
    const version = bytes.readUInt8(at)
    if (entry.type !== 'infe' || version < 2) continue
    const wide = version === 2 ? 2 : 4
    const type = bytes.toString('latin1', at + 6 + wide, at + 10 + wide)
    const rest = bytes.toString('latin1', at + 10 + wide, entry.to - box.from)
    if (type === 'Exif' || (type === 'mime' && rest.includes('application/rdf+xml')))
      telling.add(bytes.readUIntBE(at + 4, wide))
  }
  return telling
}

interface Extent {
  readonly item: number
  readonly from: number
  readonly length: number
  readonly base: 'file' | 'data'
}

/** The extents of all items (ISO/IEC 14496-12, 8.11.3). */
function* readPlaces(bytes: Buffer): Generator<Extent> {
  let at = 4
  const next = (size: number): number => {
    if (size !== 0 && size !== 2 && size !== 4 && size !== 8) throw new Unreadable()
    const value = size === 8 ? Number(bytes.readBigUInt64BE(at)) : size === 0 ? 0 : bytes.readUIntBE(at, size)
    at += size
    return value
  }
  const version = bytes.readUInt8(0)
  const sizes = next(2)
  const [offsetSize, lengthSize, baseSize, indexSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15, sizes & 15]
  for (let items = next(version < 2 ? 2 : 4); items > 0; items--) {
    const item = next(version < 2 ? 2 : 4)
    const method = version === 0 ? 0 : next(2) & 15
    next(2)
    const base = next(baseSize)
    for (let extents = next(2); extents > 0; extents--) {
      if (version > 0) next(indexSize)
      const from = base + next(offsetSize)
      const length = next(lengthSize)
      if (method < 2) yield { item, from, length, base: method === 0 ? 'file' : 'data' }
    }
  }
}

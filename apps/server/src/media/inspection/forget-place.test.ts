import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { forgetPlace } from './forget-place.ts'
import { inspect } from './inspect.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-place-'))
})
afterAll(() => rm(folder, { recursive: true }))

const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><place>Praca Onze</place></x:xmpmeta>'

/** A picture as the encoder of AVIF writes it, which has the boxes of a HEIC. */
async function picture(): Promise<Buffer> {
  return await sharp({ create: { width: 64, height: 48, channels: 3, background: 'teal' } })
    .withExif({ IFD0: { Make: 'Secret Camera' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' } })
    .withXmp(xmp)
    .avif({ quality: 80 })
    .toBuffer()
}

async function forgotten(bytes: Buffer): Promise<Buffer> {
  const path = join(folder, 'file')
  await writeFile(path, bytes)
  await forgetPlace(path)
  return await readFile(path)
}

function box(type: string, ...content: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(content.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length + 8)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}

test('C8: a picture of the family of HEIC shows the same and tells nothing', async () => {
  const told = await picture()
  expect(told.includes('Secret Camera')).toBe(true)
  expect(told.includes('Praca Onze')).toBe(true)
  expect((await sharp(told).metadata()).exif).toBeDefined()
  const quiet = await forgotten(told)
  expect(quiet.length).toBe(told.length)
  expect(quiet.includes('Secret Camera')).toBe(false)
  expect(quiet.includes('Praca Onze')).toBe(false)
  expect(await sharp(quiet).raw().toBuffer()).toEqual(await sharp(told).raw().toBuffer())
  expect(await forgotten(quiet)).toEqual(quiet)
})

test('C8: what is uploaded as a HEIC is stored without its place', async () => {
  const told = await picture()
  told.write('heic', 8, 'latin1')
  const file = join(folder, 'upload')
  await writeFile(file, told)
  const report = await inspect({
    number: 1,
    file,
    original: join(folder, 'original'),
    preview: join(folder, 'preview'),
  })
  expect(report).toMatchObject({ original: file, findings: { type: 'image/heic' } })
  expect((await readFile(file)).includes('Secret Camera')).toBe(false)
})

test('C8: a film keeps its frames and loses what is said of it', async () => {
  const frames = box('mdat', 'frames '.repeat(50))
  const place = box('udta', box('\u00a9xyz', '\0\x10\0\0+51.5090-000.0899/'))
  const film = (userData: Buffer, keys: Buffer, xmpBox: Buffer) =>
    Buffer.concat([
      box('ftyp', 'qt  \0\0\0\0'),
      box('moov', box('mvhd', Buffer.alloc(100, 7)), userData, keys, box('trak', box('tkhd', 'kept'), userData)),
      frames,
      xmpBox,
    ])
  const keys = box('meta', box('keys', 'com.apple.quicktime.location.ISO6709'), box('ilst', '+51.5090-000.0899/'))
  const uuid = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex')
  const free = (known: Buffer) => box('free', Buffer.alloc(known.length - 8))
  const xmpBox = box('uuid', uuid, xmp)
  expect(await forgotten(film(place, keys, xmpBox))).toEqual(film(free(place), free(keys), free(xmpBox)))
})

test('what lies about its boxes is left as it is, and never grows', async () => {
  const told = await picture()
  const huge = Buffer.from(told)
  const at = huge.indexOf('iloc', 0, 'latin1')
  // Every length of the table that places its items.
  huge.fill(0xff, at + 16, at + 40)
  const long = box('moov', box('udta', 'x'))
  long.writeUInt32BE(4_000_000_000, 8)
  const many = Buffer.concat(Array.from({ length: 20_000 }, () => box('free')))
  for (const bytes of [
    huge,
    long,
    many,
    told.subarray(0, 100),
    told.subarray(0, at + 12),
    Buffer.alloc(0),
    box('moov'),
  ])
    expect(await forgotten(Buffer.from(bytes))).toEqual(bytes)
})

import { limits, type MediaRefusal } from '@recado/protocol'
import sharp, { type Metadata, type Sharp } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'

const formats = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'heif',
} as const

export type ImageType = keyof typeof formats

export class Refused extends Error {
  readonly refusal: MediaRefusal

  constructor(refusal: MediaRefusal, cause?: unknown) {
    super(refusal, { cause })
    this.name = 'Refused'
    this.refusal = refusal
  }
}

export interface RewrittenImage {
  readonly width: number
  readonly height: number
  readonly placeholder: string
}

/** What ThumbHash takes at most. */
const placeholderPixels = 100
const jpegQuality = 92
const webpQuality = 90
const avifQuality = 60
const previewQuality = 80

sharp.concurrency(1)
sharp.cache(false)

export function isImage(type: string): type is ImageType {
  return Object.hasOwn(formats, type)
}

/** Writes the image and its preview. Raises `Refused`. */
export async function rewriteImage(
  type: ImageType,
  { file, original, preview }: { readonly file: string; readonly original: string; readonly preview: string },
): Promise<RewrittenImage> {
  const isAnimated = (await requireWithinLimits(type, file)) > 1
  return await decoding(async () => {
    const whole = openImage(file, isAnimated ? { pages: -1 } : {})
    const written = await encode(type, isAnimated ? whole : whole.autoOrient()).toFile(original)
    const side = limits.previewPixels
    await openImage(original)
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: previewQuality })
      .toFile(preview)
    return { width: written.width, height: written.pageHeight ?? written.height, placeholder: await sketch(preview) }
  })
}

/** Looks at what the header says before a single pixel is decoded; answers with the number of frames. */
async function requireWithinLimits(type: ImageType, file: string): Promise<number> {
  // The limit of the library would say "unreadable" of what is only too large.
  const metadata = await decoding(() => sharp(file, { limitInputPixels: false, pages: -1 }).metadata())
  if (metadata.format !== formats[type]) throw new Refused('unreadable-image')
  const frames = metadata.pages ?? 1
  if (frames > limits.imageFrames) throw new Refused('too-many-frames')
  if (pixelsOf(metadata, frames) > limits.imagePixels) throw new Refused('too-many-pixels')
  return frames
}

function pixelsOf({ width, height, pageHeight }: Metadata, frames: number): number {
  return width * (pageHeight ?? height) * frames
}

function openImage(file: string, options: { readonly pages?: number } = {}): Sharp {
  return sharp(file, { limitInputPixels: limits.imagePixels, failOn: 'error', sequentialRead: true, ...options })
}

/** In the same format, so that a name still fits. Nothing but pixels is written unless it is asked for. */
function encode(type: ImageType, image: Sharp): Sharp {
  switch (type) {
    case 'image/jpeg':
      return image.jpeg({ quality: jpegQuality, chromaSubsampling: '4:4:4' })
    case 'image/png':
      return image.png()
    case 'image/webp':
      return image.webp({ quality: webpQuality })
    case 'image/gif':
      return image.gif()
    case 'image/avif':
      return image.avif({ quality: avifQuality, effort: 0 })
  }
}

async function sketch(preview: string): Promise<string> {
  const { data, info } = await sharp(preview)
    .resize(placeholderPixels, placeholderPixels, { fit: 'inside', withoutEnlargement: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64')
}

/** The library tells of whatever is wrong with an image by a plain error. A full disk is not the image's fault. */
async function decoding<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && /No space left|unable to open for write|unable to call write/i.test(error.message))
      throw error
    throw new Refused('unreadable-image', error)
  }
}

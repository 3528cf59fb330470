/**
 * What a file is, by its first bytes and never by its name. Only what the product treats differently is told apart;
 * whatever is not recognised is `application/octet-stream` and is only ever downloaded. That is also what text becomes
 * that a browser could take for a document.
 */

/** As much as is looked at. */
export const sniffedBytes = 64 * 1024

interface Signature {
  readonly type: string
  readonly at: number
  readonly bytes: string
}

const signatures: readonly Signature[] = [
  { type: 'image/jpeg', at: 0, bytes: 'ffd8ff' },
  { type: 'image/png', at: 0, bytes: '89504e470d0a1a0a' },
  { type: 'image/gif', at: 0, bytes: hex('GIF87a') },
  { type: 'image/gif', at: 0, bytes: hex('GIF89a') },
  { type: 'audio/flac', at: 0, bytes: hex('fLaC') },
  { type: 'audio/mpeg', at: 0, bytes: hex('ID3') },
  { type: 'application/pdf', at: 0, bytes: hex('%PDF-') },
  { type: 'application/zip', at: 0, bytes: '504b0304' },
  { type: 'application/gzip', at: 0, bytes: '1f8b08' },
  { type: 'application/x-7z-compressed', at: 0, bytes: '377abcaf271c' },
]

const boxBrands: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  avis: 'image/avif',
  heic: 'image/heic',
  heix: 'image/heic',
  mif1: 'image/heic',
  msf1: 'image/heic',
  'M4A ': 'audio/mp4',
  'M4B ': 'audio/mp4',
  'qt  ': 'video/quicktime',
}

const riffForms: Readonly<Record<string, string>> = { WEBP: 'image/webp', WAVE: 'audio/wav', 'AVI ': 'video/x-msvideo' }

const unknown = 'application/octet-stream'

export function sniff(start: Buffer): string {
  const known = signatures.find(({ at, bytes }) => start.subarray(at, at + bytes.length / 2).toString('hex') === bytes)
  return known?.type ?? container(start) ?? (isPlainText(start) ? 'text/plain' : unknown)
}

function container(start: Buffer): string | null {
  const text = (from: number, to: number) => start.toString('latin1', from, to)
  if (text(4, 8) === 'ftyp') return boxBrands[text(8, 12)] ?? 'video/mp4'
  if (text(0, 4) === 'RIFF') return riffForms[text(8, 12)] ?? null
  if (text(0, 4) === 'OggS') return start.includes('theora') ? 'video/ogg' : 'audio/ogg'
  if (start.subarray(0, 4).toString('hex') === '1a45dfa3') {
    return start.subarray(0, 64).includes('webm') ? 'video/webm' : 'video/x-matroska'
  }
  // A frame of MPEG audio, layer III, without a tag before it.
  if (start[0] === 0xff && ((start[1] ?? 0) & 0xe6) === 0xe2) return 'audio/mpeg'
  return null
}

/** UTF-8 without control characters, and no mark-up at its beginning. */
function isPlainText(start: Buffer): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text: string
  try {
    // The last character may be cut.
    text = decoder.decode(start, { stream: true })
  } catch {
    return false
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what tells binary from text
  return !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text) && !/^\s*</.test(text)
}

function hex(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex')
}

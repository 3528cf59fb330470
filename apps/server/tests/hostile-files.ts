/**
 * Files that somebody means badly, made here so that nothing hostile lies in the tree: for each what it is called, what is in
 * it, and what has to become of it.
 */
import { crc32, deflateSync, gzipSync } from 'node:zlib'
import type { MediaRefusal } from '@recado/protocol'
import sharp from 'sharp'

type Fate =
  | { readonly refused: MediaRefusal }
  /** Taken as it is, and only ever downloaded. */
  | { readonly download: true }
  /** Written anew: pixels only, of this type. */
  | { readonly image: string }
  | { readonly text: true }

export interface HostileFile {
  readonly name: string
  /** What it is called afterwards; the same unless told otherwise. */
  readonly called?: string
  content(): Promise<Uint8Array> | Uint8Array
  readonly fate: Fate
}

/** No answer may contain it. */
export const payload = 'alert(document.domain)'
const script = `<script>${payload}</script>`
const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="${payload}">${script}</svg>`
const place = {
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 0/1' },
  IFD0: { Copyright: payload, Model: 'Secret 3000' },
}

const text = (content: string) => () => Buffer.from(content)
const picture = (width = 24, height = 16) => sharp({ create: { width, height, channels: 3, background: '#b5482e' } })
const joined = (...parts: (Uint8Array | string)[]) => Buffer.concat(parts.map(part => Buffer.from(part as string)))

export const hostileFiles: Readonly<Record<string, HostileFile>> = {
  'an SVG with a script': { name: 'logo.svg', content: text(svg), fate: { download: true } },
  'an SVG that is called a PNG': { name: 'logo.png', content: text(svg), fate: { download: true } },
  'an SVG behind an XML declaration and a comment': {
    name: 'a.xml',
    content: text(`\ufeff<?xml version="1.0"?><!-- x -->${svg}`),
    fate: { download: true },
  },
  'an entity bomb': {
    name: 'lol.svg',
    content: text('<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><svg>&b;</svg>'),
    fate: { download: true },
  },
  'HTML that is called a JPEG': {
    name: 'cat.jpg',
    content: text(`<!doctype html>${script}`),
    fate: { download: true },
  },
  'HTML behind white space and a byte order mark': {
    name: 'a.txt',
    content: text(`\ufeff \n\t<html>${script}`),
    fate: { download: true },
  },
  'HTML in UTF-16': {
    name: 'a.txt',
    content: () => Buffer.from(`\ufeff<html>${script}`, 'utf16le'),
    fate: { download: true },
  },
  'HTML in UTF-7': {
    name: 'a.txt',
    content: text(`+ADw-script+AD4-${payload}+ADw-/script+AD4-`),
    fate: { text: true },
  },
  JavaScript: { name: 'a.js', content: text(payload), fate: { text: true } },
  'a style sheet': { name: 'a.css', content: text('*{background:url(//example.org)}'), fate: { text: true } },
  'a page saved as MHTML': {
    name: 'a.mht',
    content: text(`MIME-Version: 1.0\nContent-Type: text/html\n\n${script}`),
    fate: { text: true },
  },
  'a GIF that is JavaScript too': { name: 'a.gif', content: text(`GIF89a/*`), fate: { refused: 'unreadable-image' } },
  'a JPEG with HTML in a comment': {
    name: 'a.jpg',
    content: async () => {
      const image = await picture().jpeg().toBuffer()
      const size = Buffer.from([0xff, 0xfe, 0, script.length + 2])
      return joined(image.subarray(0, 2), size, script, image.subarray(2))
    },
    fate: { image: 'image/jpeg' },
  },
  'a JPEG with HTML behind its end': {
    name: 'a.html',
    content: async () => joined(await picture().jpeg().toBuffer(), script),
    fate: { image: 'image/jpeg' },
  },
  'a PNG that is a ZIP too': {
    name: 'a.png',
    content: async () => joined(await picture().png().toBuffer(), 'PK\u0003\u0004', payload, 'PK\u0005\u0006'),
    fate: { image: 'image/png' },
  },
  'a PNG with a script in a text chunk': {
    name: 'a.png',
    content: async () => {
      const image = await picture().png().toBuffer()
      return joined(image.subarray(0, 33), chunk('tEXt', Buffer.from(`Comment\0${script}`)), image.subarray(33))
    },
    fate: { image: 'image/png' },
  },
  'a JPEG that tells where it was taken': {
    name: 'holiday.jpg',
    content: () => picture().withExif(place).jpeg().toBuffer(),
    fate: { image: 'image/jpeg' },
  },
  'a WebP that tells where it was taken': {
    name: 'holiday.webp',
    content: () => picture().withExif(place).webp().toBuffer(),
    fate: { image: 'image/webp' },
  },
  'a PNG that says it is of 50,000 × 50,000 pixels': {
    name: 'a.png',
    content: () => png(50_000, 50_000, Buffer.alloc(100)),
    fate: { refused: 'too-many-pixels' },
  },
  'a PNG of 400 million black pixels in 400 KB': {
    name: 'a.png',
    content: () => png(20_000, 20_000, Buffer.alloc(20_000 * 20_001)),
    fate: { refused: 'too-many-pixels' },
  },
  'a PNG of 1 × 60 million pixels': {
    name: 'a.png',
    content: () => png(1, 60_000_000, Buffer.alloc(100)),
    fate: { refused: 'too-many-pixels' },
  },
  'a GIF of 600 frames': {
    name: 'a.gif',
    content: () => gif(8, 8, 600),
    fate: { refused: 'too-many-frames' },
  },
  'a GIF of 400 frames of a million pixels': {
    name: 'a.gif',
    content: () => gif(1_000, 1_000, 400),
    fate: { refused: 'too-many-pixels' },
  },
  'a JPEG that breaks off': {
    name: 'a.jpg',
    content: async () => (await picture(400, 400).jpeg().toBuffer()).subarray(0, 700),
    fate: { refused: 'unreadable-image' },
  },
  'a PNG whose pixels are noise': {
    name: 'a.png',
    content: () => png(64, 64, Buffer.alloc(7)),
    fate: { refused: 'unreadable-image' },
  },
  'three bytes that begin like a JPEG': {
    name: 'a.jpg',
    content: () => Buffer.from([0xff, 0xd8, 0xff]),
    fate: { refused: 'unreadable-image' },
  },
  'an AVIF without a picture': {
    name: 'a.avif',
    content: () => joined(Buffer.from([0, 0, 0, 20]), 'ftypavif', Buffer.alloc(8)),
    fate: { refused: 'unreadable-image' },
  },
  'a WebP that is cut': {
    name: 'a.webp',
    content: () => joined('RIFF', Buffer.from([255, 255, 255, 127]), 'WEBPVP8 '),
    fate: { refused: 'unreadable-image' },
  },
  'a PDF with a script': { name: 'a.pdf', content: text(`%PDF-1.7 /JS (${payload})`), fate: { download: true } },
  'a ZIP bomb': { name: 'a.zip', content: () => joined('PK\u0003\u0004', Buffer.alloc(64)), fate: { download: true } },
  'a GZIP bomb': { name: 'a.gz', content: () => gzipSync(Buffer.alloc(10_000_000)), fate: { download: true } },
  'a program that is called a picture': {
    name: 'cat.png',
    content: () => joined('MZ', Buffer.alloc(64)),
    fate: { download: true },
  },
  'a program called a picture by a turn of the text': {
    name: 'photo\u202egpj.exe',
    called: 'photogpj.exe',
    content: () => joined('MZ', Buffer.alloc(64)),
    fate: { download: true },
  },
  'a name that climbs': { name: '../../../etc/passwd', called: 'passwd', content: text('a'), fate: { text: true } },
  'a name that climbs on Windows': {
    name: '..\\..\\win.ini',
    called: 'win.ini',
    content: text('a'),
    fate: { text: true },
  },
  'a name that is a folder': { name: '..', called: 'file', content: text('a'), fate: { text: true } },
  'a name that hides': { name: '.htaccess', called: 'htaccess', content: text('a'), fate: { text: true } },
  'a name that ends a header': {
    name: 'a.txt"\r\nSet-Cookie: a=b\0',
    called: 'a.txt_Set-Cookie_ a=b',
    content: text('a'),
    fate: { text: true },
  },
  'a name of 1,000 letters': {
    name: `${'ü'.repeat(1_000)}.png`,
    called: `${'ü'.repeat(125)}.png`,
    content: text('a'),
    fate: { text: true },
  },
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = joined(type, data)
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return joined(frame.subarray(0, 4), body, frame.subarray(4))
}

/** A grey image whose pixels are what is given, be it enough or not. */
function png(width: number, height: number, pixels: Uint8Array): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return joined(signature, chunk('IHDR', header), chunk('IDAT', deflateSync(pixels)), chunk('IEND', Buffer.alloc(0)))
}

/** Frames of one colour, each a few bytes whatever it measures on screen. */
function gif(width: number, height: number, frames: number): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt16LE(width, 0)
  size.writeUInt16LE(height, 2)
  const screen = joined('GIF89a', size, Buffer.from([0x80, 0, 0, 0, 0, 0, 255, 255, 255]))
  const control = Buffer.from([0x21, 0xf9, 4, 0, 1, 0, 0, 0])
  const frame = joined(control, Buffer.from([0x2c, 0, 0, 0, 0]), Buffer.from([1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]))
  return joined(screen, ...Array.from({ length: frames }, () => frame), Buffer.from([0x3b]))
}

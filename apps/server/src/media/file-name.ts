/** What is left of a name that somebody gave: the last part of a path, without anything that only pretends. */
import { limits } from '@recado/protocol'

/** Control characters, and those that reorder or hide text: `photo\u202egpj.exe` reads as `photoexe.jpg`. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu
const unnamed = 'file'
/** A longer ending is no ending. */
const longestEnding = 16

export function cleanFileName(given: string): string {
  const last = given.replace(unseen, '').split(/[/\\]/).at(-1) ?? ''
  const name = last
    .replace(/\s+/g, ' ')
    .replace(/[<>:"|?*]/g, '_')
    .trim()
  // A name of nothing but dots is a folder's, and one that begins with one hides.
  const shown = name.replace(/^\.+/, '').replace(/[. ]+$/, '')
  return shown === '' ? unnamed : shorten(shown)
}

function shorten(name: string): string {
  if (Buffer.byteLength(name) <= limits.fileNameBytes) return name
  const dot = name.lastIndexOf('.')
  const ending = dot > 0 && name.length - dot <= longestEnding ? name.slice(dot) : ''
  let stem = [...name.slice(0, name.length - ending.length)]
  while (Buffer.byteLength(stem.join('') + ending) > limits.fileNameBytes) stem = stem.slice(0, -1)
  return stem.join('').trimEnd() + ending
}

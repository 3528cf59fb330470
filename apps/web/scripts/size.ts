/**
 * Fails when the first load of the built app is over its budget. Counts what a visitor loads before the first screen
 * stands, gzip compressed as the server sends it: the entry, what it imports, the language, and the screen of the route.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
}

const budgetBytes = 200 * 1024
const dist = join(import.meta.dirname, '../dist')
/** What is loaded for the heaviest first screen beside the entry: the details are not, the language is. */
const firstScreen = ['src/main.tsx', 'src/browser-app.ts', 'src/i18n/locales/pt-BR.po']

function readManifest(): Record<string, Chunk> {
  return JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))
}

function collect(manifest: Record<string, Chunk>, key: string, files: Map<string, number>): void {
  const chunk = manifest[key] ?? Object.entries(manifest).find(([name]) => name.endsWith(key))?.[1]
  if (!chunk || files.has(chunk.file)) return
  files.set(chunk.file, gzipSync(readFileSync(join(dist, chunk.file))).byteLength)
  for (const imported of chunk.imports ?? []) collect(manifest, imported, files)
}

const files = new Map<string, number>()
const manifest = readManifest()
const entry = Object.keys(manifest).find(key => key.endsWith('index.html'))
for (const key of [entry ?? 'index.html', ...firstScreen]) collect(manifest, key, files)
const total = [...files.values()].reduce((sum, bytes) => sum + bytes, 0)
for (const [file, bytes] of files) console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KB  ${file}`)
console.log(`${(total / 1024).toFixed(1).padStart(8)} KB  JavaScript of the first load, of ${budgetBytes / 1024} KB`)
if (total > budgetBytes) {
  console.error('The first load is over its budget.')
  process.exitCode = 1
}

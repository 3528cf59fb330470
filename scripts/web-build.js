/**
 * Builds the web app when something that goes into it has changed, judged by content and not by time: a checkout, a
 * switch of branches and a copied folder set times that say nothing.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { pinnedNode, root } from './root.js'

const inputs = ['apps/web', 'packages/client', 'packages/protocol']
const notInputs = new Set(['node_modules', 'dist'])
const cache = join(root, 'node_modules/.cache/recado')
const stamp = join(cache, 'web-build')

export async function buildWebApp() {
  if (!existsSync(join(root, 'apps/web/vite.config.ts'))) return
  const wanted = hashInputs()
  const built = existsSync(join(root, 'apps/web/dist/index.html')) && existsSync(stamp)
  if (built && readFileSync(stamp, 'utf8') === wanted) return
  console.error('Building the web app …')
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const { status, stdout, stderr } = spawnSync(pinnedNode, [vite, 'build'], {
    cwd: join(root, 'apps/web'),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (status !== 0) throw new Error(`the web app could not be built:\n${stdout ?? ''}${stderr ?? ''}`)
  compressAssets()
  mkdirSync(cache, { recursive: true })
  writeFileSync(stamp, wanted)
}

/** Once here rather than on every request: the server hands the smaller file to browsers that take it. */
function compressAssets() {
  const folder = join(root, 'apps/web/dist/assets')
  for (const name of readdirSync(folder).filter(file => /\.(?:js|css|svg|json)$/.test(file))) {
    const content = readFileSync(join(folder, name))
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content, { params }))
    writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }))
  }
}

function hashInputs() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const file of inputs.flatMap(listFiles)) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function listFiles(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(entry => !notInputs.has(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => (entry.isDirectory() ? listFiles(`${folder}/${entry.name}`) : `${folder}/${entry.name}`))
}

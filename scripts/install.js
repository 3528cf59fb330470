/**
 * Brings `node_modules` to what `package-lock.json` says, and does nothing when it is there.
 *
 * What is installed is read from npm's own record of it, so that an `npm install` by hand counts too. A missing folder is
 * filled with `npm ci`; an outdated one is brought forward in place, because emptying it would pull the ground from under
 * whatever runs on it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pinnedNode, root } from './root.js'

/**
 * @typedef {{ version?: string, link?: boolean, optional?: boolean }} LockEntry
 * @typedef {{ packages: Record<string, LockEntry> }} Lock
 */

export async function installPackages() {
  const installed = readLock('node_modules/.package-lock.json')
  if (installed === undefined) {
    console.error('Installing packages …')
    npm(['ci'])
  } else if (isOutdated(installed)) {
    console.error('Updating packages …')
    npm(['install', '--no-save'])
  }
  // Where npm is told to run no install scripts, the Node package has not fetched its binary yet.
  if (!existsSync(pinnedNode)) npm(['rebuild', 'node', '--ignore-scripts=false'])
  if (!existsSync(pinnedNode)) throw new Error('the Node that Recado runs on could not be installed; see above')
}

/** @param {Lock} installed */
function isOutdated(installed) {
  const wanted = readLock('package-lock.json')
  if (wanted === undefined) throw new Error('package-lock.json is missing; is this clone complete?')
  return Object.entries(wanted.packages).some(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link) return false
    const found = installed.packages[path]
    return found === undefined ? !entry.optional : found.version !== entry.version
  })
}

/**
 * @param {string} path
 * @returns {Lock | undefined}
 */
function readLock(path) {
  const file = join(root, path)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

/** @param {string[]} args */
function npm(args) {
  // The machine's own Node runs npm: the pinned one is among the files that npm is about to replace.
  const bin = join(root, 'node_modules/.bin')
  const path = (process.env.PATH ?? '').split(delimiter).filter(folder => folder !== bin)
  const { status, error } = spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env: { ...process.env, PATH: path.join(delimiter) },
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
  })
  if (error) throw new Error(`npm could not be run: ${error.message}`)
  if (status !== 0) throw new Error(`npm ${args[0]} failed; see above`)
}

import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The clone's folder, wherever the command was typed. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The Node that everything of ours runs on: the npm package `node`, at the version in the lock file. */
export const pinnedNode = join(root, 'node_modules/node/bin/node')

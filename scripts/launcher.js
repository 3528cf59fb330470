/**
 * The one way in: `npm start`, `npm test`, `./recado <command>` and `npx recado <command>` all end here.
 *
 * Plain JavaScript, because this is what runs before anything is installed, on whatever Node the machine has (20.19 or
 * newer). It brings packages and web app up to date and hands over to the pinned Node, which runs our TypeScript as it is.
 */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { become } from './become.js'
import { installPackages } from './install.js'
import { root } from './root.js'
import { buildWebApp } from './web-build.js'

/**
 * @typedef {object} Command
 * @property {string} summary
 * @property {string} entry what the pinned Node runs
 * @property {boolean} needsWebApp
 * @property {string[]} [nodeOptions]
 * @property {string[]} [args]
 */

/** @type {Record<string, Command>} */
const commands = {
  start: { summary: 'run Recado', entry: 'apps/server/src/main.ts', needsWebApp: true },
  dev: {
    summary: 'run Recado and reload it when its source changes',
    entry: 'apps/server/src/main.ts',
    needsWebApp: false,
    nodeOptions: ['--watch', '--watch-preserve-output'],
    args: ['--dev'],
  },
  test: {
    summary: 'run all tests; --without browser,nats leaves out what cannot be had here; paths narrow the run',
    entry: 'scripts/test.ts',
    needsWebApp: false,
  },
  check: {
    summary: 'types, lint, format, import rules, dead code, links; --fix repairs format and simple lint',
    entry: 'scripts/check.ts',
    needsWebApp: false,
  },
  'bench:mail': { summary: 'measure mail, and chat beside it', entry: 'bench/src/mail/main.ts', needsWebApp: true },
  'bench:search': {
    summary: 'measure search, and what it costs',
    entry: 'bench/src/search/main.ts',
    needsWebApp: true,
  },
  'bench:web': { summary: 'measure the web app in Chromium', entry: 'apps/web/bench/main.ts', needsWebApp: true },
  bench: { summary: 'measure the server against the yardstick', entry: 'bench/src/main.ts', needsWebApp: false },
  simulate: {
    summary: "run the SDK against the server's logic in virtual time, from seeds; --seeds, --from, --seed",
    entry: 'packages/testkit/src/simulation/main.ts',
    needsWebApp: false,
  },
  torture: {
    summary: 'kill server and database, cut connections, and check that nothing is lost; --minutes, --seed',
    entry: 'packages/testkit/src/torture/main.ts',
    needsWebApp: false,
  },
}

/**
 * @param {string[]} argv
 * @returns {Promise<number>} the exit code
 */
export async function launch([name = 'help', ...args]) {
  if (['help', '--help', '-h'].includes(name)) {
    console.log(usage())
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    console.error(`recado: there is no command "${name}".\n\n${usage()}`)
    return 2
  }
  process.chdir(root)
  try {
    await installPackages()
    if (command.needsWebApp) await buildWebApp()
  } catch (error) {
    console.error(`recado: ${error instanceof Error ? error.message : error}`)
    // Whoever reads the last line of a test run finds one.
    if (name === 'test') console.log('\n0 passed, 1 failed')
    return 1
  }
  if (!existsSync(command.entry)) {
    console.error(`recado: ${command.entry} is missing; is this clone complete?`)
    return 1
  }
  process.env.PATH = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  return become([...(command.nodeOptions ?? []), command.entry, ...(command.args ?? []), ...args])
}

function usage() {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(8)}${summary}`)
  return ['Usage: ./recado <command>', '', ...lines, '  help    show this', ''].join('\n')
}

/** What the tests need beyond Node, and how Debian calls it. Elsewhere it must be there already. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export type Tool = 'browser' | 'nats'

export const toolNames: Tool[] = ['browser', 'nats']

/** Any of these will do; the first is what to ask for. */
export const programs: Record<Tool, string[]> = {
  browser: ['chromium', 'chromium-browser', 'google-chrome'],
  nats: ['nats-server'],
}

const debianPackages: Record<Tool, string[]> = {
  browser: ['chromium', 'fonts-noto-color-emoji'],
  nats: ['nats-server'],
}

/** Chromium without its windows: in it the app starts for half the cost. Where it cannot be had, the browser does as well. */
const quickBrowser = 'chromium-headless-shell'

/** Installs what is missing where that can be done unasked (as root, on Debian), and returns what is missing still. */
export function installTools(wanted: Tool[]): Tool[] {
  const needed = wanted.filter(tool => !isThere(tool)).flatMap(tool => debianPackages[tool])
  const better = wanted.includes('browser') && !isFound(quickBrowser) ? [quickBrowser] : []
  if (needed.length + better.length > 0 && existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    console.error(`Installing ${[...needed, ...better].join(', ')} …`)
    aptGet(['update', '-qq'])
    // Apart, because an older Debian does not know the second.
    for (const packages of [needed, better]) {
      if (packages.length > 0) aptGet(['install', '-y', '-qq', '--no-install-recommends', ...packages])
    }
  }
  return wanted.filter(tool => !isThere(tool))
}

function isThere(tool: Tool): boolean {
  return programs[tool].some(isFound)
}

function isFound(program: string): boolean {
  // Debian puts servers into /usr/sbin, which not everybody has in PATH.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.some(folder => isExecutable(join(folder, program)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** apt reports on stderr, so that stdout stays the tests' own; whether it worked shows in what is there afterwards. */
function aptGet(args: string[]): void {
  spawnSync('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
  })
}

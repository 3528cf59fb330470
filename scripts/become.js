/**
 * Hands this process over to the pinned Node, so that whoever started it signals and waits for the real thing.
 *
 * Where the running Node can, it is replaced (same process id). Node 20 cannot: there a child in the same process group
 * takes over, SIGTERM, SIGINT and SIGHUP are passed on, and its end becomes ours. `npx` puts a shell between itself and us
 * that dies of a signal and passes nothing on; there we stay too, and take the shell's end for SIGTERM.
 *
 * npm passes SIGINT on as well as the terminal, so a server must take the same signal several times for one.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { pinnedNode } from './root.js'

/** @type {NodeJS.Signals[]} */
const passedOn = ['SIGTERM', 'SIGINT', 'SIGHUP']
const parentCheckMs = 500

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code; never resolves where the process is replaced
 */
export function become(args) {
  const underNpx = process.env.npm_command === 'exec'
  if (!underNpx) process.execve?.(pinnedNode, [pinnedNode, ...args], process.env)
  return new Promise((resolve, reject) => {
    const child = spawn(pinnedNode, args, { stdio: 'inherit' })
    for (const signal of passedOn) process.on(signal, () => child.kill(signal))
    if (underNpx) whenParentEnds(() => child.kill('SIGTERM'))
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
  })
}

/** @param {() => void} act */
function whenParentEnds(act) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    act()
  }, parentCheckMs)
  timer.unref()
}

/**
 * What a server costs, read from /proc: CPU time and memory of a process and everything it started. Linux only.
 *
 * CPU counts children that exited and were waited for (`cutime`, `cstime`), so a connection's PostgreSQL process that
 * ended within the window is not lost. Memory is the proportional set size: a page that several processes share, such as
 * PostgreSQL's shared buffers, counts once in the sum.
 */
import { readdirSync, readFileSync } from 'node:fs'

/** USER_HZ is 100 on every Linux that Node runs on; it is part of the kernel's interface, not of its configuration. */
const ticksPerSecond = 100

interface ProcessStat {
  readonly pid: number
  readonly parent: number
  readonly ticks: number
}

function readStat(pid: number): ProcessStat | null {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return null
  }
  // The name may hold spaces and parentheses: the fields start after the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const number = (index: number) => Number(fields[index])
  return { pid, parent: number(1), ticks: number(11) + number(12) + number(13) + number(14) }
}

/** The roots and all their living descendants. */
function processTree(roots: readonly number[]): ProcessStat[] {
  const children = new Map<number, ProcessStat[]>()
  const tree: ProcessStat[] = []
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid)) continue
    const stat = readStat(pid)
    if (stat === null) continue
    if (roots.includes(pid)) tree.push(stat)
    const siblings = children.get(stat.parent)
    if (siblings) siblings.push(stat)
    else children.set(stat.parent, [stat])
  }
  for (const process of tree) {
    for (const child of children.get(process.pid) ?? []) if (!roots.includes(child.pid)) tree.push(child)
  }
  return tree
}

/** User and system seconds that the tree has spent so far. */
export function cpuSeconds(roots: readonly number[]): number {
  return processTree(roots).reduce((sum, { ticks }) => sum + ticks, 0) / ticksPerSecond
}

/** Proportional set size of the tree in bytes. */
export function memoryBytes(roots: readonly number[]): number {
  let kilobytes = 0
  for (const { pid } of processTree(roots)) {
    try {
      kilobytes += Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0)
    } catch (error) {
      // A process that ended between the listing and the reading has no memory left to count.
      if (readStat(pid) !== null) throw error
    }
  }
  return kilobytes * 1024
}

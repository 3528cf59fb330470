import type { Vector } from '../store/store.ts'

/** A mark as clients hold it: `epoch:writer.number,writer.number`, opaque to them. */
export function formatMark(epoch: string, vector: Vector): string {
  const parts = [...vector].sort(([a], [b]) => a - b).map(([writer, number]) => `${writer}.${number}`)
  return `${epoch}:${parts.join(',')}`
}

/** Null for what is no mark of this history: the client starts over (L6). */
export function parseMark(epoch: string, mark: string): Vector | null {
  const [history, list, ...others] = mark.split(':')
  if (history !== epoch || list === undefined || others.length > 0) return null
  const vector = new Map<number, number>()
  if (list === '') return vector
  for (const part of list.split(',')) {
    const match = /^(\d{1,5})\.(\d{1,15})$/.exec(part)
    if (match === null) return null
    vector.set(Number(match[1]), Number(match[2]))
  }
  return vector
}

/** How many commits lie between: numbers are dense, so it takes no reading. Negative parts mean another history. */
export function commitsBetween(from: Vector, to: Vector): number | null {
  let count = 0
  for (const [writer, number] of to) count += number - (from.get(writer) ?? 0)
  for (const [writer, number] of from) if (number > (to.get(writer) ?? 0)) return null
  return count
}

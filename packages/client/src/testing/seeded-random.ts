import type { Random } from '../ports.ts'

/** mulberry32: small, fast, and the same for the same seed. */
export function createSeededRandom(seed: number): Random {
  let state = seed >>> 0
  let ids = 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return { next, id: () => `id-${seed}-${++ids}` }
}

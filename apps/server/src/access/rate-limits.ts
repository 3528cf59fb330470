/**
 * How often one may try to sign in or up: token buckets by account name and by address, per node, in bounded memory.
 * A name's bucket refills fast enough that a stranger's attempts slow its owner down and never lock him out; a
 * successful sign-in gives its attempt back.
 */
import { isIPv6 } from 'node:net'
import type { Clock } from '../clock.ts'
import { Refusal } from '../problem.ts'
import { foldName } from '../store/folding.ts'

export interface SignInAttempt {
  readonly login: string
  readonly address: string
}

export interface RateLimits {
  /** Counts an attempt; raises `rate-limited`. */
  requireSignIn(attempt: SignInAttempt): void
  /** What the attempt took is given back: only failures wear a limit out. */
  signInSucceeded(attempt: SignInAttempt): void
  /** Counts an attempt; raises `rate-limited`. */
  requireSignUp(address: string): void
}

interface BucketKind {
  readonly capacity: number
  readonly refillMs: number
}

/** Ten attempts a minute for one name: a password of eight random characters outlives that by far. */
const signInByName: BucketKind = { capacity: 20, refillMs: 6_000 }
/** An office behind one address signs in at nine o'clock. */
const signInByAddress: BucketKind = { capacity: 100, refillMs: 1_000 }
const signUpByAddress: BucketKind = { capacity: 50, refillMs: 10_000 }
/** At some 200 bytes each, a few megabytes however many names and addresses are tried. */
const maxBuckets = 20_000

export const noRateLimits: RateLimits = {
  requireSignIn: () => undefined,
  signInSucceeded: () => undefined,
  requireSignUp: () => undefined,
}

export function createRateLimits(clock: Clock): RateLimits {
  const names = createBuckets(clock, signInByName)
  const signIns = createBuckets(clock, signInByAddress)
  const signUps = createBuckets(clock, signUpByAddress)
  return {
    requireSignIn({ login, address }) {
      signIns.require(addressKey(address))
      names.require(foldName(login))
    },
    signInSucceeded({ login, address }) {
      signIns.giveBack(addressKey(address))
      names.giveBack(foldName(login))
    },
    requireSignUp: address => signUps.require(addressKey(address)),
  }
}

/** An IPv6 customer has at least a /64 to himself, so that counts as one address. */
function addressKey(address: string): string {
  if (!isIPv6(address)) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1] !== undefined) return mapped[1]
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const tailGroups = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - groups.length - tailGroups.length
  return [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...tailGroups].slice(0, 4).join(':')
}

interface Buckets {
  require(key: string): void
  giveBack(key: string): void
}

function createBuckets(clock: Clock, kind: BucketKind): Buckets {
  /** In the order of last use; a key that is not here has a full bucket. */
  const buckets = new Map<string, { tokens: number; atMs: number }>()
  const refill = (key: string) => {
    const now = clock.now()
    const { tokens, atMs } = buckets.get(key) ?? { tokens: kind.capacity, atMs: now }
    return { tokens: Math.min(kind.capacity, tokens + Math.max(0, now - atMs) / kind.refillMs), atMs: now }
  }
  /** Many at once: a walk that begins passes all that was deleted before. */
  const forgetOldest = () => {
    let left = maxBuckets / 20
    for (const oldest of buckets.keys()) {
      if (left-- <= 0) return
      buckets.delete(oldest)
    }
  }
  const keep = (key: string, bucket: { tokens: number; atMs: number }) => {
    buckets.delete(key)
    buckets.set(key, bucket)
    if (buckets.size > maxBuckets) forgetOldest()
  }
  return {
    require(key) {
      const bucket = refill(key)
      if (bucket.tokens < 1) {
        throw new Refusal('rate-limited', { retryAfterMs: Math.ceil((1 - bucket.tokens) * kind.refillMs) })
      }
      keep(key, { ...bucket, tokens: bucket.tokens - 1 })
    },
    giveBack(key) {
      const bucket = refill(key)
      keep(key, { ...bucket, tokens: Math.min(kind.capacity, bucket.tokens + 1) })
    },
  }
}

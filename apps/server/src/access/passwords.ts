/**
 * Passwords as argon2id hashes. Hashing runs on the thread pool, a bounded number at once, so that a flood of sign-ins
 * takes neither the event loop nor the memory of everybody else: who comes when the queue is full is refused as `busy`.
 * A name that does not exist costs the same as a wrong password, because a hash that nobody knows is checked instead.
 */

import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/argon2'
import { Refusal } from '../problem.ts'

export interface Passwords {
  hash(password: string): Promise<string>
  /** Null stands for an account that does not exist: it takes as long and is never right. */
  verify(passwordHash: string | null, password: string): Promise<boolean>
}

/** What OWASP asks of argon2id with little memory (19 MiB, 2 passes): many at once fit, and one takes a few hundredths of a second. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** One core stays free for the event loop. */
const concurrency = Math.max(1, Math.min(availableParallelism() - 1, 3))
const maxWaiting = 256
const busyRetryMs = 2000

export async function createPasswords(): Promise<Passwords> {
  const slots = createSlots(concurrency, maxWaiting)
  const nobodysHash = await hash(randomBytes(32), parameters)
  return {
    hash: password => slots.run(() => hash(prepare(password), parameters)),
    async verify(passwordHash, password) {
      const matches = await slots.run(() => verify(passwordHash ?? nobodysHash, prepare(password)))
      return matches && passwordHash !== null
    },
  }
}

/** The same password typed on another keyboard may be other code points (RFC 8265, section 4.2). */
function prepare(password: string): string {
  return password.normalize('NFC')
}

interface Slots {
  run<Result>(work: () => Promise<Result>): Promise<Result>
}

function createSlots(size: number, queueSize: number): Slots {
  let free = size
  const waiting: (() => void)[] = []
  return {
    async run(work) {
      if (free > 0) free -= 1
      else if (waiting.length < queueSize) await new Promise<void>(resolve => waiting.push(resolve))
      else throw new Refusal('busy', { retryAfterMs: busyRetryMs })
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next === undefined) free += 1
        else next()
      }
    },
  }
}

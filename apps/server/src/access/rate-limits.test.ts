import { collectGarbage } from '@recado/testkit'
import { expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { Refusal } from '../problem.ts'
import { createRateLimits, type RateLimits } from './rate-limits.ts'

function startLimits() {
  const time = { now: 1_000_000 }
  return { time, limits: createRateLimits({ ...systemClock, now: () => time.now }) }
}

/** How many attempts pass until one is refused, and how long that one has to wait. */
function exhaust(attempt: () => void): { passed: number; retryAfterMs: number } {
  for (let passed = 0; passed < 10_000; passed++) {
    try {
      attempt()
    } catch (error) {
      if (!(error instanceof Refusal) || error.problem.code !== 'rate-limited') throw error
      return { passed, retryAfterMs: error.problem.retryAfterMs ?? 0 }
    }
  }
  throw new Error('nothing was refused')
}

const tryAs = (limits: RateLimits, login: string, address: string) => () => limits.requireSignIn({ login, address })

test('a name is tried twenty times from anywhere, in any spelling, then once every six seconds', () => {
  const { time, limits } = startLimits()
  let host = 0
  const attempt = () => limits.requireSignIn({ login: host % 2 ? 'Ana' : 'ana', address: `10.0.0.${host++}` })
  expect(exhaust(attempt)).toEqual({ passed: 20, retryAfterMs: 6_000 })
  time.now += 6_000
  expect(exhaust(attempt).passed).toBe(1)
  expect(() => limits.requireSignIn({ login: 'bia', address: '10.0.0.1' })).not.toThrow()
})

test('an address tries a hundred names, then one a second; other addresses go on', () => {
  const { time, limits } = startLimits()
  let name = 0
  const attempt = () => limits.requireSignIn({ login: `name${name++}`, address: '10.0.0.1' })
  expect(exhaust(attempt)).toEqual({ passed: 100, retryAfterMs: 1_000 })
  expect(tryAs(limits, 'zoe', '10.0.0.2')).not.toThrow()
  time.now += 3_000
  expect(exhaust(attempt).passed).toBe(3)
})

test('who signs in wears nothing out', () => {
  const { limits } = startLimits()
  for (let i = 0; i < 500; i++) {
    limits.requireSignIn({ login: 'ana', address: '10.0.0.1' })
    limits.signInSucceeded({ login: 'ana', address: '10.0.0.1' })
  }
  expect(exhaust(tryAs(limits, 'ana', '10.0.0.1')).passed).toBe(20)
})

test('a network of IPv6 counts as one address, an IPv4 address in either form as the same', () => {
  const { limits } = startLimits()
  let host = 0
  expect(exhaust(() => limits.requireSignUp(`2001:db8:1:2::${(host++).toString(16)}`)).passed).toBe(50)
  expect(() => limits.requireSignUp('2001:db8:1:2:aaaa:bbbb:cccc:dddd')).toThrow()
  expect(() => limits.requireSignUp('2001:db8:1:3::1')).not.toThrow()
  expect(exhaust(() => limits.requireSignUp('::ffff:10.0.0.9')).passed).toBe(50)
  expect(() => limits.requireSignUp('10.0.0.9')).toThrow()
})

test('a flood of names and addresses takes bounded memory', () => {
  const { limits } = startLimits()
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < 200_000; i++) {
    limits.requireSignIn({ login: `somebody with a rather long name ${i}`, address: `host ${i}` })
  }
  collectGarbage()
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000)
  // The limits are still there to be counted.
  expect(() => limits.requireSignIn({ login: 'ana', address: 'host' })).not.toThrow()
})

import { expect, test } from 'vitest'
import { createPasswords } from './passwords.ts'

test('A9: a password is kept as argon2id with a salt of its own, and only the same one matches', async () => {
  const passwords = await createPasswords()
  const [one, other] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(one).not.toBe(other)
  expect(await passwords.verify(one, 'correct horse')).toBe(true)
  expect(await passwords.verify(one, 'correct horsf')).toBe(false)
})

test('the same password in other code points matches, and no byte of a long one is ignored', async () => {
  const passwords = await createPasswords()
  expect(await passwords.verify(await passwords.hash('caf\u00e9 forte'), 'cafe\u0301 forte')).toBe(true)
  const long = 'x'.repeat(255)
  expect(await passwords.verify(await passwords.hash(`${long}a`), `${long}b`)).toBe(false)
})

test('A2: nobody’s password is never right and takes as long as a wrong one', async () => {
  const passwords = await createPasswords()
  const known = await passwords.hash('correct horse')
  const time = async (hash: string | null) => {
    const startedAt = performance.now()
    expect(await passwords.verify(hash, 'wrong')).toBe(false)
    return performance.now() - startedAt
  }
  const [wrong, unknown]: [number[], number[]] = [[], []]
  for (let i = 0; i < 9; i++) {
    wrong.push(await time(known))
    unknown.push(await time(null))
  }
  const median = (times: number[]) => times.sort((a, b) => a - b)[4] ?? 0
  // Without the hash that nobody knows the ratio is a thousand.
  expect(median(wrong) / median(unknown)).toBeLessThan(3)
  expect(median(unknown) / median(wrong)).toBeLessThan(3)
})

test('a flood waits in a bounded queue, and what goes over it is refused', async () => {
  const passwords = await createPasswords()
  const attempts = Array.from({ length: 300 }, () => passwords.verify('not a hash', 'x').catch(error => error))
  const answers = await Promise.all(attempts)
  const refused = answers.filter(answer => answer?.problem?.code === 'busy')
  expect(refused.length).toBeGreaterThan(30)
  expect(refused.length).toBeLessThan(45)
  expect(refused[0].problem.retryAfterMs).toBeGreaterThan(0)
  expect(await passwords.verify(null, 'x')).toBe(false)
})

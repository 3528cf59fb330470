import type { AccountId, MailId, SessionId } from '@recado/protocol'
import { expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { createAddressTokens } from './address-tokens.ts'

const reader = { accountId: 12 as AccountId, sessionId: 31 as SessionId }
const letter = { bodyOf: 7001 as MailId }

async function createTokens() {
  let now = Date.UTC(2026, 10, 26, 12, 59, 59)
  const tokens = await createAddressTokens({
    clock: { ...systemClock, now: () => now },
    secrets: { loadSecret: async (_name, candidate) => candidate },
  })
  const pass = (ms: number) => {
    now += ms
  }
  return { tokens, pass }
}

test('a token says who asks, for an hour to two', async () => {
  const { tokens, pass } = await createTokens()
  for (const addressed of ['files', letter] as const) {
    const { token, expiresAt } = tokens.issue(reader, addressed)
    expect(expiresAt).toBe('2026-11-26T14:00:00.000Z')
    expect(tokens.verify(token, addressed)).toEqual(reader)
    expect(tokens.issue(reader, addressed).token).toBe(token)
  }
  const { token } = tokens.issue(reader, letter)
  pass(60 * 60_000)
  expect(tokens.verify(token, letter)).toEqual(reader)
  pass(1_000)
  expect(() => tokens.verify(token, letter)).toThrow(
    expect.objectContaining({ problem: expect.objectContaining({ code: 'token-expired' }) }),
  )
})

test('a token is good for what it was given for alone, and for who it was given to', async () => {
  const { tokens } = await createTokens()
  const refused = expect.objectContaining({ problem: expect.objectContaining({ code: 'unauthenticated' }) })
  const [files, mail] = [tokens.issue(reader, 'files').token, tokens.issue(reader, letter).token]
  expect(() => tokens.verify(files, letter)).toThrow(refused)
  expect(() => tokens.verify(mail, 'files')).toThrow(refused)
  expect(() => tokens.verify(mail, { bodyOf: 7002 as MailId })).toThrow(refused)
  for (const forged of [mail.replace(/^12/, '13'), mail.replace('.31.', '.32.'), `${mail}A`, '', '1.2.3', `0${mail}`]) {
    expect(() => tokens.verify(forged, letter)).toThrow(refused)
  }
  const other = await createTokens()
  expect(() => other.tokens.verify(mail, letter)).toThrow(refused)
})

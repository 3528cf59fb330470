import { expect, test } from 'vitest'
import { Refusal } from '../problem.ts'
import { type ProfileInput, requireProfile } from './profile.ts'

const ana: ProfileInput = { username: 'ana', displayName: 'Ana' }

function wrongFields(input: ProfileInput): readonly string[] {
  try {
    requireProfile(input)
    return []
  } catch (error) {
    if (!(error instanceof Refusal) || error.problem.code !== 'invalid-input') throw error
    return error.problem.errors?.map(field => field.path) ?? []
  }
}

test('names of people everywhere are names', () => {
  const names = ['ana', 'José Ñandú', '山田', 'محمد', 'नमस्ते', "o'neil", 'a b', '👩‍👩‍👧', 'x'.repeat(255)]
  for (const username of names) expect(wrongFields({ ...ana, username }), username).toEqual([])
  expect(requireProfile({ ...ana, displayName: '  Ana Maria ' }).displayName).toBe('Ana Maria')
})

test('a username that hides something, or could be an e-mail address, is refused', () => {
  const names = [
    ' ana', 'ana ', '\u00a0ana', 'ana\n', 'a\u0007na', 'ana@example.org', 'ana\uff20example.org', 'a\u202ena',
    'a\u200bna', '\u3164', '\u2800', '\ufdfa'.repeat(255), ' ',
  ] // biome-ignore format: a table
  for (const username of names)
    expect(wrongFields({ ...ana, username }), JSON.stringify(username)).toContain('/username')
})

test('a display name of nothing that can be seen is refused', () => {
  for (const displayName of ['\u00ad', '\u3164\u3164', ' \u2800 ', '\u200d']) {
    expect(wrongFields({ ...ana, displayName }), JSON.stringify(displayName)).toEqual(['/displayName'])
  }
})

test('each field that is wrong is named', () => {
  const input = { username: 'a@b', displayName: ' ', email: 'ana', phone: 'call me' }
  expect(wrongFields(input)).toEqual(['/username', '/displayName', '/email', '/phone'])
})

test('addresses and numbers as people write them pass, others do not', () => {
  for (const email of ['ana@example.org', 'ana.maria+x@mail.example.co', 'ana@localhost', 'josé@exämple.org']) {
    expect(wrongFields({ ...ana, email }), email).toEqual([])
  }
  for (const email of ['ana', '@example.org', 'ana@', 'a b@c', 'a@b@c', 'ana@.org', 'ana@example..org']) {
    expect(wrongFields({ ...ana, email }), email).toEqual(['/email'])
  }
  for (const phone of ['+55 (11) 91234-5678', '0171/1234567']) expect(wrongFields({ ...ana, phone })).toEqual([])
  for (const phone of ['+', '()-', '12a34', '++12']) expect(wrongFields({ ...ana, phone })).toEqual(['/phone'])
})

/** What an account may be called. The contract checks types and lengths; these are the rules that a schema cannot say. */
import type { FieldError } from '@recado/protocol'
import { Refusal } from '../problem.ts'
import { foldName, maxFoldedBytes } from '../store/folding.ts'
import { checkName } from './names.ts'

export interface ProfileInput {
  readonly username: string
  readonly displayName: string
  readonly email?: string
  readonly phone?: string
}

export interface Profile {
  readonly username: string
  readonly displayName: string
  readonly email: string | null
  readonly phone: string | null
}

/** RFC 5321 allows more; what is refused here no provider hands out. */
const emailForm = /^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}.]+(\.[^\s@\p{Cc}.]+)*$/u
const phoneForm = /^\+?[\d ()./-]*\d[\d ()./-]*$/

/** Raises `invalid-input` with a line for each field. */
export function requireProfile(input: ProfileInput): Profile {
  const displayName = input.displayName.trim()
  const email = input.email?.trim() ?? null
  const errors = [
    ...checkUsername(input.username),
    ...checkName('/displayName', displayName),
    ...checkField('/email', email === null || isEmail(email), 'must be an e-mail address'),
    ...checkField('/phone', input.phone === undefined || phoneForm.test(input.phone), 'must be a phone number'),
  ]
  if (errors.length > 0) throw new Refusal('invalid-input', { errors })
  return { username: input.username, displayName, email, phone: input.phone ?? null }
}

function checkUsername(username: string): readonly FieldError[] {
  const folded = foldName(username)
  return [
    ...checkField('/username', username.trim() === username, 'must not begin or end with white space'),
    ...checkName('/username', username),
    ...checkField('/username', !folded.includes('@'), 'must not hold an @'),
    ...checkField('/username', Buffer.byteLength(folded) <= maxFoldedBytes, 'is too long'),
  ]
}

function isEmail(email: string): boolean {
  return (
    emailForm.test(email) &&
    checkName('/email', email).length === 0 &&
    Buffer.byteLength(foldName(email)) <= maxFoldedBytes
  )
}

function checkField(path: string, isValid: boolean, message: string): readonly FieldError[] {
  return isValid ? [] : [{ path, message }]
}

/** HS256 tokens (RFC 7515) with nothing but `sub` and `exp`: the least that a token check can be. */
import { createHmac, timingSafeEqual } from 'node:crypto'

const header = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')

export function signToken(secret: string, accountId: number, lifeSeconds: number): string {
  const claims = { sub: accountId, exp: Math.floor(Date.now() / 1000) + lifeSeconds }
  const content = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`
}

/** The account that the token names, or null when it is forged or expired. */
export function verifyToken(secret: string, token: string): number | null {
  const end = token.lastIndexOf('.')
  const start = token.indexOf('.')
  if (start < 0 || start === end || token.slice(0, start) !== header) return null
  const signature = Buffer.from(token.slice(end + 1), 'base64url')
  const expected = createHmac('sha256', secret).update(token.slice(0, end)).digest()
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return null
  const claims: unknown = JSON.parse(Buffer.from(token.slice(start + 1, end), 'base64url').toString())
  if (typeof claims !== 'object' || claims === null || !('sub' in claims) || !('exp' in claims)) return null
  if (typeof claims.sub !== 'number' || typeof claims.exp !== 'number') return null
  return claims.exp * 1000 > Date.now() ? claims.sub : null
}

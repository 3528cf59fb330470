/**
 * Which web pages may call. A browser names the page's origin and no page can forge it; a program names none and is
 * judged by its token alone. The server's own origin is where the request was sent to, and what people type.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { Config } from '../../config.ts'

/** `own` may use cookies, `allowed` bearer tokens only, `foreign` nothing; `none` is no browser, or no cross-site request. */
export type OriginStanding = 'none' | 'own' | 'allowed' | 'foreign'

export type OriginPolicy = (headers: Pick<IncomingHttpHeaders, 'origin' | 'host'>) => OriginStanding

export function createOriginPolicy(config: Pick<Config, 'publicUrl' | 'allowedOrigins'>): OriginPolicy {
  const allowed = new Set(config.allowedOrigins)
  return ({ origin, host }) => {
    if (origin === undefined) return 'none'
    if (origin === config.publicUrl) return 'own'
    const url = URL.parse(origin)
    if (url === null || !(url.protocol === 'http:' || url.protocol === 'https:')) return 'foreign'
    if (host !== undefined && url.host === host.toLowerCase()) return 'own'
    return allowed.has(url.origin) ? 'allowed' : 'foreign'
  }
}

/** Browsers keep `Secure` cookies of pages over HTTPS and of the machine itself, and drop those of any other. */
export function keepsSecureCookies(page: string): boolean {
  const url = URL.parse(page)
  if (url === null) return false
  if (url.protocol === 'https:') return true
  return /^(?:localhost|[^:]+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname)
}

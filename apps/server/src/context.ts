/** What operations may reach: constructed once, in order, by `createServer`; tests and the simulation hand in their own parts. */
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Gateway } from './gateway/gateway.ts'
import type { Log } from './log/log.ts'
import type { Logger } from './logger.ts'
import type { Passwords } from './access/passwords.ts'
import type { RateLimits } from './access/rate-limits.ts'
import type { Tokens } from './access/tokens.ts'
import type { Store } from './store/store.ts'

export interface Context {
  readonly config: Pick<Config, 'accessTokenSeconds'>
  readonly clock: Clock
  readonly logger: Logger
  readonly store: Store
  readonly log: Log
  readonly gateway: Gateway
  readonly tokens: Tokens
  readonly passwords: Passwords
  readonly rateLimits: RateLimits
}

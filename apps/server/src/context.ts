/**
 * What operations may reach: constructed once, in order, disposed of in reverse. The only place that knows which
 * adapters stand behind the ports; tests and the simulation hand in their own.
 */
import { randomUUID } from 'node:crypto'
import { type AddressTokens, createAddressTokens } from './access/address-tokens.ts'
import { createPasswords, type Passwords } from './access/passwords.ts'
import { createRateLimits, noRateLimits, type RateLimits } from './access/rate-limits.ts'
import { createTokens, type Tokens } from './access/tokens.ts'
import type { Bus } from './bus/bus.ts'
import { createMemoryBus } from './bus/memory.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { Gateway } from './gateway/gateway.ts'
import { type FormattedBodies, WorkerBodies } from './html/formatted-bodies.ts'
import { createDraftPruner } from './jobs/draft-pruner.ts'
import { MailWorker } from './jobs/mail-worker.ts'
import type { Announcer } from './log/announcement.ts'
import { BellTail } from './log/bell-tail.ts'
import { createJournalPruner } from './log/journal-pruner.ts'
import type { Log } from './log/log.ts'
import { RecadoLog } from './log/recado-log.ts'
import { SearchTail } from './log/search-tail.ts'
import type { Logger } from './logger.ts'
import type { MediaService } from './media/media.ts'
import { openMedia } from './media/open-media.ts'
import { type Database, openDatabase } from './store/database.ts'
import { createSqlStore } from './store/sql/store.ts'
import type { Store } from './store/store.ts'

export interface Context {
  readonly clock: Clock
  readonly logger: Logger
  readonly store: Store
  readonly log: Log
  readonly gateway: Gateway
  readonly tokens: Tokens
  readonly addressTokens: AddressTokens
  readonly passwords: Passwords
  readonly rateLimits: RateLimits
  readonly bodies: FormattedBodies
  readonly media: MediaService
}

export interface OwnedContext extends Context, AsyncDisposable {
  readonly database: Database
}

export interface ContextOptions {
  readonly config: Config
  readonly logger: Logger
  /** A bus that several contexts of one process share. */
  readonly bus?: Bus
}

export async function createContext({ config, logger, bus: sharedBus }: ContextOptions): Promise<OwnedContext> {
  await using owned = new AsyncDisposableStack()
  const clock = systemClock
  const database = owned.use(await openDatabase(config, logger))
  const store = owned.use(await createSqlStore({ address: database.address, pool: database.pool, logger }))
  const bus = sharedBus ?? owned.use(createMemoryBus({ clock, logger }))
  const tokens = await createTokens({
    clock,
    accessTokenSeconds: config.accessTokenSeconds,
    secrets: store.accounts,
  })
  const passwords = await createPasswords()
  const node = randomUUID()
  const gateway = owned.use(await Gateway.start({ node, store, clock, logger, bus }))
  let mailWorker: MailWorker | null = null
  const announcer: Announcer = {
    announce(announcement) {
      gateway.announce(announcement)
      // A mail that was just sent here does not wait for the worker's next look.
      if (announcement.changed.mails.length > 0) mailWorker?.wake()
    },
    repairSoon: () => gateway.repairSoon(),
  }
  const log = owned.use(new RecadoLog({ store, clock, logger, announcer, mayWrite: () => !database.writesRefused }))
  if (config.roles.includes('jobs')) {
    owned.use(new BellTail({ node, store, log, clock, logger }))
    owned.use(new SearchTail({ node, store, log, clock, logger }))
    mailWorker = owned.use(new MailWorker({ node, store, log, clock, logger }))
    owned.use(createJournalPruner({ store, clock, logger }))
    owned.use(createDraftPruner({ store, clock, logger }))
  }
  const addressTokens = await createAddressTokens({ clock, secrets: store.accounts })
  const media = owned.use(await openMedia({ config, store, clock, logger }))
  const bodies = owned.use(new WorkerBodies())
  const rateLimits = config.rateLimits === 'on' ? createRateLimits(clock) : noRateLimits
  const held = owned.move()
  return {
    clock,
    logger,
    store,
    log,
    gateway,
    tokens,
    addressTokens,
    passwords,
    rateLimits,
    bodies,
    media,
    database,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

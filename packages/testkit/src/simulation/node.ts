/**
 * One server process: the real operations, access, lanes, readers and gateway over the model of the store. It can die
 * between any two awaits: from then on nothing it does reaches the world.
 */

import type { OperationInput, OperationName, Problem } from '@recado/protocol'
import { operations } from '@recado/protocol'
import { noRateLimits } from '@recado/server/access/rate-limits.ts'
import { requireSession } from '@recado/server/access/sessions.ts'
import type { Bus } from '@recado/server/bus/bus.ts'
import type { Clock } from '@recado/server/clock.ts'
import type { Context } from '@recado/server/context.ts'
import type { Connection, Wire } from '@recado/server/gateway/connection.ts'
import { Gateway } from '@recado/server/gateway/gateway.ts'
import { sanitise } from '@recado/server/html/sanitise.ts'
import { MailWorker } from '@recado/server/jobs/mail-worker.ts'
import type { Announcer } from '@recado/server/log/announcement.ts'
import { BellTail } from '@recado/server/log/bell-tail.ts'
import { RecadoLog } from '@recado/server/log/recado-log.ts'
import type { Logger } from '@recado/server/logger.ts'
import { handlers } from '@recado/server/operations/registry.ts'
import { Refusal } from '@recado/server/problem.ts'
import type { Store } from '@recado/server/store/store.ts'
import { createDispatch, type Dispatch, toRefusal } from '@recado/server/transport/dispatch.ts'
import { SocketSession } from '@recado/server/transport/socket/session.ts'
import { withoutAddresses, withoutFiles } from '../without-files.ts'
import type { Life } from './life.ts'
import type { Scheduler } from './scheduler.ts'
import { createPlainTokens, plainPasswords } from './tokens.ts'

export interface NodeOptions {
  readonly name: string
  readonly life: Life
  readonly scheduler: Scheduler
  /** How far this machine's clock is ahead. */
  readonly skewMs: number
  readonly store: Store
  readonly bus: Bus
  readonly logger: Logger
  /** How long an access token lasts. */
  tokenMs(): number
}

/** The server's end of a socket. */
export interface ServerEnd {
  readonly connection: Connection
  receive(text: string): void
  disconnected(reason?: Parameters<Gateway['disconnect']>[1]): void
}

export type HttpAnswer = { readonly result: unknown } | { readonly problem: Problem }

export class SimulatedNode {
  readonly name: string
  readonly life: Life
  readonly #context: Context
  readonly #dispatch: Dispatch

  private constructor(options: NodeOptions, context: Context) {
    this.name = options.name
    this.life = options.life
    this.#context = context
    this.#dispatch = createDispatch({ context, handlers, metrics: { operationEnded: () => undefined } })
  }

  static async start(options: NodeOptions): Promise<SimulatedNode> {
    const { name, store, bus, logger } = options
    const clock = createClock(options)
    const gateway = await Gateway.start({ node: name, store, clock, logger, bus })
    let wakeWorker: () => void = () => undefined
    const announcer: Announcer = {
      announce(announcement) {
        gateway.announce(announcement)
        if (announcement.changed.mails.length > 0) wakeWorker()
      },
      repairSoon: () => gateway.repairSoon(),
    }
    const log = new RecadoLog({ store, clock, logger, announcer, mayWrite: () => true })
    new BellTail({ node: name, store, log, clock, logger })
    const mailWorker = new MailWorker({ node: name, store, log, clock, logger })
    wakeWorker = () => mailWorker.wake()
    const context: Context = {
      clock,
      logger,
      store,
      log,
      gateway,
      tokens: createPlainTokens(clock, options.tokenMs),
      passwords: plainPasswords,
      rateLimits: noRateLimits,
      bodies: { sanitise: async html => sanitise(html) },
      media: withoutFiles,
      addressTokens: withoutAddresses,
    }
    return new SimulatedNode(options, context)
  }

  accept(wire: Wire, flow: { pause(): void; resume(): void }): ServerEnd {
    const { gateway } = this.#context
    const connection = gateway.connect(wire)
    const session = new SocketSession({ connection, dispatch: this.#dispatch, address: 'sim', ...flow })
    return {
      connection,
      receive: text => session.receive(text),
      disconnected: reason => gateway.disconnect(connection, reason),
    }
  }

  async request<Name extends OperationName>(
    name: Name,
    data: OperationInput<Name>,
    token: string | null,
  ): Promise<HttpAnswer> {
    try {
      const visitor = { address: 'sim', connection: null }
      const isPublic = operations[name].access === 'public'
      const claims = isPublic ? null : await requireSession(this.#context, token ?? '')
      return { result: await this.#dispatch(name, data, { ...visitor, ...claims }) }
    } catch (error) {
      const refusal = error instanceof Refusal ? error : toRefusal(error, name, this.#context.logger)
      return { problem: refusal.problem }
    }
  }
}

function createClock({ scheduler, life, skewMs }: NodeOptions): Clock {
  const ifAlive = (run: () => void) => () => {
    if (life.alive) run()
  }
  return {
    now: () => scheduler.now + skewMs,
    setTimer: (delayMs, run) => scheduler.after(delayMs, ifAlive(run)),
    defer: run => void scheduler.after(0, ifAlive(run)),
  }
}

import { Refusal } from '../problem.ts'
import type { AppendEntry, AppendOutcome } from '../store/appending.ts'
import type { StoredUpTo } from '../store/mail.ts'
import type { PositionMove } from '../store/registers.ts'
import type { Transaction } from '../store/transaction.ts'
import { Confirmations } from './confirmations.ts'
import type { Log } from './log.ts'
import { MessageLane, type MessageLaneOptions } from './message-lane.ts'
import { RegisterLane } from './register-lane.ts'
import { SideLane } from './side-lane.ts'

export interface RecadoLogOptions extends MessageLaneOptions {
  /** False while the disk is too full: writes are refused and reads go on. */
  mayWrite(): boolean
}

/** The lanes of one node, each with a writer of its own. Disposing lets what was accepted finish. */
export class RecadoLog implements Log, AsyncDisposable {
  readonly #messages: MessageLane
  readonly #side: SideLane
  readonly #registers: RegisterLane
  readonly #confirmations: Confirmations

  readonly #mayWrite: () => boolean

  constructor(options: RecadoLogOptions) {
    this.#mayWrite = options.mayWrite
    this.#messages = new MessageLane(options)
    this.#side = new SideLane(options)
    this.#registers = new RegisterLane(options)
    this.#confirmations = new Confirmations({ clock: options.clock, transact: work => this.#side.transact(work) })
  }

  append(entry: AppendEntry): Promise<AppendOutcome> {
    return this.#mayWrite() ? this.#messages.append(entry) : Promise.reject(storageFull())
  }

  transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.#mayWrite() ? this.#side.transact(work) : Promise.reject(storageFull())
  }

  movePositions(move: PositionMove): Promise<void> {
    return this.#mayWrite() ? this.#registers.move(move) : Promise.reject(storageFull())
  }

  confirmDeliveries(stored: StoredUpTo): Promise<void> {
    return this.#mayWrite() ? this.#confirmations.confirm(stored) : Promise.reject(storageFull())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#confirmations[Symbol.asyncDispose]()
    await Promise.all([
      this.#messages[Symbol.asyncDispose](),
      this.#side[Symbol.asyncDispose](),
      this.#registers[Symbol.asyncDispose](),
    ])
  }
}

function storageFull(): Refusal {
  return new Refusal('storage-full', { retryAfterMs: 5_000 })
}

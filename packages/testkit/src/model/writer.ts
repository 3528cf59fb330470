/**
 * A writer over the model. Its backend is the database's side of the connection: it can go on with what it was given
 * after the node has lost it, until somebody ends it.
 */
import type { AppendEntry } from '@recado/server/store/appending.ts'
import type { ChangedRegisters, PositionMove } from '@recado/server/store/registers.ts'
import type { Attempt, Commit, MovedStream, Writer } from '@recado/server/store/store.ts'
import { OutcomeUnknown, WriterLost } from '@recado/server/store/store.ts'
import type { Transaction } from '@recado/server/store/transaction.ts'
import { appendEntries } from './append.ts'
import type { ModelDatabase, ModelTransaction } from './database.ts'
import { connectionBroken, type Link } from './link.ts'
import { movedRegisters, movePositions } from './registers.ts'
import { lockStreams, movedStreams } from './streams.ts'
import { SideTransaction } from './transaction.ts'

interface Done<Result> {
  readonly result: Result
  readonly commit: Commit | null
}

export class ModelWriter implements Writer {
  readonly slot: number
  readonly #database: ModelDatabase
  readonly #link: Link
  readonly #process: number
  #number: number
  #transaction: ModelTransaction | null = null
  #state: 'open' | 'lost' | 'ended' = 'open'

  constructor(database: ModelDatabase, link: Link, slot: number) {
    this.#database = database
    this.#link = link
    this.slot = slot
    this.#process = database.nextNumber('backends')
    this.#number = Math.max(0, ...database.find('commits', row => row.writer === slot).map(row => row.number))
    database.slots.add(slot)
    database.backends.set(this.#process, this)
  }

  /** The backend goes: what it was doing is undone, what it had committed stays. */
  end(): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#transaction?.rollback()
    this.#database.backends.delete(this.#process)
    this.#database.slots.delete(this.slot)
  }

  async appendBatch(entries: readonly AppendEntry[]) {
    const { result, commit } = await this.#decide(async transaction => {
      const streams = entries.map(entry => entry.conversationId)
      await lockStreams(transaction, streams)
      const outcomes = appendEntries(transaction, entries, this.#database.micros())
      return { result: outcomes, streams: movedStreams(transaction, streams), changed: nothing }
    })
    return { outcomes: result, commit }
  }

  async movePositions(moves: readonly PositionMove[]) {
    const { result, commit } = await this.#decide(async transaction => {
      const changed = await movePositions(transaction, moves)
      return { result: changed, streams: [], changed }
    })
    return { changed: result, commit }
  }

  async transact<Result>(work: (transaction: Transaction) => Promise<Result>) {
    const rows = await this.#statement(() => this.#begin()).catch(error => this.#undo(error))
    const side = new SideTransaction(rows, statement => this.#statement(statement))
    const value = await work(side).catch(error => this.#undo(error))
    const { streams, changed } = side.changes()
    const { result, commit } = await this.#decide(async () => ({ result: value, streams, changed }), rows)
    return { result, commit, changed }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end()
  }

  #begin(): ModelTransaction {
    this.#transaction = this.#database.begin()
    return this.#transaction
  }

  /** One statement inside a transaction. */
  async #statement<Result>(run: () => Result): Promise<Result> {
    if (this.#state !== 'open') throw connectionBroken()
    const fate = this.#link.fate('statement')
    await this.#link.travel()
    if (fate !== 'answered') {
      this.#state = 'lost'
      throw connectionBroken()
    }
    const result = run()
    await this.#link.travel()
    return result
  }

  async #undo(cause: unknown): Promise<never> {
    const lost = this.#state !== 'open'
    this.#transaction?.rollback()
    this.#transaction = null
    if (lost) {
      await this[Symbol.asyncDispose]()
      throw new WriterLost(cause)
    }
    throw cause
  }

  /** The call that commits: what happens to it decides whether the outcome is known. */
  async #decide<Result>(
    run: (transaction: ModelTransaction) => Promise<{
      readonly result: Result
      readonly streams: readonly MovedStream[]
      readonly changed: ChangedRegisters
    }>,
    begun?: ModelTransaction,
  ): Promise<Done<Result>> {
    const attempt = this.#attempt()
    if (this.#state !== 'open') throw new OutcomeUnknown(attempt, connectionBroken())
    const fate = this.#link.fate('commit')
    const perform = async () => {
      if (this.#state === 'ended') throw connectionBroken()
      const transaction = begun ?? this.#begin()
      const { result, streams, changed } = await run(transaction)
      return { result, commit: this.#commit(transaction, streams, changed) }
    }
    await this.#link.travel()
    if (fate === 'lost' || fate === 'done-later') {
      if (fate === 'done-later')
        void this.#link
          .travel()
          .then(perform)
          .catch(() => undefined)
      return this.#lose(attempt)
    }
    let done: Done<Result>
    try {
      done = await perform()
    } catch (error) {
      if ((this.#state as string) === 'ended') throw new OutcomeUnknown(attempt, error)
      this.#transaction?.rollback()
      await this.#link.travel()
      throw error
    }
    await this.#link.travel()
    return fate === 'answered' && this.#state === 'open' ? done : this.#lose(attempt)
  }

  /** The backend is left to itself. */
  #lose(attempt: Attempt): never {
    if (this.#state === 'open') this.#state = 'lost'
    throw new OutcomeUnknown(attempt, connectionBroken())
  }

  #commit(transaction: ModelTransaction, streams: readonly MovedStream[], changed: ChangedRegisters): Commit | null {
    const registers = movedRegisters(changed)
    if (streams.length === 0 && registers.length === 0) {
      transaction.commit()
      return null
    }
    const { slot, number, incarnation } = this.#attempt()
    const commit: Commit = { writer: slot, number, streams, registers }
    transaction.insert('commits', { ...commit, incarnation, micros: this.#database.micros() })
    transaction.commit()
    this.#number = number
    return commit
  }

  #attempt(): Attempt {
    return { slot: this.slot, number: this.#number + 1, incarnation: this.#process, process: this.#process }
  }
}

const nothing: ChangedRegisters = { positions: [], bells: [], mails: [] }

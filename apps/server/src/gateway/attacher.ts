/**
 * Reads what connections need to be served, those that arrive together in one statement: a storm of returning clients
 * costs the store a few queries, not thousands.
 */
import type { AccountId } from '@recado/protocol'
import type { Attachment, Store } from '../store/store.ts'

const accountsPerRead = 200

interface Waiting {
  readonly accountId: AccountId
  resolve(attachment: Attachment | null): void
  reject(error: unknown): void
}

export class Attacher {
  readonly #store: Pick<Store, 'attach'>
  #queue: Waiting[] = []
  #running = false

  constructor(store: Pick<Store, 'attach'>) {
    this.#store = store
  }

  /** Null for an account that does not exist. What was committed before the call is in the answer. */
  read(accountId: AccountId): Promise<Attachment | null> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ accountId, resolve, reject })
      if (!this.#running) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#running = true
    await Promise.resolve()
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, accountsPerRead)
      this.#queue = this.#queue.slice(accountsPerRead)
      try {
        const found = await this.#store.attach([...new Set(batch.map(waiting => waiting.accountId))])
        for (const { accountId, resolve } of batch) resolve(found.get(accountId) ?? null)
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.#running = false
  }
}

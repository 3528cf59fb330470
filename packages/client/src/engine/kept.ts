/** What this device keeps of messages: how many, and letting go of them. What waits to be sent is not among them. */
import { countKept } from '../cache/restore.ts'
import type { KeptMessages } from '../types.ts'
import type { Core } from './core.ts'

export class Kept {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  async count(): Promise<KeptMessages> {
    const { writer } = this.#core
    await writer.flushed()
    return writer.transact(countKept)
  }

  /** Windows that are open keep what they show; from then on pages come from the server again. */
  forget(): Promise<number> {
    return this.#core.writer.forgetMessages()
  }
}

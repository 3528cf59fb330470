/** Loads what searching needs with the first search: most visits never do. */
import type { Change } from '../cache/changes.ts'
import type { Core } from '../engine/core.ts'
import type { MessageSearchOptions, MessageSearchResult } from '../types.ts'
import type { MessageSearch } from './search.ts'

export class LazySearch {
  readonly #core: Core
  #search: MessageSearch | null = null

  constructor(core: Core) {
    this.#core = core
  }

  /** Before the first search there is nothing to keep in step: it reads what is stored then. */
  stored(changes: readonly Change[]): void {
    this.#search?.stored(changes)
  }

  async find(text: string, options: MessageSearchOptions): Promise<MessageSearchResult> {
    const { MessageSearch } = await import('./search.ts')
    this.#search ??= new MessageSearch(this.#core)
    return this.#search.find(text, options)
  }
}

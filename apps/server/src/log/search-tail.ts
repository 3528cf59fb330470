/**
 * Keeps what is searched up to date: the words of what was written, edited and deleted, outside of every lane. What is read
 * twice is written once, so the cursor follows at leisure. What was there before search was is read meanwhile, the newest first.
 *
 * It rests between its turns for a multiple of what they took: where there is much to do, people write, and whoever writes goes first.
 */
import type { Store } from '../store/store.ts'
import { movedStreams } from './moved-streams.ts'
import { TailConsumer, type TailOptions } from './tail-consumer.ts'

/** Even if each is as long as a mail may be, the statement ends within its time. */
const pastPerTurn = 50

export interface SearchTailOptions extends TailOptions {
  readonly store: TailOptions['store'] & Pick<Store, 'search'>
}

export class SearchTail extends TailConsumer {
  constructor(options: SearchTailOptions) {
    super(options, {
      consumer: 'search',
      restFactor: 9,
      eventsPerTurn: 300,
      async digest(commits) {
        await options.store.search.index(movedStreams(commits))
        return null
      },
      meanwhile: async () => ((await options.store.search.indexPast(pastPerTurn)) < pastPerTurn ? 'done' : 'more'),
    })
  }
}

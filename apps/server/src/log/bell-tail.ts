/**
 * The bell (N1): writes lines for what names an account, mentions, replies and invitations. The cursor moves in the transaction
 * that writes them, and a line is written once however often its commit is read, so a crash or a second node repeats
 * harmlessly.
 */
import type { Store } from '../store/store.ts'
import { movedStreams } from './moved-streams.ts'
import { TailConsumer, type TailOptions } from './tail-consumer.ts'

export interface BellTailOptions extends TailOptions {
  readonly store: TailOptions['store'] & Pick<Store, 'bell'>
}

export class BellTail extends TailConsumer {
  constructor(options: BellTailOptions) {
    super(options, {
      consumer: 'bell',
      restFactor: 0,
      eventsPerTurn: Number.POSITIVE_INFINITY,
      async digest(commits) {
        const candidates = await options.store.bell.readCandidates(movedStreams(commits))
        const isQuiet = candidates.lines.length === 0 && candidates.answers.length === 0
        return isQuiet ? null : transaction => transaction.bell.ring(candidates)
      },
    })
  }
}

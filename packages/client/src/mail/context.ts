/** What the parts behind the mails of one sign-in share; constructed in order by `mail-part.ts`. */
import type { OperationInput, OperationName } from '@recado/protocol'
import type { Core } from '../engine/core.ts'
import type { Jobs } from '../engine/jobs.ts'
import type { Outbox } from '../engine/outbox.ts'
import { retryAfter } from '../engine/parts.ts'
import type { Outcome } from '../engine/requests.ts'
import type { Bodies } from './bodies.ts'
import type { Confirmations } from './confirmations.ts'
import type { Draft } from './draft.ts'
import type { Headers } from './headers.ts'
import type { Hub } from './hub.ts'
import type { Knowledge } from './knowledge.ts'
import type { MailLists } from './lists.ts'
import type { Wishes } from './wishes.ts'

export interface MailContext {
  readonly core: Core
  readonly outbox: Outbox
  /** Of mail alone: none of them holds up the mark. */
  readonly jobs: Jobs
  readonly hub: Hub
  readonly headers: Headers
  readonly knowledge: Knowledge
  readonly bodies: Bodies
  readonly confirmations: Confirmations
  readonly lists: MailLists
  readonly wishes: Wishes
  /** The snapshot of the whole looks different now. */
  changed(): void
  /** Something was written to it: where the sign-in has ended meanwhile, that is kept for the next. */
  typedLate(draft: Draft): void
  /** Something changed in storage that other tabs should look at. */
  sharedChanged(): void
}

export interface Asked<Name extends OperationName> {
  /** Jobs of one name never run twice at once. */
  readonly name: string
  readonly priority: number
  /** Null: there is nothing to be asked any more. */
  readonly data: () => OperationInput<Name> | null
  /** `again`: there is more to be asked. Problems that are to be tried again come here too. */
  readonly settle: (outcome: Exclude<Outcome<Name>, { lost: true }>) => 'done' | 'again'
}

/** Asks until there is an answer, as long as there is a connection; the next one asks anew. */
export function pull<Name extends OperationName>(
  { core, jobs }: Pick<MailContext, 'core' | 'jobs'>,
  operation: Name,
  { name, priority, data, settle }: Asked<Name>,
): void {
  if (!core.online()) return
  jobs.add({
    name,
    priority,
    run: finish => {
      const asked = data()
      if (!asked) return finish('done')
      core.send(operation, asked, outcome => {
        if ('lost' in outcome) return
        const next = settle(outcome)
        finish('problem' in outcome ? (retryAfter(outcome.problem) ?? 'done') : next)
      })
    },
  })
}

/** What somebody looks at goes before what is kept for later. */
export const priorities = { shown: 3, wished: 2, counted: 1, kept: 0 } as const

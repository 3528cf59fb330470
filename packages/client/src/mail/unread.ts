/** How many mails of the inbox are not read: as events say, and as it will be once one's own wishes are there. */
import { type MailContext, priorities, pull } from './context.ts'

export class Unread {
  readonly #context: MailContext

  constructor(context: MailContext) {
    this.#context = context
  }

  /** Null until known. */
  count(): number | null {
    const { knowledge, wishes } = this.#context
    const unread = knowledge.meta?.unread
    return unread ? Math.max(0, unread.count + wishes.unread()) : null
  }

  /** Events may have passed before mail was loaded: of those, only the mails were stored. */
  connected(): void {
    const { headers, knowledge } = this.#context
    if (knowledge.meta?.unread && knowledge.meta.unread.version >= headers.newestVersion()) return
    pull(this.#context, 'mailbox.unread', {
      name: 'unread',
      priority: priorities.counted,
      data: () => ({}),
      settle: outcome => {
        if ('result' in outcome) this.#context.knowledge.learnUnread(outcome.result)
        this.#context.changed()
        return 'done'
      },
    })
  }
}

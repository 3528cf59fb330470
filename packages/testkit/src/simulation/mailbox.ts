/** Everything of mail that a program shows, opened and loaded to the end as somebody would who looks through all of it. */
import type {
  Client,
  DeliveriesHandle,
  DraftContent,
  MailClient,
  MailListHandle,
  MailListSnapshot,
  MailView,
} from '@recado/client'
import type { AccountId, MailId } from '@recado/protocol'
import type { Scheduler } from './scheduler.ts'

export const shownViews: readonly MailView[] = [
  { folder: 'inbox' },
  { folder: 'inbox', only: 'unread' },
  { folder: 'archive' },
  { folder: 'trash' },
  { folder: 'sent' },
  { folder: 'unsent' },
  { folder: 'starred' },
  { folder: 'received' },
  { folder: 'labelled', label: 'work' },
]

const patienceMs = 10_000

/** Read when it is looked at: what happens after it was opened, it shows too. */
export class Mailbox {
  readonly device: string
  readonly machine: string
  readonly accountId: AccountId
  readonly #mail: MailClient
  readonly #lists: ReadonlyMap<MailView, MailListHandle>
  readonly #deliveries = new Map<MailId, DeliveriesHandle>()

  private constructor(who: Pick<Mailbox, 'device' | 'machine' | 'accountId'>, mail: MailClient) {
    this.device = who.device
    this.machine = who.machine
    this.accountId = who.accountId
    this.#mail = mail
    this.#lists = new Map(shownViews.map(view => [view, mail.list(view)]))
  }

  /** Null where nobody is signed in, or nothing opens. */
  static async open(
    scheduler: Scheduler,
    who: Pick<Mailbox, 'device' | 'machine' | 'accountId'>,
    client: Client,
  ): Promise<Mailbox | null> {
    const opened: { mail?: MailClient } = {}
    client.mail().then(
      mail => {
        opened.mail = mail
      },
      () => undefined,
    )
    await scheduler.until(() => opened.mail !== undefined, patienceMs, 5)
    if (!opened.mail) return null
    const mailbox = new Mailbox(who, opened.mail)
    await mailbox.#load(scheduler)
    return mailbox
  }

  list(view: MailView): MailListSnapshot | undefined {
    return this.#lists.get(view)?.getSnapshot()
  }

  get unread(): number | null {
    return this.#mail.getSnapshot().unread
  }

  get outbox() {
    return this.#mail.getSnapshot().outbox
  }

  get deliveries(): ReadonlyMap<MailId, DeliveriesHandle> {
    return this.#deliveries
  }

  get drafts(): ReadonlyMap<string, DraftContent | null> {
    const { drafts } = this.#mail.getSnapshot()
    return new Map(drafts.map(({ id }) => [id, this.#mail.draft(id).getSnapshot().content]))
  }

  async #load(scheduler: Scheduler): Promise<void> {
    const lists = [...this.#lists.values()]
    for (const list of lists) list.subscribe(() => undefined)
    await scheduler.until(() => lists.every(list => !list.getSnapshot().loading.first), patienceMs, 5)
    for (const list of lists) {
      for (let pages = 0; pages < 50 && list.getSnapshot().hasOlder; pages++) {
        const { length } = list.getSnapshot().items
        void list.loadOlder()
        const isMore = () => !list.getSnapshot().hasOlder || list.getSnapshot().items.length > length
        if (!(await scheduler.until(isMore, patienceMs, 5))) break
      }
    }
    const written = lists.flatMap(list => list.getSnapshot().items).filter(({ entry }) => entry.authored)
    for (const { id } of written) this.#deliveries.set(id, this.#mail.deliveries(id))
    for (const handle of this.#deliveries.values()) handle.subscribe(() => undefined)
    const isLoaded = () => [...this.#deliveries.values()].every(handle => !handle.getSnapshot().loading)
    await scheduler.until(isLoaded, patienceMs, 5)
    for (const handle of this.#deliveries.values()) {
      while (handle.getSnapshot().hasMore) {
        const { length } = handle.getSnapshot().items
        void handle.loadMore()
        const isMore = () => !handle.getSnapshot().hasMore || handle.getSnapshot().items.length > length
        if (!(await scheduler.until(isMore, patienceMs, 5))) break
      }
    }
  }
}

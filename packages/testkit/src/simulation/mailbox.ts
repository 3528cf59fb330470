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
  { folder: 'snoozed' },
  { folder: 'labelled', label: 'work' },
]

const patienceMs = 10_000

interface Program {
  readonly device: string
  readonly machine: string
  readonly accountId: AccountId
  readonly client: Client
}

/** Read when it is looked at: what happens after it was opened, it shows too. */
export class Mailbox {
  readonly device: string
  readonly machine: string
  readonly accountId: AccountId
  readonly #mail: MailClient
  readonly #lists: ReadonlyMap<MailView, MailListHandle>
  readonly #deliveries = new Map<MailId, DeliveriesHandle>()

  private constructor(who: Program, mail: MailClient) {
    this.device = who.device
    this.machine = who.machine
    this.accountId = who.accountId
    this.#mail = mail
    this.#lists = new Map(shownViews.map(view => [view, mail.list(view)]))
  }

  /** One for each program; none where nobody is signed in, or nothing opens. */
  static async openAll(scheduler: Scheduler, programs: readonly Program[]): Promise<Mailbox[]> {
    const opened = new Map<Program, Mailbox | null>()
    for (const program of programs) {
      program.client.mail().then(
        mail => opened.set(program, new Mailbox(program, mail)),
        () => opened.set(program, null),
      )
    }
    await scheduler.until(() => opened.size === programs.length, patienceMs, 5)
    const mailboxes = programs.flatMap(program => opened.get(program) ?? [])
    await loadLists(
      scheduler,
      mailboxes.flatMap(mailbox => [...mailbox.#lists.values()]),
    )
    await loadDeliveries(
      scheduler,
      mailboxes.flatMap(mailbox => mailbox.#openDeliveries()),
    )
    return mailboxes
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

  /** Whether the server has all drafts as they are shown, but for those that wait with a refused mail. */
  get isSaved(): boolean {
    return this.#mail.getSnapshot().drafts.every(({ state }) => state === 'saved')
  }

  /** Of all that was written here. */
  #openDeliveries(): DeliveriesHandle[] {
    const shown = [...this.#lists.values()].flatMap(list => list.getSnapshot().items)
    for (const { id, entry } of shown) if (entry.authored) this.#deliveries.set(id, this.#mail.deliveries(id))
    return [...this.#deliveries.values()]
  }
}

async function loadLists(scheduler: Scheduler, lists: readonly MailListHandle[]): Promise<void> {
  for (const list of lists) list.subscribe(() => undefined)
  await scheduler.until(() => lists.every(list => !list.getSnapshot().loading.first), patienceMs, 5)
  for (let pages = 0; pages < 50; pages++) {
    const further = lists.filter(list => list.getSnapshot().hasOlder)
    if (further.length === 0) return
    const before = new Map(further.map(list => [list, list.getSnapshot().items.length]))
    for (const list of further) void list.loadOlder()
    const isMore = (list: MailListHandle) =>
      !list.getSnapshot().hasOlder || list.getSnapshot().items.length > (before.get(list) ?? 0)
    if (!(await scheduler.until(() => further.every(isMore), patienceMs, 5))) return
  }
}

async function loadDeliveries(scheduler: Scheduler, handles: readonly DeliveriesHandle[]): Promise<void> {
  for (const handle of handles) handle.subscribe(() => undefined)
  await scheduler.until(() => handles.every(handle => !handle.getSnapshot().loading), patienceMs, 5)
  for (const handle of handles) {
    while (handle.getSnapshot().hasMore) {
      const { length } = handle.getSnapshot().items
      void handle.loadMore()
      const isMore = () => !handle.getSnapshot().hasMore || handle.getSnapshot().items.length > length
      if (!(await scheduler.until(isMore, patienceMs, 5))) break
    }
  }
}

/** What a wide transaction does to mails. */
import type { AccountId, ConversationId, DeliveryStatus, MailId, MessageId } from '@recado/protocol'
import type {
  Arrival,
  ChangedMail,
  DeliveryPlace,
  MailRow as HeldMail,
  MailWrites,
  QueuedDelivery,
  QueuedRecipient,
} from '@recado/server/store/mail.ts'
import type { Call } from './accounts.ts'
import type { ModelTransaction } from './database.ts'
import { receiptsOf } from './registers.ts'
import { appendEvent, lockRegisters, registersOf, requireHead } from './streams.ts'
import type { DeliveryRow, MailRow } from './tables.ts'

interface Options {
  readonly rows: ModelTransaction
  readonly call: Call
  readonly micros: number
  readonly changed: ChangedMail[]
  insertConversation(memberCount: number): ConversationId
}

export function createMailWrites(options: Options): MailWrites {
  const { rows, call } = options
  return {
    ...composing(options),
    ...delivering(options),
    findReceipts: accountId => call(() => receiptsOf(rows, accountId)),
    findEntries: (accountId, mailIds) =>
      call(() =>
        rows
          .find('entries', entry => entry.accountId === accountId && mailIds.includes(entry.mailId))
          .sort((a, b) => a.mailId - b.mailId)
          .map(entry => ({ ...entry, state: rows.get('mails', entry.mailId)?.state ?? 'held' })),
      ),
    putEntries: entries =>
      call(() => {
        for (const entry of entries) {
          const { accountId, mailId, folder, read, starred, labels, snoozedUntil, sortMicros, version } = entry
          const { authored, received, deliveryNumber } = rows.get('entries', accountId, mailId) ?? entry
          const changed = { folder, read, starred, labels, snoozedUntil, sortMicros, version }
          rows.put('entries', { accountId, mailId, authored, received, deliveryNumber, ...changed })
        }
      }),
  }
}

type Composing = Pick<
  MailWrites,
  | 'lockThread'
  | 'findThread'
  | 'findGroups'
  | 'insertMail'
  | 'findMail'
  | 'updateState'
  | 'findConversations'
  | 'insertConversation'
  | 'appendMessage'
>

function composing({ rows, call, micros, insertConversation }: Options): Composing {
  return {
    async lockThread(threadId) {
      await call(() => undefined)
      await rows.lock(`thread ${threadId}`)
    },
    findThread: (mailId, accountId) =>
      call(() => {
        if (rows.get('entries', accountId, mailId) === undefined) return null
        return rows.get('mails', mailId)?.threadId ?? null
      }),
    findGroups: (ids, accountId) =>
      call(() =>
        rows
          .find('conversations', row => row.kind === 'group' && ids.includes(row.id))
          .sort((a, b) => a.id - b.id)
          .map(({ id, mailFrom }) => ({ id, mailFrom, role: rows.get('memberships', id, accountId)?.role ?? null })),
      ),
    insertMail: mail =>
      call(() => {
        const id = rows.database.nextNumber('streams') as MailId
        const row: MailRow = {
          ...mail,
          id,
          threadId: mail.threadId ?? id,
          failure: null,
          createdMicros: micros,
          releasedMicros: mail.state === 'released' ? micros : null,
        }
        rows.insert('mails', row)
        rows.insert('registerHeads', { group: id, version: 0 })
        return id
      }),
    findMail: id =>
      call(() => {
        const row = rows.get('mails', id)
        if (row === undefined) return null
        const { threadId, authorId, state, dueMicros, recipients } = row
        return { id, threadId, authorId, state, dueMicros, recipients }
      }),
    updateState: (id, state, failure) =>
      call(() => {
        const row = rows.get('mails', id)
        if (row === undefined) return
        rows.put('mails', { ...row, state, failure, releasedMicros: state === 'released' ? micros : null })
      }),
    findConversations: (threadId, participants) =>
      call(() => {
        const found = rows.find(
          'mailConversations',
          row => row.threadId === threadId && participants.includes(row.participants),
        )
        return new Map(found.map(row => [row.participants, row.conversationId]))
      }),
    insertConversation: (threadId, participants, memberCount) =>
      call(() => {
        const conversationId = insertConversation(memberCount)
        rows.insert('mailConversations', { threadId, participants, conversationId })
        return conversationId
      }),
    appendMessage: (conversationId, mailId, authorId) =>
      call(() => appendMessage(rows, { conversationId, mailId, authorId, micros })),
  }
}

interface NewMessage {
  readonly conversationId: ConversationId
  readonly mailId: MailId
  readonly authorId: AccountId
  readonly micros: number
}

function appendMessage(rows: ModelTransaction, { conversationId, mailId, authorId, micros }: NewMessage): void {
  const key = `mail ${mailId}`
  const target = requireHead(rows, conversationId).sequence + 1
  const event = { kind: 'message.created' as const, target, version: 1, fingerprint: null }
  const appended = appendEvent(rows, { ...event, stream: conversationId, actorId: authorId, key }, micros)
  const head = requireHead(rows, conversationId)
  const ordinal = head.ordinal + 1
  rows.insert('messages', {
    conversationId,
    sequence: appended.sequence,
    ordinal,
    id: rows.database.nextNumber('messages') as MessageId,
    authorId,
    key,
    body: rows.get('mails', mailId)?.text ?? null,
    replyTo: null,
    mentions: [],
    forwardedFrom: null,
    attachments: [],
    version: 1,
    createdMicros: appended.micros,
    editedMicros: null,
    deletedMicros: null,
  })
  rows.put('heads', { ...head, ordinal, messageSequence: appended.sequence })
}

type Delivering = Omit<MailWrites, keyof Composing | 'findReceipts' | 'findEntries' | 'putEntries'>

function delivering({ rows, call, micros, changed }: Options): Delivering {
  const move = async (places: readonly DeliveryPlace[], to: DeliveryStatus, arrivals: readonly Arrival[] = []) => {
    await lockRegisters(
      rows,
      places.map(place => place.mailId),
    )
    changed.push(...moveDeliveries(rows, { places, to, arrivals, micros }))
  }
  return {
    queueDeliveries: (mail, recipients) =>
      call(() => {
        const queued = queueDeliveries(rows, mail, recipients)
        rows.put('registerHeads', { group: mail.id, version: 1 })
        changed.push({ mailId: mail.id, authorId: mail.authorId, version: 1 })
        return queued
      }),
    findQueued: limit =>
      call(() => {
        const half = Math.ceil(limit / 2)
        const queued = rows.find('deliveries', row => row.status === 'queued').sort(byPlace)
        return [...new Set([...queued.slice(0, half), ...queued.slice(-half)])].map(placeOf)
      }),
    async lockQueued(deliveries) {
      await call(() => undefined)
      await lockRegisters(
        rows,
        deliveries.map(delivery => delivery.mailId),
      )
      return deliveries
        .filter(({ mailId, number }) => rows.get('deliveries', mailId, number)?.status === 'queued')
        .sort(byPlace)
    },
    async arrive(arrivals) {
      await call(() => undefined)
      for (const arrival of arrivals) arriveIn(rows, arrival, micros)
      await move(arrivals, 'sent', arrivals)
    },
    async stopQueued(mailId) {
      await call(() => undefined)
      await lockRegisters(rows, [mailId])
      const queued = rows.find('deliveries', row => row.mailId === mailId && row.status === 'queued')
      await move(queued, 'cancelled')
      return queued.length
    },
    findUnconfirmed: (stored, limit) =>
      call(() =>
        rows
          .find('deliveries', ({ accountId, arrivedSequence, status }) =>
            stored.some(
              position =>
                status === 'sent' &&
                position.accountId === accountId &&
                arrivedSequence !== null &&
                arrivedSequence <= position.sequence,
            ),
          )
          .sort(byPlace)
          .slice(0, limit)
          .map(({ mailId, number }) => ({ mailId, number })),
      ),
    async moveDeliveries(places, to) {
      await call(() => undefined)
      await move(places, to)
    },
  }
}

function byPlace(a: DeliveryPlace, b: DeliveryPlace): number {
  return a.mailId - b.mailId || a.number - b.number
}

function placeOf({ mailId, number, accountId }: DeliveryRow): QueuedDelivery {
  return { mailId, number, accountId }
}

const ranks = ['to', 'cc', 'bcc'] as const

function queueDeliveries(
  rows: ModelTransaction,
  { id, authorId }: Pick<HeldMail, 'id' | 'authorId'>,
  recipients: readonly QueuedRecipient[],
): number {
  const reached = recipients.flatMap((recipient, place) => {
    const { mode, accountId, groupId, conversationId } = recipient
    const rank = ranks.indexOf(mode)
    if (accountId !== null) return [{ accountId, mode, viaGroupId: null, conversationId, rank, byGroup: 0, place }]
    const members = rows.find('memberships', row => row.conversationId === groupId && row.accountId !== authorId)
    return members.map(member => {
      return { accountId: member.accountId, mode, viaGroupId: groupId, conversationId, rank, byGroup: 1, place }
    })
  })
  const chosen = [...Map.groupBy(reached, row => row.accountId).values()].flatMap(group =>
    group.sort((a, b) => a.rank - b.rank || a.byGroup - b.byGroup || a.place - b.place).slice(0, 1),
  )
  chosen.sort((a, b) => a.place - b.place || a.accountId - b.accountId)
  for (const [index, { accountId, mode, viaGroupId, conversationId }] of chosen.entries()) {
    rows.insert('deliveries', {
      mailId: id,
      number: index + 1,
      accountId,
      address: null,
      mode,
      viaGroupId,
      conversationId,
      status: 'queued',
      arrivedSequence: null,
      sentMicros: null,
      deliveredMicros: null,
      readMicros: null,
      version: 1,
    })
  }
  return chosen.length
}

/** What may become of a delivery: never back. */
const before: Readonly<Partial<Record<DeliveryStatus, readonly DeliveryStatus[]>>> = {
  sent: ['queued'],
  cancelled: ['queued'],
  delivered: ['sent'],
  read: ['sent', 'delivered'],
}

interface Move {
  readonly places: readonly DeliveryPlace[]
  readonly to: DeliveryStatus
  readonly arrivals: readonly Arrival[]
  readonly micros: number
}

function moveDeliveries(rows: ModelTransaction, { places, to, arrivals, micros }: Move): ChangedMail[] {
  const moved = places.flatMap(({ mailId, number }) => {
    const row = rows.get('deliveries', mailId, number)
    return row !== undefined && before[to]?.includes(row.status) ? [row] : []
  })
  return [...Map.groupBy(moved, row => row.mailId)].map(([mailId, group]) => {
    const version = registersOf(rows, mailId) + 1
    rows.put('registerHeads', { group: mailId, version })
    for (const row of group) {
      const arrival = arrivals.find(told => told.mailId === mailId && told.number === row.number)
      rows.put('deliveries', {
        ...row,
        status: to,
        version,
        arrivedSequence: arrival?.sequence ?? row.arrivedSequence,
        sentMicros: to === 'sent' ? micros : row.sentMicros,
        deliveredMicros: to === 'delivered' || to === 'read' ? (row.deliveredMicros ?? micros) : row.deliveredMicros,
        readMicros: to === 'read' ? micros : row.readMicros,
      })
    }
    const authorId = rows.get('mails', mailId)?.authorId
    if (authorId === undefined) throw new Error('a delivery names a mail that is not there')
    return { mailId, authorId, version }
  })
}

function arriveIn(rows: ModelTransaction, { accountId, mailId, number, sequence }: Arrival, micros: number): void {
  const own = rows.get('entries', accountId, mailId)
  rows.put('entries', {
    accountId,
    mailId,
    folder: 'inbox',
    authored: own?.authored ?? false,
    received: true,
    deliveryNumber: number,
    read: false,
    starred: own?.starred ?? false,
    labels: own?.labels ?? [],
    snoozedUntil: own?.snoozedUntil ?? null,
    sortMicros: micros,
    version: sequence,
  })
}

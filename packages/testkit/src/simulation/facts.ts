/**
 * What is true at the end of a run, counted from the raw rows of the log and from nothing that the server or the SDK
 * computed: who is where, what everybody should see.
 */
import type { AccountId, ConversationId } from '@recado/protocol'
import type { EventRow, MessageRow, TableData } from '../model/tables.ts'

/** One stay of an account in a conversation: between which events, both included. */
export interface Stay {
  readonly from: number
  readonly to: number
}

export class Facts {
  readonly tables: TableData
  /** Without those of mail, which are nobody's to see. */
  readonly conversations: readonly ConversationId[]
  readonly #events = new Map<number, EventRow[]>()
  readonly #stays = new Map<string, Stay[]>()

  constructor(tables: TableData) {
    this.tables = tables
    this.conversations = [...tables.conversations.values()].filter(row => row.kind !== 'mail').map(row => row.id)
    for (const event of tables.events.values()) {
      const list = this.#events.get(event.stream)
      if (list === undefined) this.#events.set(event.stream, [event])
      else list.push(event)
    }
    for (const list of this.#events.values()) list.sort((a, b) => a.sequence - b.sequence)
    for (const id of this.conversations) this.#followMembers(id)
  }

  events(stream: number): readonly EventRow[] {
    return this.#events.get(stream) ?? []
  }

  stays(id: number, accountId: AccountId): readonly Stay[] {
    return this.#stays.get(`${id} ${accountId}`) ?? []
  }

  isMember(id: ConversationId, accountId: AccountId): boolean {
    return this.stays(id, accountId).some(stay => stay.to === Number.POSITIVE_INFINITY)
  }

  conversationsOf(accountId: AccountId): ConversationId[] {
    return this.conversations.filter(id => this.isMember(id, accountId))
  }

  members(id: ConversationId): AccountId[] {
    const accounts = [...this.tables.accounts.values()].map(row => row.id)
    return accounts.filter(accountId => this.isMember(id, accountId)).sort((a, b) => a - b)
  }

  visibleFrom(id: ConversationId, accountId: AccountId): number {
    return this.tables.memberships.get(`${id} ${accountId}`)?.visibleFrom ?? Number.POSITIVE_INFINITY
  }

  /** The messages that were created and that this member may see, oldest first. */
  messages(id: ConversationId, accountId: AccountId): MessageRow[] {
    const from = this.visibleFrom(id, accountId)
    return this.events(id)
      .filter(event => event.kind === 'message.created' && event.sequence >= from)
      .flatMap(event => this.tables.messages.get(`${id} ${event.sequence}`) ?? [])
  }

  position(id: ConversationId, accountId: AccountId): { delivered: number; read: number } {
    const reported = this.tables.positions.get(`${id} ${accountId}`)
    const own = this.events(id).findLast(event => event.kind === 'message.created' && event.actorId === accountId)
    const joined = this.stays(id, accountId).at(-1)?.from ?? 0
    const sent = own && own.sequence > joined ? own.sequence : 0
    return { delivered: Math.max(reported?.delivered ?? 0, sent), read: Math.max(reported?.read ?? 0, sent) }
  }

  unread(id: ConversationId, accountId: AccountId): number {
    const { read } = this.position(id, accountId)
    return this.events(id).filter(event => event.kind === 'message.created' && event.sequence > read).length
  }

  #followMembers(id: ConversationId): void {
    const begin = (accountId: AccountId, from: number) => {
      const key = `${id} ${accountId}`
      this.#stays.set(key, [...(this.#stays.get(key) ?? []), { from, to: Number.POSITIVE_INFINITY }])
    }
    for (const { kind, sequence, actorId, target } of this.events(id)) {
      if (kind === 'conversation.created') {
        const pair = [...this.tables.directs.values()].find(row => row.conversationId === id)
        const founders = pair === undefined ? [actorId] : [...new Set([pair.low, pair.high])]
        for (const founder of founders) if (founder !== null) begin(founder, sequence)
      } else if (kind === 'member.added') begin(target as AccountId, sequence)
      else if (kind === 'member.removed' || kind === 'member.left') {
        const stays = this.#stays.get(`${id} ${target}`)
        const last = stays?.pop()
        if (last) stays?.push({ ...last, to: sequence })
      }
    }
  }
}

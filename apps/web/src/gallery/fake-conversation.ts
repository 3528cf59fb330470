import type {
  ConversationHandle,
  ConversationItem,
  ConversationSnapshot,
  ConversationView,
  PendingView,
} from '@recado/client'
import type { AccountId, ConversationId, Message } from '@recado/protocol'
import { type ConversationSeed, type Marks, me, now, personAt, toMembers } from './fixtures.ts'
import type { Situation } from './situations.ts'

interface FakeConversationInput {
  readonly seed: ConversationSeed | null
  readonly situation: Situation
  readonly view: ConversationView | null
}

const pageSize = 60

/** A conversation of the gallery's client: pages through its messages as the SDK's handle does. */
export class FakeConversation implements ConversationHandle {
  readonly id: ConversationId
  readonly #messages: readonly Message[]
  readonly #listeners = new Set<() => void>()
  readonly #marks: ReadonlyMap<number, Marks>
  #pending: readonly PendingView[]
  #snapshot: ConversationSnapshot
  #from: number

  constructor({ seed, situation, view }: FakeConversationInput) {
    this.id = (seed?.id ?? 0) as ConversationId
    this.#messages = seed?.messages ?? []
    this.#marks = seed?.marks ?? new Map()
    this.#from = Math.max(0, this.#messages.length - pageSize)
    const own = this.id === 101
    this.#pending = own
      ? [
          ...situation.refused.map(toPending('refused')),
          ...situation.waiting.map(toPending('waiting')).map(withFiles(situation)),
        ]
      : []
    this.#snapshot = {
      id: this.id,
      view,
      items: [],
      hasOlder: false,
      hasNewer: false,
      loading: { first: !situation.ready, older: false, newer: false },
      problem: null,
      members: seed && seed.peer === null ? toMembers(seed.members, situation.people) : null,
      positions: new Map(),
      pins: (seed?.messages ?? [])
        .slice(-9, -6)
        .map(message => ({ message, pin: { accountId: me, at: message.createdAt } })),
      typing: own && situation.connection.state === 'online' ? [personAt(0).id] : [],
    }
    this.#show()
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  getSnapshot(): ConversationSnapshot {
    return this.#snapshot
  }

  async open(): Promise<void> {}

  async loadOlder(): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, 60))
    this.#from = Math.max(0, this.#from - pageSize)
    this.#show()
  }

  async loadNewer(): Promise<void> {}

  async jumpTo(sequence: number): Promise<void> {
    this.#from = Math.min(this.#from, Math.max(0, sequence - pageSize))
    this.#show()
  }

  async jumpToTime(time: string): Promise<number | null> {
    const found = this.#messages.find(message => message.createdAt >= time) ?? this.#messages.at(-1)
    if (found) await this.jumpTo(found.sequence)
    return found?.sequence ?? null
  }

  reads(): void {}
  async jumpToNewest(): Promise<void> {}
  markRead(): void {}
  async loadMembers(): Promise<void> {}
  setTyping(): void {}

  receiptsOf() {
    const ids = [personAt(0).id, personAt(1).id, personAt(2).id]
    return { delivered: ids, read: ids.slice(0, 2) }
  }

  append(body: string): void {
    this.#pending = [...this.#pending, toPending('waiting')(body, this.#pending.length)]
    this.#show()
  }

  #show(): void {
    const items: ConversationItem[] = this.#messages.slice(this.#from).map(message => ({
      type: 'message',
      key: `m${message.sequence}`,
      message,
      own: message.authorId === me,
      state: message.authorId === me ? stateOf(message.sequence, this.#messages.length) : null,
      deliveredCount: message.authorId === me ? 3 : 0,
      readCount: message.authorId === me ? 2 : 0,
      quoted: message.replyTo === null ? null : (this.#messages[message.replyTo - 1] ?? null),
      pinned: false,
      saved: false,
      changes: [],
      ...this.#marks.get(message.sequence),
    }))
    this.#snapshot = { ...this.#snapshot, items: [...items, ...this.#pending], hasOlder: this.#from > 0 }
    for (const listener of [...this.#listeners]) listener()
  }
}

function stateOf(sequence: number, count: number) {
  return sequence > count - 3 ? 'delivered' : sequence % 4 === 0 ? 'sent' : 'read'
}

function withFiles({ goingUp = [] }: Situation) {
  const files = goingUp.map(blob => ({ name: blob.name, blob }))
  return (item: PendingView): PendingView => ({ ...item, files, uploaded: goingUp.length * 60_000 })
}

function toPending(state: PendingView['state']) {
  return (body: string, index: number): PendingView => ({
    type: 'pending',
    key: `p${state}${index}`,
    entryId: `${state}${index}`,
    conversationId: 101 as ConversationId,
    body,
    replyTo: null,
    mentions: [] as AccountId[],
    forwardedFrom: null,
    createdAt: new Date(now).toISOString(),
    state,
    problem:
      state === 'refused'
        ? { type: 'urn:recado:problem:forbidden', title: '', status: 403, code: 'forbidden', retry: 'never' }
        : null,
    quoted: null,
    files: [],
    uploaded: 0,
  })
}

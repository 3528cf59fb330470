/** Shorthands for tests at the store port: people, conversations and entries, each through a real writer. */
import { hash, randomUUID } from 'node:crypto'
import type { AccountId, Attachment, ConversationId, MediaId, SessionId } from '@recado/protocol'
import type { AppendOutcome, ChangeEntry, SendEntry } from '@recado/server/store/appending.ts'
import type { Commit, Store, Writer } from '@recado/server/store/store.ts'
import type { Transaction } from '@recado/server/store/transaction.ts'

export interface Person {
  readonly id: AccountId
  readonly sessionId: SessionId
}

export interface SendOptions {
  readonly key?: string
  readonly fingerprint?: string
  readonly body?: string
  readonly replyTo?: number
  readonly mentions?: readonly AccountId[]
  readonly forwardedFrom?: AccountId
  readonly attachments?: readonly Attachment[]
}

export class StoreBench implements AsyncDisposable {
  readonly store: Store
  readonly writer: Writer
  readonly side: Writer

  private constructor(store: Store, writer: Writer, side: Writer) {
    this.store = store
    this.writer = writer
    this.side = side
  }

  static async open(store: Store): Promise<StoreBench> {
    return new StoreBench(store, await store.openWriter(), await store.openWriter())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.writer[Symbol.asyncDispose]()
    await this.side[Symbol.asyncDispose]()
  }

  async transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return (await this.side.transact(work)).result
  }

  async person(username: string = randomUUID()): Promise<Person> {
    return await this.transact(async transaction => {
      const inserted = await transaction.accounts.insertAccount({
        username,
        displayName: username,
        email: null,
        phone: null,
        language: null,
        passwordHash: 'hash',
      })
      if ('taken' in inserted) throw new Error(`${inserted.taken} is taken`)
      const { id } = inserted.account
      await transaction.insertHeads(id)
      const { sessionId } = await transaction.accounts.insertSession({ accountId: id, device: '' })
      await transaction.appendEvents([{ stream: id, kind: 'account.created', actorId: id }])
      return { id, sessionId }
    })
  }

  async people(count: number): Promise<Person[]> {
    const people: Person[] = []
    for (let made = 0; made < count; made++) people.push(await this.person())
    return people
  }

  /** The first becomes the owner; all see everything. */
  async group(...people: readonly Person[]): Promise<ConversationId> {
    const [owner] = people
    if (owner === undefined) throw new Error('a group needs an owner')
    return await this.transact(async transaction => {
      const id = await transaction.insertConversation({
        kind: 'group',
        name: 'group',
        description: null,
        memberCount: people.length,
      })
      const sequences = await transaction.appendEvents(
        people.map((person, index) =>
          index === 0
            ? { stream: id, kind: 'conversation.created' as const, actorId: owner.id }
            : { stream: id, kind: 'member.added' as const, actorId: owner.id, target: person.id },
        ),
      )
      await transaction.insertMemberships(
        people.map((person, index) => ({
          conversationId: id,
          accountId: person.id,
          role: index === 0 ? ('owner' as const) : ('member' as const),
          visibleFrom: 0,
          joinedSequence: sequences[index] ?? 1,
          read: 0,
          readOrdinal: 0,
        })),
      )
      return id
    })
  }

  /** Adds somebody who sees what comes from now on. */
  async add(conversationId: ConversationId, actor: Person, added: Person): Promise<number> {
    return await this.transact(async transaction => {
      await transaction.lockStreams([conversationId], [added.id])
      const { ordinal } = await transaction.headOf(conversationId)
      await transaction.updateMemberCount(conversationId, 1)
      const [sequence = 0] = await transaction.appendEvents([
        { stream: conversationId, kind: 'member.added', actorId: actor.id, target: added.id },
      ])
      await transaction.insertMemberships([
        {
          conversationId,
          accountId: added.id,
          role: 'member',
          visibleFrom: sequence,
          joinedSequence: sequence,
          read: sequence - 1,
          readOrdinal: ordinal,
        },
      ])
      return sequence
    })
  }

  async remove(conversationId: ConversationId, removed: Person): Promise<void> {
    await this.transact(async transaction => {
      await transaction.lockStreams([conversationId], [removed.id])
      await transaction.deleteMembership(conversationId, removed.id)
      await transaction.updateMemberCount(conversationId, -1)
      await transaction.appendEvents([
        { stream: conversationId, kind: 'member.removed', actorId: removed.id, target: removed.id },
      ])
    })
  }

  /** A file of that name that is ready, or still on its way. Its id and its content follow from the name. */
  async file(owner: Person, name: string, state: 'ready' | 'uploading' = 'ready'): Promise<Attachment> {
    const id = hash('sha256', name, 'base64url').slice(0, 22) as MediaId
    const original = { hash: hash('sha256', name), bytes: 3 }
    const { media } = this.store
    await media.create(
      { id, accountId: owner.id, name, length: 3 },
      { quotaBytes: 1_000, unfinished: 10, keptMs: 1_000 },
    )
    if (state === 'ready') {
      await media.finishUpload(id)
      await media.accept(id, { type: 'text/plain', original, image: null }, everythingStored)
    }
    return { id, name, type: 'text/plain', bytes: 3, width: null, height: null, placeholder: null }
  }

  async append(...entries: readonly (SendEntry | ChangeEntry)[]): Promise<readonly AppendOutcome[]> {
    return (await this.writer.appendBatch(entries)).outcomes
  }

  /** Answers with the sequence. */
  async send(conversationId: ConversationId, author: Person, options: SendOptions = {}): Promise<number> {
    const [outcome] = await this.append(sendEntry(conversationId, author, options))
    if (outcome?.outcome !== 'appended') throw new Error(`not appended: ${JSON.stringify(outcome)}`)
    return outcome.sequence
  }

  async move(
    conversationId: ConversationId,
    person: Person,
    { delivered = 0, read = 0 }: { readonly delivered?: number; readonly read?: number },
  ) {
    return await this.writer.movePositions([{ conversationId, accountId: person.id, delivered, read }])
  }

  /** Everything committed after `before`, in order per writer. */
  async commitsSince(before: ReadonlyMap<number, number>): Promise<readonly Commit[]> {
    return await this.store.readJournal(before, 1_000)
  }
}

/** Contents that are always there. */
export const everythingStored = { isStored: async () => true, remove: async () => undefined }

export function sendEntry(conversationId: ConversationId, author: Person, options: SendOptions = {}): SendEntry {
  const {
    key = randomUUID(),
    body = 'hello',
    replyTo = null,
    mentions = [],
    forwardedFrom = null,
    attachments = [],
  } = options
  const fingerprint = options.fingerprint ?? `${body} ${replyTo}`
  const content = { body, replyTo, mentions, forwardedFrom, attachments }
  return { op: 'send', conversationId, actorId: author.id, key, fingerprint, ...content }
}

export function changeEntry(
  op: ChangeEntry['op'],
  place: { readonly conversationId: ConversationId; readonly target: number },
  actor: Person,
  content: { readonly key?: string; readonly body?: string; readonly emoji?: string } = {},
): ChangeEntry {
  const { key = randomUUID(), body = null, emoji = null } = content
  const fingerprint = `${op} ${place.target} ${body} ${emoji}`
  return { op, ...place, actorId: actor.id, key, fingerprint, body, mentions: [], emoji }
}

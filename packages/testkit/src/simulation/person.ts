/** Somebody at a device: does what people do, at random, knowing only what the SDK shows. */
import { type Client, type ConversationView, ProblemError } from '@recado/client'
import type { AccountId, ConversationId } from '@recado/protocol'
import type { Device } from './device.ts'
import type { Dice } from './dice.ts'
import type { Life } from './life.ts'
import { Post } from './post.ts'
import { type Discard, type Ending, type Record, type SentText, settle } from './record.ts'
import type { Scheduler } from './scheduler.ts'

export interface PersonOptions {
  readonly device: Device
  readonly username: string
  readonly accountId: AccountId
  /** Everybody there is. */
  readonly everybody: readonly AccountId[]
  readonly scheduler: Scheduler
  readonly dice: Dice
  readonly record: Record
}

/** Everybody's. */
export const password = 'correct horse'

type Action = (client: Client, view: ConversationView) => Promise<unknown> | undefined

const emojis = ['👍', '🎉', '🙈']

export class Person {
  readonly device: Device
  readonly accountId: AccountId
  readonly #options: PersonOptions
  readonly #actions: readonly (readonly [number, Action])[] = [
    [40, (client, view) => this.#send(client, view.id)],
    [12, (client, view) => this.#read(client, view)],
    [7, (client, view) => this.#edit(client, view)],
    [4, (client, view) => this.#delete(client, view)],
    [8, (client, view) => this.#react(client, view)],
    [4, (client, view) => this.#mark(client, view)],
    [3, (client, view) => this.#forward(client, view)],
    [4, (client, view) => this.#listenTo(client, view.id)],
    [3, (client, view) => client.conversation(view.id).loadOlder()],
    [3, (client, view) => this.#jump(client, view)],
    [3, (client, view) => Promise.resolve(client.conversation(view.id).setTyping('typing'))],
    [2, (client, view) => this.#cancel(client, view)],
    [2, (client, view) => this.#rename(client, view)],
    [4, (client, view) => this.#add(client, view)],
    [3, (client, view) => this.#remove(client, view)],
    [1, (client, view) => (view.conversation.kind === 'group' ? client.leave(view.id) : undefined)],
    [2, client => this.#createGroup(client)],
    [2, client => client.openDirect(this.#somebody())],
    [1, (client, view) => client.clearBell(this.#options.dice.chance(0.5) ? null : view.id)],
    [1, client => this.#signOut(client)],
    [0.5, () => this.signIn()],
    [0.5, client => this.#endSession(client)],
    [25, client => this.#post.act(client)],
  ]
  readonly #post: Post
  readonly #underWay = new Map<Life, number>()
  #texts = 0
  #stopListening: () => void = () => undefined

  constructor(options: PersonOptions) {
    this.device = options.device
    this.accountId = options.accountId
    this.#options = options
    this.#post = new Post(options)
  }

  /** One action. What it was promised goes into the record. */
  act(): void {
    const { dice, record } = this.#options
    const { client } = this.device.program
    if (this.isSignedOut) {
      if (dice.chance(0.3)) this.#watch(this.signIn())
      return
    }
    const views = client.getSnapshot().conversations.filter(view => view.membership === 'member')
    const view = dice.pick(views)
    if (view === undefined) {
      if (client.getSnapshot().ready && dice.chance(0.2)) this.#watch(this.#createGroup(client))
      return
    }
    const action = dice.weighted(this.#actions)(client, view)
    if (action === undefined) return
    record.count('actions')
    this.#watch(action)
  }

  get isSignedOut(): boolean {
    return this.device.program.client.getSnapshot().connection.state === 'signed-out'
  }

  /** Also over a sign-in that lives, here or in another tab. */
  async signIn(): Promise<void> {
    const { machine, program } = this.device
    const { record, username } = this.#options
    record.count('signed in')
    await machine.leave(program.life, async () => {
      await program.client.signIn({ login: username, password })
      return true
    })
    const { outbox, sessionId } = program.client.getSnapshot()
    if (machine.cleanSession !== sessionId || sessionId === null) return
    machine.cleanSession = null
    if (outbox.waiting + outbox.refused > 0)
      record.surprises.push(`${this.device.name}: was thrown away and is there again`)
  }

  /** Whether something that was asked of the running program has not come to an end. */
  get isBusy(): boolean {
    return this.#underWay.get(this.device.program.life) !== undefined
  }

  /** Refusals are part of life; anything else is not. */
  #watch(action: Promise<unknown>): void {
    const { life } = this.device.program
    this.#underWay.set(life, (this.#underWay.get(life) ?? 0) + 1)
    const ended = () => {
      const left = (this.#underWay.get(life) ?? 1) - 1
      if (left === 0) this.#underWay.delete(life)
      else this.#underWay.set(life, left)
    }
    action.then(ended, (error: unknown) => {
      ended()
      if (error instanceof ProblemError) this.#options.record.count(`refused: ${error.code}`)
      else this.#options.record.surprises.push(`the SDK threw: ${describe(error)}`)
    })
  }

  async #send(client: Client, conversationId: ConversationId): Promise<void> {
    const { dice, record, scheduler } = this.#options
    const items = messagesOf(client, conversationId)
    const body = this.#text()
    const sent: SentText = {
      machine: this.device.machine.name,
      at: scheduler.now,
      accountId: this.accountId,
      conversationId,
      body,
      key: null,
      state: 'unknown',
    }
    record.sent.push(sent)
    const quoted = dice.chance(0.2) ? dice.pick(items) : undefined
    try {
      sent.key = await client.send({
        conversationId,
        body,
        ...(quoted && { replyTo: quoted.message.sequence }),
        ...(dice.chance(0.2) && { mentions: [this.#somebody()] }),
      })
    } catch (error) {
      sent.state = 'given back'
      throw error
    }
    // Another tab may have taken it back already.
    if (sent.state === 'unknown') sent.state = 'accepted'
  }

  /** Some throw away what was not sent, in every tab. */
  async #signOut(client: Client): Promise<void> {
    const { dice, record, scheduler } = this.#options
    const { machine, program } = this.device
    const unsent = dice.chance(0.4) ? 'discard' : 'ask'
    const discard: Discard = { machine: machine.name, from: scheduler.now, to: Number.POSITIVE_INFINITY }
    if (unsent === 'discard') record.discards.push(discard)
    const { lastSession } = machine
    await machine.leave(program.life, async () => {
      const { signedOut } = await client.signOut({ unsent })
      discard.to = scheduler.now
      if (unsent === 'discard') machine.emptied = machine.lastSession === lastSession
      record.count(signedOut ? `signed out: ${unsent}` : 'stayed signed in for what was unsent')
      return !signedOut
    })
  }

  /** Of this account, on any device, this one too. */
  async #endSession(client: Client): Promise<void> {
    const { dice, record } = this.#options
    const session = dice.pick(await client.listSessions())
    if (!session) return
    await client.endSession(session.id)
    record.count('sessions ended')
  }

  #cancel(client: Client, view: ConversationView): Promise<void> | undefined {
    const pending = client
      .conversation(view.id)
      .getSnapshot()
      .items.find(item => item.type === 'pending' && item.forwardedFrom === null)
    if (pending?.type !== 'pending') return undefined
    const sent = this.#options.record.sent.find(text => text.body === pending.body)
    const before = sent?.state ?? 'unknown'
    if (sent) sent.state = 'unknown'
    return client.cancel(pending.entryId).then(cancelled => {
      if (!sent) return
      if (cancelled) sent.state = 'cancelled'
      else if (sent.state === 'unknown') sent.state = before
    })
  }

  #read(client: Client, view: ConversationView): undefined {
    const last = view.conversation.lastMessage
    if (last) client.conversation(view.id).markRead(last.sequence)
    return undefined
  }

  #edit(client: Client, view: ConversationView): Promise<void> | undefined {
    const target = this.#options.dice.pick(messagesOf(client, view.id).filter(item => item.own))
    if (!target) return undefined
    const { sequence } = target.message
    const body = this.#text()
    const edited = { accountId: this.accountId, conversationId: view.id, sequence, body, ending: 'unknown' as Ending }
    this.#options.record.edited.push(edited)
    // By the outbox it is sent later, and may be refused then: only asked for directly does the answer say how it ended.
    if (this.#options.dice.chance(0.5)) return client.edit(view.id, sequence, body)
    const request = { conversationId: view.id, sequence, body, key: this.#text().replaceAll(' ', '-') }
    return settle(client.call('message.edit', request), edited)
  }

  #delete(client: Client, view: ConversationView): Promise<void> | undefined {
    const target = this.#options.dice.pick(messagesOf(client, view.id))
    return target && client.delete(view.id, target.message.sequence)
  }

  #react(client: Client, view: ConversationView): Promise<void> | undefined {
    const { dice } = this.#options
    const target = dice.pick(messagesOf(client, view.id))
    const emoji = dice.pick(emojis) ?? '👍'
    if (!target) return undefined
    const { sequence } = target.message
    return dice.chance(0.7) ? client.react(view.id, sequence, emoji) : client.unreact(view.id, sequence, emoji)
  }

  #mark(client: Client, view: ConversationView): Promise<void> | undefined {
    const { dice } = this.#options
    const target = dice.pick(messagesOf(client, view.id))
    if (!target) return undefined
    const { sequence } = target.message
    const marks = ['pinMessage', 'unpinMessage', 'saveMessage', 'unsaveMessage'] as const
    return client[dice.pick(marks) ?? 'pinMessage'](view.id, sequence)
  }

  #forward(client: Client, view: ConversationView): Promise<void> | undefined {
    const { dice } = this.#options
    const target = dice.pick(messagesOf(client, view.id).filter(item => item.message.body !== null))
    const to = dice.pick(client.getSnapshot().conversations.filter(({ membership }) => membership === 'member'))
    return target && to && client.forward({ message: target.message, to: [to.id] })
  }

  #listenTo(client: Client, id: ConversationId): undefined {
    this.#stopListening()
    this.#stopListening = client.conversation(id).subscribe(() => undefined)
    return undefined
  }

  #jump(client: Client, view: ConversationView): Promise<void> | undefined {
    const { dice } = this.#options
    const handle = client.conversation(view.id)
    const target = dice.pick(messagesOf(client, view.id))
    return target && dice.chance(0.5) ? handle.jumpTo(target.message.sequence) : handle.jumpToNewest()
  }

  #createGroup(client: Client): Promise<void> {
    const { dice, everybody, record } = this.#options
    const created = { accountId: this.accountId, name: this.#text(), ending: 'unknown' as Ending }
    record.groups.push(created)
    const others = everybody.filter(id => id !== this.accountId && dice.chance(0.5))
    return settle(client.createGroup(created.name, others), created)
  }

  #rename(client: Client, view: ConversationView): Promise<void> | undefined {
    return view.conversation.kind === 'group' ? client.updateGroup(view.id, { name: this.#text() }) : undefined
  }

  #add(client: Client, view: ConversationView): Promise<void> | undefined {
    if (view.conversation.kind !== 'group') return undefined
    return client.addMembers(view.id, [this.#somebody()], this.#options.dice.chance(0.5) ? 'all' : 'from-now')
  }

  #remove(client: Client, view: ConversationView): Promise<void> | undefined {
    return view.conversation.kind === 'group' ? client.removeMember(view.id, this.#somebody()) : undefined
  }

  #somebody(): AccountId {
    return this.#options.dice.pick(this.#options.everybody) ?? this.accountId
  }

  #text(): string {
    return `${this.device.name} says ${++this.#texts}`
  }
}

function messagesOf(client: Client, id: ConversationId) {
  const { items } = client.conversation(id).getSnapshot()
  return items.filter(item => item.type === 'message')
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

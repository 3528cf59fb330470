/**
 * What people do while everything fails around them: they write in bursts, edit, react, read, and one of them adds and
 * removes others. Paced by a rate, held back by what waits in their outboxes.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { ConversationView } from '@recado/client'
import type { Person } from './person.ts'
import type { SeededRandom } from './random.ts'
import type { World } from './world.ts'

export interface TrafficOptions {
  readonly world: World
  readonly random: SeededRandom
  /** Messages a second, all senders together. */
  readonly rate: number
}

/** What may wait in one outbox before its person stops writing. */
const backlog = 400
const burst = { from: 1, to: 24 }
const readEveryMs = 400
const changeMembersEveryMs = 1_500

export class Traffic {
  readonly #options: TrafficOptions
  readonly #loops: readonly Promise<void>[]
  #state: 'running' | 'stopped' = 'running'

  constructor(options: TrafficOptions) {
    this.#options = options
    const { world, random } = options
    this.#loops = [
      ...world.senders.map(person => this.#write(person, random.fork())),
      ...world.people.map(person => this.#read(person, random.fork())),
      this.#changeMembers(random.fork()),
    ]
  }

  /** Nothing new is begun from here on. */
  async stop(): Promise<void> {
    this.#state = 'stopped'
    await Promise.all(this.#loops)
  }

  async #write(person: Person, random: SeededRandom): Promise<void> {
    const { rate, world } = this.#options
    const everyMs = (1_000 * world.senders.length) / rate
    let dueAt = performance.now() + random.integer(0, 500)
    while (this.#state === 'running') {
      const waitMs = dueAt - performance.now()
      if (waitMs > 0) await delay(Math.min(waitMs, 200))
      if (performance.now() < dueAt) continue
      const views = person.conversations
      if (person.waiting > backlog || views.length === 0) {
        dueAt = performance.now() + 50
        continue
      }
      const view = random.pick(views)
      const count = random.integer(burst.from, burst.to)
      dueAt = Math.max(dueAt, performance.now() - 1_000) + count * everyMs
      for (let index = 0; index < count && this.#state === 'running'; index++) await person.send(view.id)
      if (random.chance(0.2)) touchUp(person, view, random)
    }
  }

  async #read(person: Person, random: SeededRandom): Promise<void> {
    while (this.#state === 'running') {
      await delay(random.integer(readEveryMs / 2, readEveryMs * 2))
      const views = person.conversations
      if (views.length === 0) continue
      const { id, conversation } = random.pick(views)
      if (id !== this.#options.world.changing.id) person.markRead(id, conversation.head.sequence)
    }
  }

  async #changeMembers(random: SeededRandom): Promise<void> {
    const { owner, guests, id: conversationId } = this.#options.world.changing
    while (this.#state === 'running') {
      await delay(random.integer(changeMembersEveryMs / 2, changeMembersEveryMs * 2))
      const { accountId } = random.pick(guests)
      const key = randomUUID()
      const target = accountId
      if (random.chance(0.5)) {
        owner.change(conversationId, { key, kind: 'member.added', target, body: null }, async () => {
          const added = { conversationId, key, accountIds: [accountId], history: 'from-now' as const }
          return (await owner.client.call('member.add', added)).sequence
        })
      } else {
        owner.change(conversationId, { key, kind: 'member.removed', target, body: null }, async () => {
          return (await owner.client.call('member.remove', { conversationId, key, accountId })).sequence
        })
      }
    }
  }
}

/** Edits the newest message if it is one's own, else reacts to it. */
function touchUp(person: Person, view: ConversationView, random: SeededRandom): void {
  const conversationId = view.id
  const last = person.view(view.id)?.conversation.lastMessage
  if (!last || last.body === null) return
  const { sequence } = last
  const key = randomUUID()
  if (last.authorId === person.accountId) {
    const body = `${last.body.slice(0, 60)} (edited)`
    person.change(conversationId, { key, kind: 'message.edited', target: sequence, body }, async () => {
      return (await person.client.call('message.edit', { conversationId, sequence, key, body })).sequence
    })
  } else {
    const emoji = random.pick(['👍', '🎉', '👀'])
    person.change(conversationId, { key, kind: 'reaction.changed', target: sequence, body: null }, async () => {
      return (await person.client.call('message.react', { conversationId, sequence, key, emoji })).sequence
    })
  }
}

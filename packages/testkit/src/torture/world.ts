/** Who is there and who talks with whom: pairs, groups, one group whose members change, and a stranger who is in nothing. */
import type { ConversationId } from '@recado/protocol'
import { Person } from './person.ts'
import { until } from './until.ts'

export interface WorldOptions {
  readonly serverPort: number
  readonly senders: number
  readonly readers: number
}

/** A group whose owner adds and removes people all the time. */
export interface ChangingGroup {
  readonly id: ConversationId
  readonly owner: Person
  readonly guests: readonly Person[]
}

interface Groups {
  readonly changing: ChangingGroup
  readonly everybody: ConversationId
}

const knownWithinMs = 15_000

export class World implements AsyncDisposable {
  readonly people: readonly Person[]
  readonly senders: readonly Person[]
  readonly changing: ChangingGroup
  /** The group of everybody but the stranger. */
  readonly everybody: ConversationId

  private constructor(people: readonly Person[], senders: readonly Person[], groups: Groups) {
    this.people = people
    this.senders = senders
    this.changing = groups.changing
    this.everybody = groups.everybody
  }

  static async create({ serverPort, senders: count, readers }: WorldOptions): Promise<World> {
    await using owned = new AsyncDisposableStack()
    const people: Person[] = []
    const names = [
      ...Array.from({ length: count }, (_, index) => `sender${index + 1}`),
      ...Array.from({ length: readers }, (_, index) => `reader${index + 1}`),
      'stranger',
    ]
    for (const name of names) people.push(owned.use(await Person.signUp(name, serverPort)))
    const senders = people.slice(0, count)
    const members = people.slice(0, -1)
    const groups = await createConversations(senders, members)
    const expected = await Promise.all(members.map(person => countConversations(person)))
    const known = () => members.every((person, index) => person.conversations.length === expected[index])
    if ((await until(known, knownWithinMs)) === null) throw new Error('not everybody learned of their conversations')
    owned.move()
    return new World(people, senders, groups)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.people.map(person => person[Symbol.asyncDispose]()))
  }
}

async function createConversations(senders: readonly Person[], members: readonly Person[]): Promise<Groups> {
  const [first, second] = senders
  if (first === undefined || second === undefined) throw new Error('it takes two to talk')
  for (const [index, sender] of senders.entries()) {
    const next = senders[(index + 1) % senders.length]
    if (next !== undefined && next !== sender) await sender.client.openDirect(next.accountId)
  }
  const others = (owner: Person, group: readonly Person[]) =>
    group.filter(person => person !== owner).map(person => person.accountId)
  const everybody = await first.client.createGroup('Everybody', others(first, members))
  await first.client.createGroup(
    'Even',
    others(
      first,
      members.filter((_, index) => index % 2 === 0),
    ),
  )
  await second.client.createGroup(
    'Odd',
    others(
      second,
      members.filter((_, index) => index % 2 === 1),
    ),
  )
  const third = Math.ceil(senders.length / 3)
  const { id } = await first.client.createGroup('Changing', others(first, senders.slice(0, third)))
  const guests = [...senders.slice(third, 2 * third), ...members.slice(senders.length)]
  return { changing: { id, owner: first, guests }, everybody: everybody.id }
}

async function countConversations(person: Person): Promise<number> {
  const { items } = await person.client.call('conversation.list', { limit: 100 })
  return items.length
}

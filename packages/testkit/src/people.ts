/** People of a test server: signed up, calling over HTTP, opening sockets that are attached. */
import type {
  AccountId,
  ConversationId,
  OperationInput,
  OperationName,
  OperationOutput,
  Problem,
} from '@recado/protocol'
import { Refused, SocketClient } from './socket-client.ts'
import { requireOutput } from './wire-contract.ts'

interface Served {
  readonly url: string
}

export interface HttpAnswer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came
  readonly body: any
}

/** `POST /v1/<operation>` with whatever data. */
export async function postOperation(url: string, op: string, data: unknown, token?: string): Promise<HttpAnswer> {
  const response = await fetch(`${url}/v1/${op}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(data),
  })
  return { status: response.status, body: await response.json() }
}

export class Person {
  readonly id: AccountId
  readonly username: string
  readonly token: string
  readonly refreshToken: string
  readonly url: string

  constructor(url: string, grant: OperationOutput<'account.create'>) {
    this.url = url
    this.id = grant.account.id
    this.username = grant.account.username
    this.token = grant.accessToken
    this.refreshToken = grant.refreshToken ?? ''
  }

  /** Over HTTP: the result, or a `Refused` thrown. */
  async call<Name extends OperationName>(op: Name, data: OperationInput<Name>): Promise<OperationOutput<Name>> {
    const { status, body } = await this.attempt(op, data)
    if (status !== 200) throw new Refused(body as Problem, op)
    requireOutput(op, body)
    return body as OperationOutput<Name>
  }

  async attempt(op: string, data: unknown): Promise<HttpAnswer> {
    return await postOperation(this.url, op, data, this.token)
  }

  /** An attached socket, at this person's server or another node. */
  async connect(server: Served = { url: this.url }): Promise<SocketClient> {
    const client = await SocketClient.open(server.url)
    await client.resume(this.token)
    return client
  }

  /** Another session, here or at another node. */
  async signInAgain({ url }: Served = { url: this.url }): Promise<Person> {
    const { status, body } = await postOperation(url, 'session.create', { login: this.username, password })
    if (status !== 200) throw new Refused(body as Problem, 'session.create')
    return new Person(url, body)
  }
}

const password = 'correct horse battery'
let people = 0

export async function createPerson(server: Served): Promise<Person> {
  people += 1
  const username = `person${people}`
  const answer = await postOperation(server.url, 'account.create', { username, displayName: username, password })
  if (answer.status !== 200) throw new Refused(answer.body as Problem, 'account.create')
  return new Person(server.url, answer.body)
}

/** As many as the test names: `const [ana, bo] = await createPeople(server, 2)`. */
export async function createPeople<Count extends number>(server: Served, count: Count): Promise<Tuple<Person, Count>> {
  return (await Promise.all(Array.from({ length: count }, () => createPerson(server)))) as Tuple<Person, Count>
}

type Tuple<Item, Count extends number, Items extends Item[] = []> = number extends Count
  ? Item[]
  : Items['length'] extends Count
    ? Items
    : Tuple<Item, Count, [...Items, Item]>

export async function createGroup(owner: Person, others: readonly Person[], name = 'A group'): Promise<ConversationId> {
  const accountIds = others.map(person => person.id)
  const group = await owner.call('conversation.create', { key: newKey(), name, accountIds })
  return group.id
}

export async function openDirect(one: Person, other: Person): Promise<ConversationId> {
  return (await one.call('conversation.open', { accountId: other.id })).id
}

let keys = 0

/** A key that no other request of this process has. */
export function newKey(): string {
  keys += 1
  return `key-${process.pid}-${keys}`
}

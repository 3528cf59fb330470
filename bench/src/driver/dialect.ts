/** What differs between the two servers on the wire: how one signs in, sends, and catches up. */
import { type Client, firstLoadId, loadBody } from './client.ts'
import type { DialectName, Ticket } from './job.ts'
import { requestFrame } from './raw-socket.ts'

/** What a client keeps while it is away. */
export interface Position {
  readonly mark: string | null
  readonly epoch: string
  readonly sequence: number
  readonly micros: number
}

export interface Dialect {
  readonly path: string
  upgradeHeaders(ticket: Ticket): string
  /** Ready to receive what is sent to the conversation, or just signed in when there is none. */
  signIn(client: Client, ticket: Ticket, conversation: number | null): Promise<void>
  /** One framed load request. */
  send(conversation: number, sender: number, number: number): string
  /** Where the conversation is now. */
  position(client: Client, ticket: Ticket, conversation: number): Promise<Position>
  /** Everything after the position on a connection that has just opened, each body handed over; sign-in included. */
  catchUp(client: Client, ticket: Ticket, away: Away, receive: (body: string) => void): Promise<Position>
}

export interface Away {
  readonly conversation: number
  readonly position: Position
}

const pageSize = 1_000

const yardstick: Dialect = {
  path: '/',
  upgradeHeaders: ticket => `Authorization: Bearer ${ticket.token}\r\n`,
  async signIn(client, _ticket, conversation) {
    if (conversation !== null) await client.call('join', { conversation })
  },
  send(conversation, sender, number) {
    const body = loadBody(sender, number)
    return requestFrame(
      `{"id":${firstLoadId + number},"op":"send","data":{"conversation":${conversation},"body":"${body}"}}`,
    )
  },
  position: async () => ({ mark: null, epoch: '', sequence: 0, micros: 0 }),
  async catchUp(client, _ticket, { conversation, position }, receive) {
    let after = position.sequence
    for (;;) {
      const page = (await client.call('page', { conversation, after, limit: pageSize })) as YardstickPage
      for (const item of page.items) receive(item.body)
      after = page.items.at(-1)?.id ?? after
      if (page.items.length < pageSize) return { ...position, sequence: after }
    }
  },
}

interface YardstickPage {
  readonly items: readonly { readonly id: number; readonly body: string }[]
}

interface Head {
  readonly sequence: number
  readonly micros: number
}

interface Resumed {
  readonly epoch: string
  readonly moved: readonly ({ readonly stream: number } & Head)[] | null
}

interface EventPage {
  readonly items: readonly (Head & { readonly kind: string; readonly data: { readonly message?: { body: string } } })[]
  readonly head: Head
}

const recado: Dialect = {
  path: '/v1/socket',
  upgradeHeaders: () => '',
  async signIn(client, ticket) {
    await client.call('session.resume', { token: ticket.token })
  },
  send(conversation, sender, number) {
    const body = loadBody(sender, number)
    return requestFrame(
      `{"id":${firstLoadId + number},"op":"message.send","data":{"conversationId":${conversation},` +
        `"clientMessageId":"${sender}.${number}","body":"${body}"}}`,
    )
  },
  async position(client, ticket, conversationId) {
    const { epoch } = (await client.call('session.resume', { token: ticket.token })) as Resumed
    const { head } = (await client.call('conversation.get', { conversationId })) as { head: Head }
    return { mark: await client.mark, epoch, sequence: head.sequence, micros: head.micros }
  },
  async catchUp(client, ticket, { conversation, position }, receive) {
    const { epoch, moved } = (await client.call('session.resume', {
      token: ticket.token,
      mark: position.mark,
    })) as Resumed
    const target = moved?.find(({ stream }) => stream === conversation)
    if (!target) throw new Error('session.resume does not name the conversation that moved')
    let { sequence, micros } = position
    // As the SDK does: while one page travels, the one behind it is asked for.
    const read = (after: number) => {
      const cursor = { epoch, sequence, micros }
      return client.call('stream.read', { stream: conversation, cursor, limit: pageSize, after })
    }
    let ahead: Promise<unknown> | null = null
    while (sequence < target.sequence) {
      const asked: Promise<unknown> = ahead ?? read(sequence)
      ahead = sequence + pageSize < target.sequence ? read(sequence + pageSize) : null
      const page = (await asked) as EventPage
      for (const item of page.items) if (item.data.message) receive(item.data.message.body)
      const last = page.items.at(-1)
      if (!last) throw new Error('stream.read ends before the head')
      sequence = last.sequence
      micros = last.micros
    }
    return { mark: await client.mark, epoch, sequence, micros }
  },
}

export const dialects: Readonly<Record<DialectName, Dialect>> = { recado, yardstick }

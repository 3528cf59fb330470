/** Opens and signs in many clients, so many at a time. */
import { Client } from './client.ts'
import type { Dialect } from './dialect.ts'
import type { Ticket } from './job.ts'

export interface Guest {
  readonly ticket: Ticket
  readonly conversation: number | null
}

export interface Door {
  readonly port: number
  readonly dialect: Dialect
  readonly buffer: Buffer
}

export function openClient({ port, dialect, buffer }: Door, ticket: Ticket): Client {
  return new Client({ port, path: dialect.path, headers: dialect.upgradeHeaders(ticket) }, buffer)
}

export async function connectAll(door: Door, guests: readonly Guest[], atOnce: number): Promise<Client[]> {
  const clients: Client[] = []
  const queue = guests.entries()
  const worker = async () => {
    for (const [index, { ticket, conversation }] of queue) {
      const client = openClient(door, ticket)
      clients[index] = client
      await client.opened
      await door.dialect.signIn(client, ticket, conversation)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return clients
}

/** Polls until it is so; says whether it became so in time. */
export async function becomes(condition: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (!condition()) {
    if (performance.now() > deadline) return false
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  return true
}

/**
 * A JSON array of any length, written page by page as fast as the client reads and never held whole (L10). The first page is
 * read before the head of the answer is written, so what cannot be read is refused and not cut off.
 */
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

export async function sendList<Item>(
  reply: FastifyReply,
  pages: AsyncGenerator<readonly Item[], void>,
  present: (item: Item) => object,
): Promise<FastifyReply> {
  const first = await pages.next()
  const lines = encode({ first: first.done ? [] : first.value, rest: pages, present })
  return reply.type('application/json').send(Readable.from(lines, { objectMode: false, highWaterMark: 64 * 1024 }))
}

interface List<Item> {
  readonly first: readonly Item[]
  readonly rest: AsyncGenerator<readonly Item[], void>
  readonly present: (item: Item) => object
}

async function* encode<Item>({ first, rest, present }: List<Item>): AsyncGenerator<string, void> {
  const text = (items: readonly Item[]) => items.map(item => JSON.stringify(present(item))).join(',')
  yield `[${text(first)}`
  for await (const page of rest) if (page.length > 0) yield `,${text(page)}`
  yield ']'
}

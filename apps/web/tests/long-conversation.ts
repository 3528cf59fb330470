/** A group with a long past of very unequal messages, as written by two people in turn. */
import { type Client, createNodeClient } from '@recado/client'
import { pastTheServer, startServer, writeHistory } from '@recado/testkit'
import type { Browser } from 'playwright-core'
import { launchBrowser, password, Seat, type SeatOptions } from './seat.ts'

export interface LongConversation extends AsyncDisposable {
  readonly id: Client extends { conversation(id: infer Id): unknown } ? Id : never
  readonly url: string
  /** Ana, who has read it all, in a browser. */
  seat(options?: Omit<SeatOptions, 'url'>): Promise<Seat>
  /** Bob, the other one, who is a program. */
  readonly bob: Client
  /** The sequence of the message with this number. */
  sequenceOf(number: number): number
}

export interface LongOptions {
  readonly count: number
  readonly everySeconds?: number
  /** A browser of one's own; whoever made it closes it. */
  readonly launch?: () => Promise<Browser>
}

export async function startLongConversation({
  count,
  everySeconds = 600,
  launch = launchBrowser,
}: LongOptions): Promise<LongConversation> {
  await using owned = new AsyncDisposableStack()
  const server = owned.use(await startServer())
  const { url } = server
  const { id, firstSequence } = await write()
  const bob = owned.use(createNodeClient({ url, receipts: 'none' }))
  await bob.signIn({ login: 'bob', password })
  await bob.caughtUp()
  const browser = await launch()
  owned.defer(() => browser.close())
  const held = owned.move()
  return {
    ...{ id, url, bob },
    sequenceOf: number => firstSequence + number - 1,
    seat: options => Seat.take(browser, { url, ...options }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }

  async function write() {
    const group = await signUpTwo(url)
    const { sequence } = group.head
    await pastTheServer(server, async sql => {
      await writeHistory(sql, { conversationId: group.id, authors: group.authors, count, everySeconds })
      await sql.query('update positions set read = $2, read_ordinal = $3 where conversation_id = $1', [
        group.id,
        sequence + count,
        group.head.ordinal + count,
      ])
    })
    return { id: group.id, firstSequence: sequence + 1 }
  }
}

async function signUpTwo(url: string) {
  await using ana = createNodeClient({ url, receipts: 'none' })
  await using bob = createNodeClient({ url, receipts: 'none' })
  await ana.signUp({ username: 'ana', password, displayName: 'Ana' })
  await bob.signUp({ username: 'bob', password, displayName: 'Bob' })
  const [me, other] = [ana.getSnapshot().me, bob.getSnapshot().me]
  if (!me || !other) throw new Error('Signing up signs in.')
  const { id, head } = await ana.createGroup('Long letters', [other.id])
  return { id, head, authors: [me.id, other.id] }
}

/** What the measurements stand on: a server as an operator runs it, a long conversation, and a browser signed in. */

import { startRecadoProcess } from '@recado/bench/targets/recado.ts'
import { type Client, createNodeClient } from '@recado/client'
import type { ConversationId } from '@recado/protocol'
import { pastTheServer, writeHistory } from '@recado/testkit'
import type { Browser, Page } from 'playwright-core'
import { launchWholeBrowser, password, Seat } from '../tests/seat.ts'

export interface House extends AsyncDisposable {
  readonly url: string
  readonly browser: Browser
  readonly seat: Seat
  readonly page: Page
  readonly long: ConversationId
  readonly short: ConversationId
  readonly count: number
  /** Somebody else writes this often into the long conversation, in such steps; resolves once the server has it all. */
  write(times: number, mark: string, everyMs?: number): Promise<void>
}

export async function openHouse(count: number): Promise<House> {
  await using owned = new AsyncDisposableStack()
  const { server, address } = owned.use(await startRecadoProcess([]))
  const url = `http://localhost:${server.port}`
  const { long, short, authors } = await createConversations(url)
  await pastTheServer({ database: { address } }, async sql => {
    await writeHistory(sql, { conversationId: long, authors, count, everySeconds: 300 })
    await writeHistory(sql, { conversationId: short, authors, count: 60, everySeconds: 300 })
    await sql.query(
      `update positions p set read = h.sequence, read_ordinal = h.ordinal from heads h where h.stream_id = p.conversation_id`,
    )
  })
  const bob = owned.use(createNodeClient({ url, receipts: 'none' }))
  await bob.signIn({ login: 'bob', password })
  await bob.caughtUp()
  const browser = await launchWholeBrowser()
  owned.defer(() => browser.close())
  const seat = await Seat.take(browser, { url })
  await seat.signIn('ana')
  await seat.row('Long letters').waitFor()
  await seat.keepsTheApp()
  const held = owned.move()
  return {
    ...{ url, browser, seat, page: seat.page, long, short, count },
    async write(times, mark, everyMs = 0) {
      const from = performance.now()
      for (let number = 1; number <= times; number += 1) {
        const early = from + number * everyMs - performance.now()
        if (early > 0) await new Promise(resolve => setTimeout(resolve, early))
        await bob.send({ conversationId: long, body: `${mark} ${number}: the usual line of a busy day` })
      }
      await untilSent(bob)
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

async function untilSent(client: Client): Promise<void> {
  while (client.getSnapshot().outbox.waiting > 0) await new Promise(resolve => setTimeout(resolve, 20))
}

/** So that the list of chats is full, and a tap on a filter changes all of it. */
const otherChats = 30

async function createConversations(url: string) {
  await using ana = createNodeClient({ url, receipts: 'none' })
  await using bob = createNodeClient({ url, receipts: 'none' })
  await ana.signUp({ username: 'ana', password, displayName: 'Ana' })
  await bob.signUp({ username: 'bob', password, displayName: 'Bob' })
  const [me, other] = [ana.getSnapshot().me, bob.getSnapshot().me]
  if (!me || !other) throw new Error('Signing up signs in.')
  for (let number = 1; number <= otherChats; number += 1) {
    const { id } = await ana.createGroup(`Round table ${number}`, [other.id])
    await ana.send({ conversationId: id, body: 'See you there on Thursday, and bring the letters' })
  }
  await untilSent(ana)
  const { id: long } = await ana.createGroup('Long letters', [other.id])
  const { id: short } = await ana.openDirect(other.id)
  return { long, short, authors: [me.id, other.id] }
}

/** L12: deletion erases everywhere. */
import { connectDedicated } from '@recado/server/store/pool.ts'
import { createPeople, newKey, silentLogger, startServer, type TestServer } from '@recado/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test('L12: what was deleted is nowhere any more: not in history, versions, replay, nor in any table', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const { id: conversationId } = await ana.call('conversation.open', { accountId: bo.id })
  const { epoch } = server.running.context.store
  const secrets = ['first-secret', 'second-secret', 'third-secret']
  const [first, ...edits] = secrets
  const sent = await ana.call('message.send', { conversationId, clientMessageId: newKey(), body: first ?? '' })
  for (const body of edits)
    await ana.call('message.edit', { conversationId, sequence: sent.sequence, key: newKey(), body })
  const quote = { conversationId, clientMessageId: newKey(), body: 'a reply', replyTo: sent.sequence }
  await bo.call('message.send', quote)
  // Also where search has its words from it by now.
  await expect
    .poll(() => tablesWith('secret'), { timeout: 20_000 })
    .toEqual(['message_versions', 'messages', 'search_messages'])
  await ana.call('message.delete', { conversationId, sequence: sent.sequence, key: newKey() })
  await using socket = await bo.connect()
  const everything = [
    await bo.call('message.list', { conversationId }),
    await bo.call('conversation.get', { conversationId }),
    await bo.call('conversation.list', {}),
    await bo.call('message.list', { conversationId, around: sent.sequence }),
    await bo.call('stream.read', { stream: conversationId, cursor: { epoch, sequence: 0, micros: 0 } }),
    await bo.call('bell.list', {}),
    await bo.attempt('message.versions', { conversationId, sequence: sent.sequence }),
    await bo.call('search.find', { query: 'secret' }),
    socket.pushed,
  ]
  expect(JSON.stringify(everything)).not.toContain('secret')
  // What search keeps goes with the tail, a moment later.
  await expect.poll(() => tablesWith('secret'), { timeout: 20_000 }).toEqual([])
})

/** Tables with a row that holds this text anywhere. */
async function tablesWith(text: string): Promise<string[]> {
  const client = await connectDedicated({
    address: server.database.address,
    applicationName: 'test',
    logger: silentLogger,
  })
  try {
    const { rows } = await client.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public' order by 1",
    )
    const found: string[] = []
    for (const { name } of rows) {
      // The secrets of the installation are called so, and no text of anybody's.
      if (name === 'secrets') continue
      const { rowCount } = await client.query(`select 1 from ${name} x where x::text like '%' || $1 || '%' limit 1`, [
        text,
      ])
      if (rowCount !== 0) found.push(name)
    }
    return found
  } finally {
    await client.end()
  }
}

/** L10: the lists of the mail API, of any length, are never held whole (M9). */
import { collectGarbage, startServer } from '@recado/testkit'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { RestUser } from './rest-client.ts'

const total = 100_000
/** Of server and client, which share this process. */
function usedBytes(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function fill(databaseUrl: string, author: RestUser, reader: RestUser): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(
    `with written as (
       insert into mails (author_id, thread_id, subject, text, state, created_micros, due_micros, released_micros)
       select $1, 0, 'Aviso ' || i, repeat('texto ', 40), 'released', i, i, i from generate_series(1, $3::int) i
       returning id, created_micros)
     insert into mailbox_entries (account_id, mail_id, folder, authored, received, read, sort_micros, version)
     select $2, id, 'inbox', false, true, false, created_micros, 1 from written`,
    [author.id, reader.id, total],
  )
  await client.query('analyze mailbox_entries, mails')
  await client.end()
}

function countPages(mail: { listPlain(request: never): Promise<unknown> }): { count: number } {
  const pages = { count: 0 }
  const listPlain = mail.listPlain.bind(mail)
  Object.assign(mail, {
    listPlain: (request: never) => {
      pages.count += 1
      return listPlain(request)
    },
  })
  return pages
}

test('a hundred thousand mails arrive whole and in order; who reads slowly or goes away costs nothing', async () => {
  await using server = await startServer()
  const author = await RestUser.create(server)
  const reader = await RestUser.create(server)
  await fill(server.database.url, author, reader)
  const pages = countPages(server.running.context.store.mail)
  const open = (signal?: AbortSignal) =>
    fetch(`${server.url}/messages/inbox/`, {
      headers: { authorization: `Bearer ${reader.token}` },
      ...(signal === undefined ? {} : { signal }),
    })

  const before = usedBytes()
  const gone = new AbortController()
  const abandoned = await open(gone.signal)
  const slow = await open()
  // The network between the two takes some megabytes; then nothing more is read, however long nobody takes it.
  let read = 0
  const stands = () => {
    const before = read
    read = pages.count
    return read === before
  }
  await expect.poll(stands, { interval: 300, timeout: 60_000 }).toBe(true)
  expect(read).toBeLessThan(100)
  gone.abort()
  await expect(abandoned.text()).rejects.toThrow()

  let [most, bytes, sampledAt] = [0, 0, 0]
  let [tail, last, mails] = ['', 0, 0]
  for await (const chunk of slow.body ?? []) {
    bytes += chunk.length
    tail += Buffer.from(chunk).toString()
    for (const [, number] of tail.matchAll(/"title":"Aviso (\d+)",.*?"sender_username":/g)) {
      expect(Number(number)).toBe(++last)
      mails += 1
    }
    tail = tail.slice(tail.lastIndexOf('"sender_username":') + 1)
    if (bytes - sampledAt < 8_000_000) continue
    sampledAt = bytes
    most = Math.max(most, usedBytes() - before)
  }
  expect([mails, tail.at(-1)]).toEqual([total, ']'])
  expect(bytes).toBeGreaterThan(35_000_000)
  expect(most).toBeLessThan(30_000_000)
  expect(pages.count).toBeLessThan(read + total / 100)
}, 120_000)

/** The mail part against a real server: what only the two together can show. */
import type { MailHeader, MailId } from '@recado/protocol'
import { startServer } from '@recado/testkit'
import { expect, test, vi } from 'vitest'
import { createTransport } from '../adapters/http-transport.ts'
import { createFreeLocks, createMemorySessions } from '../adapters/in-process.ts'
import { createSystemClock, createSystemRandom } from '../adapters/system.ts'
import type { Cache } from '../cache/cache.ts'
import { createMemoryCaches } from '../cache/memory-cache.ts'
import { createClient } from '../client.ts'
import type { Client } from '../client-api.ts'
import type { CacheFactory } from '../ports.ts'
import { draftOf, mailTo, person } from '../testing/mail-world.ts'
import { Mortal } from '../testing/mortal.ts'
import type { MailChange, MailClient, MailListHandle, MailView } from './mail-api.ts'

const patience = { timeout: 60_000, interval: 20 }
const limit = { timeout: 300_000 }

/** A device whose programs can be killed. */
class Seat {
  readonly #url: string
  readonly #caches: CacheFactory
  readonly #sessions = createMemorySessions()
  #mortal = new Mortal()

  constructor(url: string, caches: CacheFactory = createMemoryCaches()) {
    this.#url = url
    this.#caches = caches
  }

  start(): Client {
    this.#mortal = new Mortal()
    const mortal = this.#mortal
    return createClient(
      {
        transport: mortal.transport(createTransport(this.#url)),
        clock: mortal.clock(createSystemClock()),
        random: createSystemRandom(),
        caches: mortal.caches(this.#caches),
        sessions: mortal.sessions(this.#sessions),
        locks: createFreeLocks(),
        schedule: queueMicrotask,
      },
      { refresh: 'body' },
    )
  }

  async signUp(username: string): Promise<Client> {
    const client = this.start()
    await client.signUp({ username, password: 'correct horse', displayName: username })
    await client.caughtUp()
    return client
  }

  /** The program dies, and starts again. */
  async again(before: Client): Promise<Client> {
    this.#mortal.kill()
    // The dead do nothing any more; their timers would keep this process.
    void before.close()
    const client = this.start()
    await client.resumeSession()
    return client
  }
}

/** Storage that takes its time until it is let go. */
function slowStorage() {
  const gate = Promise.withResolvers<void>()
  const state = { slow: false }
  const caches = createMemoryCaches()
  const open = async (name: string, gone: () => void): Promise<Cache> => {
    const cache = await caches.open(name, gone)
    return {
      ...cache,
      write: async (stores, work, durability) => {
        if (state.slow) await gate.promise
        return cache.write(stores, work, durability)
      },
    }
  }
  return { caches: { ...caches, open }, state, letGo: gate.resolve }
}

function idOf(client: Client): number {
  const { me } = client.getSnapshot()
  if (!me) throw new Error('Nobody is signed in.')
  return me.id
}

function opened(mail: MailClient, view: MailView): MailListHandle {
  const list = mail.list(view)
  list.subscribe(() => undefined)
  return list
}

test('M6: a mail is delivered when the device has stored it, and not before', limit, async () => {
  await using server = await startServer()
  const storage = slowStorage()
  await using ana = await new Seat(server.url).signUp('ana')
  await using ben = await new Seat(server.url, storage.caches).signUp('ben')
  const mail = await ana.mail()
  const sent = opened(mail, { folder: 'sent' })
  storage.state.slow = true
  const arrived = new Promise(resolve => ben.on('mail.arrived', resolve))
  await mail.send(mailTo([idOf(ben)], 'lunch'))
  await arrived
  await vi.waitFor(() => expect(sent.getSnapshot().items[0]?.statuses?.sent).toBe(1), patience)
  const mailId = sent.getSnapshot().items[0]?.id as MailId
  // Its device is there and has heard of it; a message that is answered afterwards shows that nothing else was on the way.
  await ben.call('mailbox.unread', {})
  const { items } = await ana.call('delivery.list', { mailId })
  expect(items.map(row => row.status)).toEqual(['sent'])
  storage.letGo()
  await vi.waitFor(() => expect(sent.getSnapshot().items[0]?.statuses?.delivered).toBe(1), patience)
})

test('M3, M1: mails and drafts outlive the program that wrote them', limit, async () => {
  await using server = await startServer()
  const seat = new Seat(server.url)
  const ana = await seat.signUp('ana')
  await using ben = await new Seat(server.url).signUp('ben')
  const mail = await ana.mail()
  const subjects = Array.from({ length: 10 }, (_, index) => `mail ${index}`)
  for (const subject of subjects) await mail.send(mailTo([idOf(ben)], subject))
  mail.draft('d').save(draftOf('<p>Not lost</p>', { to: [person(idOf(ben))] }))
  // What was given to storage before this is there.
  await ana.countKept()
  await using again = await seat.again(ana)
  const inbox = opened(await ben.mail(), { folder: 'inbox' })
  await vi.waitFor(() => expect(inbox.getSnapshot().items).toHaveLength(10), patience)
  expect(inbox.getSnapshot().items.map(item => item.subject)).toEqual(subjects.toReversed())
  const kept = await again.mail()
  await vi.waitFor(() => expect(kept.draft('d').getSnapshot().state).toBe('saved'), patience)
  expect((await again.call('draft.list', {})).items).toMatchObject([{ id: 'd', preview: 'Not lost' }])
  const { items } = await again.call('mailbox.list', { folder: 'sent' })
  expect(items.map(item => item.subject)).toEqual(subjects.toReversed())
})

test('M1: a device that was away until what is left of a draft is forgotten shows it no more', limit, async () => {
  await using server = await startServer()
  const [here, away] = [new Seat(server.url), new Seat(server.url)]
  await using one = await here.signUp('ana')
  const mail = await one.mail()
  for (const id of ['discarded', 'kept']) mail.draft(id).save(draftOf(`<p>${id}</p>`))
  await vi.waitFor(
    () => expect(mail.getSnapshot().drafts.map(({ state }) => state)).toEqual(['saved', 'saved']),
    patience,
  )
  const other = away.start()
  await other.signIn({ login: 'ana', password: 'correct horse' })
  const shown = async (client: Client) =>
    (await client.mail())
      .getSnapshot()
      .drafts.map(({ id }) => id)
      .sort()
  await vi.waitFor(async () => expect(await shown(other)).toEqual(['discarded', 'kept']), patience)
  await other.close()
  await mail.draft('discarded').discard()
  await vi.waitFor(async () => {
    const { items } = await one.call('draft.list', {})
    expect(items.map(({ id }) => id)).toEqual(['kept'])
  }, patience)
  while ((await server.running.context.store.drafts.prune(Number.MAX_SAFE_INTEGER)) > 0);
  await using again = away.start()
  await again.resumeSession()
  expect(await shown(again)).toEqual(['discarded', 'kept'])
  await vi.waitFor(async () => expect(await shown(again)).toEqual(['kept']), patience)
})

const views: readonly MailView[] = [
  { folder: 'inbox' },
  { folder: 'inbox', only: 'unread' },
  { folder: 'archive' },
  { folder: 'trash' },
  { folder: 'spam' },
  { folder: 'sent' },
  { folder: 'unsent' },
  { folder: 'starred' },
  { folder: 'snoozed' },
  { folder: 'received' },
  { folder: 'labelled', label: 'work' },
]

const changes: readonly MailChange[] = [
  { read: true },
  { read: false, starred: true },
  { folder: 'archive' },
  { folder: 'trash', addLabels: ['work'] },
  { folder: 'spam' },
  { folder: 'inbox' },
  { addLabels: ['work', 'later'], removeLabels: ['old'] },
  { removeLabels: ['work'] },
  { snoozedUntil: '2090-01-01T00:00:00.000Z' },
  { snoozedUntil: null, starred: false },
]

test('M4: whatever is done, lists and what is shown at once are as the server has them', limit, async () => {
  await using server = await startServer()
  await using ana = await new Seat(server.url).signUp('ana')
  await using ben = await new Seat(server.url).signUp('ben')
  const people = [ana, ben] as const
  const mails = [await ana.mail(), await ben.mail()] as const
  const lists = mails.map(mail => views.map(view => opened(mail, view)))
  for (let at = 0; at < 12; at++) {
    const more = at % 4 === 3 ? { dueAt: '2090-01-01T00:00:00.000Z' } : {}
    await mails[at % 2]?.send(mailTo(at % 3 === 0 ? [idOf(ana), idOf(ben)] : [idOf(ben)], `mail ${at}`, more))
  }
  await vi.waitFor(() => expect(lists[1]?.[9]?.getSnapshot().items).toHaveLength(9), patience)
  for (const [at, change] of [...changes, ...changes.toReversed(), ...changes].entries()) {
    for (const [who, mail] of mails.entries()) {
      const own = await (people[who] as Client).call('mailbox.list', { folder: at % 2 === 0 ? 'received' : 'sent' })
      const ids = own.items.filter((_, index) => (index + at) % 3 === 0).map(item => item.id)
      if (ids.length > 0) await mail.update(ids, change)
    }
  }
  for (const [who, client] of people.entries()) {
    for (const [index, view] of views.entries()) {
      const list = lists[who]?.[index] as MailListHandle
      await vi.waitFor(async () => {
        const { items } = await client.call('mailbox.list', view)
        expect(list.getSnapshot().items.map(shown), JSON.stringify(view)).toEqual(items.map(shown))
      }, patience)
    }
    const { count } = await client.call('mailbox.unread', {})
    await vi.waitFor(() => expect(mails[who]?.getSnapshot().unread).toBe(count), patience)
  }
})

function shown({ id, subject, state, entry, statuses }: MailHeader) {
  return [id, subject, state, entry, statuses]
}

/** Replay equals refetch for mail: whatever happens to devices and connections, each shows what the server has. */
import type { AccountId, MailHeader, MailId } from '@recado/protocol'
import { expect, test } from 'vitest'
import type { Client } from '../client-api.ts'
import { mailOf, mailTo, openList } from '../testing/mail-world.ts'
import { createSeededRandom } from '../testing/seeded-random.ts'
import { type Device, World } from '../testing/world.ts'
import type { MailChange, MailClient, MailView } from './mail-api.ts'

const seeds = Number(process.env['RECADO_SEEDS'] ?? 30)
const views: readonly MailView[] = [
  { folder: 'inbox' },
  { folder: 'inbox', only: 'unread' },
  { folder: 'archive' },
  { folder: 'trash' },
  { folder: 'sent' },
  { folder: 'unsent' },
  { folder: 'starred' },
  { folder: 'snoozed' },
  { folder: 'received' },
  { folder: 'labelled', label: 'work' },
]

const changes: readonly MailChange[] = [
  { read: true },
  { read: false },
  { starred: true },
  { folder: 'archive' },
  { folder: 'trash' },
  { folder: 'inbox' },
  { addLabels: ['work'] },
  { removeLabels: ['work'] },
  { snoozedUntil: '2030-01-01T00:00:00.000Z' },
  { snoozedUntil: null },
  { read: true, folder: 'archive', starred: false },
]

/** A device with one or two programs on it that die and come back. */
class Seat {
  readonly device: Device
  readonly #world: World
  #client: Client | null = null
  #mail: MailClient | null = null

  constructor(world: World, device: Device) {
    this.#world = world
    this.device = device
  }

  get client(): Client {
    if (!this.#client) throw new Error('Nobody is here.')
    return this.#client
  }

  get mail(): MailClient {
    if (!this.#mail) throw new Error('Nobody is here.')
    return this.#mail
  }

  async begin(how: 'sign-in' | 'resume'): Promise<void> {
    this.#client = how === 'sign-in' ? await this.#world.signIn(this.device) : await this.#world.resume(this.device)
    this.#mail = await mailOf(this.#world, this.#client)
  }

  async killed(): Promise<void> {
    this.#world.kill(this.client)
    await this.begin('resume')
  }
}

test.each(Array.from({ length: seeds }, (_, index) => index + 1))(
  'S1, L6: every list, thread and count is as on the server, each mail sent once (seed %i)',
  async seed => {
    const world = new World(seed)
    const random = createSeededRandom(seed * 7)
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random.next() * items.length)] as Item
    const devices = [1, 1, 2, 3].map(id => world.device(id))
    const shared = devices[0] as Device
    const seats = [...devices, shared].map(device => new Seat(world, device))
    for (const [at, seat] of seats.entries()) await seat.begin(at === seats.length - 1 ? 'resume' : 'sign-in')
    const sent: string[] = []
    const { server } = world
    server.mail.mailsPerPage = 5
    server.log.eventsPerPage = 5
    for (let step = 0; step < 60; step++) {
      const seat = pick(seats)
      const own = server.mail.box(seat.device.id as AccountId, pick(views)).map(mail => mail.id)
      const chance = random.next()
      server.fault = () => (random.next() < 0.1 ? 'before' : random.next() < 0.1 ? 'after' : null)
      server.onPush = frame => {
        if (random.next() < 0.1) return [frame, frame]
        return frame.type === 'deliveries' && random.next() < 0.3 ? [] : [frame]
      }
      server.slowMs = () => (random.next() < 0.2 ? Math.floor(random.next() * 300) : 0)
      if (chance < 0.3) {
        const subject = `mail ${step}`
        sent.push(subject)
        const reply = own.length > 0 && random.next() < 0.3 ? { inReplyTo: pick(own) } : {}
        const held = random.next() < 0.2 ? { undoSeconds: 10 } : {}
        await world.wait(seat.mail.send(mailTo([pick([1, 2, 3]), 2], subject, { ...reply, ...held })))
      } else if (chance < 0.6 && own.length > 0) {
        const ids = [...new Set([pick(own), pick(own), pick(own)])]
        const work = seat.mail.update(ids, pick(changes))
        if (random.next() < 0.2) void work.then(undo => seat.mail.undo(undo)).catch(() => undefined)
        else work.catch(() => undefined)
        await world.clock.advance(0)
      } else if (chance < 0.7) await world.cut()
      else if (chance < 0.78) await seat.killed()
      else if (chance < 0.84) server.network = server.network === 'up' ? 'down' : 'up'
      else if (chance < 0.87) for (const mail of [...server.mail.mails.values()]) server.mail.release(mail.id)
      else if (chance < 0.95) mailLooked(seat, pick(views))
      else await world.clock.advance(random.next() * 5_000)
      await world.clock.advance(random.next() * 300)
    }
    server.network = 'up'
    server.fault = () => null
    server.slowMs = () => 0
    server.onPush = frame => [frame]
    await world.cut()
    for (const seat of seats) await world.caughtUp(seat.client)
    await world.clock.until(() => seats.every(seat => seat.mail.getSnapshot().outbox.length === 0), 600_000)
    await world.clock.advance(60_000)
    for (const seat of seats) await compare(world, seat)
    const subjects = [...server.mail.mails.values()].map(mail => mail.subject).sort()
    expect(subjects).toEqual(sent.sort())
    for (const id of [1, 2, 3]) {
      const arrived = (server.log.streams.get(id as AccountId) ?? []).filter(event => event.kind === 'mail.arrived')
      if (arrived.length > 0)
        expect(server.mail.confirmed.get(id as AccountId)).toBeGreaterThanOrEqual(arrived.at(-1)?.sequence ?? 0)
    }
  },
  60_000,
)

function mailLooked(seat: Seat, view: MailView): void {
  seat.mail.list(view).subscribe(() => undefined)
}

async function compare(world: World, { mail, device }: Seat): Promise<void> {
  const accountId = device.id as AccountId
  const threads = new Set<MailId>()
  for (const view of views) {
    const list = await openList(world, mail, view)
    // What is kept shows at once; statuses that nobody told are on their way.
    await world.clock.advance(2_000)
    while (list.getSnapshot().hasOlder) await world.wait(list.loadOlder())
    const wanted = world.server.mail.box(accountId, view)
    for (const header of wanted) threads.add(header.threadId)
    expect(list.getSnapshot().items.map(shown), JSON.stringify(view)).toEqual(wanted.map(shown))
  }
  expect(mail.getSnapshot().unread).toBe(world.server.mail.unread(accountId).count)
  for (const id of threads) {
    const thread = mail.thread(id)
    thread.subscribe(() => undefined)
    await world.clock.until(() => !thread.getSnapshot().loading)
    const wanted = world.server.mail.thread(id, accountId).items
    expect(thread.getSnapshot().mails.map(one => [one.text, ...shown(one)])).toEqual(
      wanted.map(one => [one.text, ...shown(one)]),
    )
  }
}

function shown({ id, subject, state, entry, statuses }: MailHeader) {
  return [id, subject, state, entry, statuses]
}

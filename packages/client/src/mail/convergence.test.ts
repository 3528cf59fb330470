/** Replay equals refetch for mail: whatever happens to devices and connections, each shows what the server has. */
import type { AccountId, MailHeader } from '@recado/protocol'
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

type Pick = <Item>(items: readonly Item[]) => Item

interface Run {
  readonly world: World
  readonly seats: readonly Seat[]
  readonly random: () => number
  readonly pick: Pick
  /** Subjects of all that was written. */
  readonly sent: string[]
}

async function begin(seed: number): Promise<Run> {
  const world = new World(seed)
  const dice = createSeededRandom(seed * 7)
  const random = () => dice.next()
  const pick: Pick = items => items[Math.floor(random() * items.length)] as never
  const devices = [1, 1, 2, 3].map(id => world.device(id))
  const shared = devices[0] as Device
  const seats = [...devices, shared].map(device => new Seat(world, device))
  for (const [at, seat] of seats.entries()) await seat.begin(at === seats.length - 1 ? 'resume' : 'sign-in')
  world.server.mail.mailsPerPage = 5
  world.server.log.eventsPerPage = 5
  world.server.slowMs = () => (random() < 0.2 ? Math.floor(random() * 300) : 0)
  return { world, seats, random, pick, sent: [] }
}

/** What people do. */
async function use({ world, random, pick, sent, seats }: Run): Promise<void> {
  const seat = pick(seats)
  const { mail } = world.server
  const own = mail.box(seat.device.id as AccountId, pick(views)).map(header => header.id)
  const chance = random()
  if (chance < 0.4) {
    const subject = `mail ${sent.length}`
    sent.push(subject)
    const reply = own.length > 0 && random() < 0.3 ? { inReplyTo: pick(own) } : {}
    const held = random() < 0.2 ? { undoSeconds: 10 } : {}
    await world.wait(seat.mail.send(mailTo([pick([1, 2, 3]), 2], subject, { ...reply, ...held })))
  } else if (chance < 0.9 && own.length > 0) {
    const ids = [...new Set([pick(own), pick(own), pick(own)])]
    const work = seat.mail.update(ids, pick(changes))
    if (random() < 0.2) void work.then(undo => seat.mail.undo(undo)).catch(() => undefined)
    else work.catch(() => undefined)
    await world.clock.advance(0)
  } else if (chance < 0.95) for (const one of [...mail.mails.values()]) mail.release(one.id)
  else seat.mail.list(pick(views)).subscribe(() => undefined)
  await world.clock.advance(random() * 300)
}

/** What happens to them. */
async function disturb({ world, random, pick, seats }: Run): Promise<void> {
  const { server } = world
  server.fault = () => (random() < 0.1 ? 'before' : random() < 0.1 ? 'after' : null)
  server.onPush = frame => {
    if (random() < 0.1) return [frame, frame]
    return frame.type === 'deliveries' && random() < 0.3 ? [] : [frame]
  }
  const chance = random()
  if (chance < 0.1) await world.cut()
  else if (chance < 0.18) await pick(seats).killed()
  else if (chance < 0.24) server.network = server.network === 'up' ? 'down' : 'up'
  else if (chance < 0.3) await world.clock.advance(random() * 5_000)
}

async function heal({ world, seats }: Run): Promise<void> {
  const { server } = world
  server.network = 'up'
  server.fault = () => null
  server.onPush = frame => [frame]
  await world.cut()
  for (const seat of seats) await world.caughtUp(seat.client)
  await world.clock.until(() => seats.every(seat => seat.mail.getSnapshot().outbox.length === 0), 600_000)
}

/** Everything is opened and loaded whole: from then on events and frames alone keep it. */
async function openAll({ world, seats }: Run): Promise<void> {
  for (const { mail } of seats) {
    for (const view of views) {
      const list = await openList(world, mail, view)
      await world.clock.advance(1_000)
      while (list.getSnapshot().hasOlder) await world.wait(list.loadOlder())
    }
  }
}

test.each(Array.from({ length: seeds }, (_, index) => index + 1))(
  'S1, L6: every list, thread and count is as on the server, each mail sent once (seed %i)',
  async seed => {
    const run = await begin(seed)
    const { world, seats, sent } = run
    for (let step = 0; step < 60; step++) {
      await use(run)
      await disturb(run)
    }
    await heal(run)
    await openAll(run)
    // Pages that were found before an event come after it.
    world.server.slowMs = operation => (operation.endsWith('list') ? Math.floor(run.random() * 2_000) : 0)
    for (let step = 0; step < 40; step++) {
      if (run.random() < 0.2) await world.cut()
      await use(run)
    }
    for (const seat of seats) await world.caughtUp(seat.client)
    await world.clock.until(() => seats.every(seat => seat.mail.getSnapshot().outbox.length === 0))
    await world.clock.advance(60_000)
    for (const seat of seats) await compareThreads(world, seat)
    for (const seat of seats) compareLists(world, seat)
    world.server.network = 'down'
    await world.cut()
    for (const seat of seats) compareLists(world, seat)
    expect([...world.server.mail.mails.values()].map(mail => mail.subject).sort()).toEqual(sent.sort())
    for (const id of [1, 2, 3]) compareConfirmed(world, id as AccountId)
  },
  60_000,
)

function compareLists(world: World, { mail, device }: Seat): void {
  const accountId = device.id as AccountId
  for (const view of views) {
    const { items, hasOlder } = mail.list(view).getSnapshot()
    const wanted = world.server.mail.box(accountId, view)
    expect(items.map(shown), JSON.stringify(view)).toEqual(wanted.map(shown))
    expect(hasOlder).toBe(false)
  }
  expect(mail.getSnapshot().unread).toBe(world.server.mail.unread(accountId).count)
}

async function compareThreads(world: World, { mail, device }: Seat): Promise<void> {
  const accountId = device.id as AccountId
  const folders = ['received', 'sent'] as const
  const mails = folders.flatMap(folder => world.server.mail.box(accountId, { folder }))
  for (const id of new Set(mails.map(header => header.threadId))) {
    const thread = mail.thread(id)
    thread.subscribe(() => undefined)
    await world.clock.until(() => !thread.getSnapshot().loading)
    const wanted = world.server.mail.thread(id, accountId).items
    expect(thread.getSnapshot().mails.map(one => [one.text, ...shown(one)])).toEqual(
      wanted.map(one => [one.text, ...shown(one)]),
    )
  }
}

/** The server was told of all that arrived. */
function compareConfirmed({ server }: World, id: AccountId): void {
  const arrived = (server.log.streams.get(id) ?? []).filter(event => event.kind === 'mail.arrived').at(-1)
  if (arrived) expect(server.mail.confirmed.get(id)).toBeGreaterThanOrEqual(arrived.sequence)
}

function shown({ id, subject, state, entry, statuses }: MailHeader) {
  return [id, subject, state, entry, statuses]
}

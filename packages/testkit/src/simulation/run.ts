/** One run from a seed: a beginning, a storm, healing, and the check. */
import type { Client, ConversationHandle } from '@recado/client'
import type { AccountId, ConversationId } from '@recado/protocol'
import { checkBellLines } from './check-bell.ts'
import { checkClient, type Shown } from './check-client.ts'
import { checkDrafts } from './check-drafts.ts'
import { checkHidden } from './check-hidden.ts'
import { checkLog } from './check-log.ts'
import { checkMail } from './check-mail.ts'
import { checkMailbox } from './check-mailbox.ts'
import { checkSent } from './check-sent.ts'
import { checkSight } from './check-sight.ts'
import { checkSnoozes } from './check-snoozes.ts'
import { Dice } from './dice.ts'
import { Facts } from './facts.ts'
import { Mailbox } from './mailbox.ts'
import type { Person } from './person.ts'
import type { Scheduler } from './scheduler.ts'
import { storm } from './storm.ts'
import { type Planted, World } from './world.ts'

export interface Run {
  readonly seed: string
  /** Empty if all is as it should be. */
  readonly failures: readonly string[]
  readonly steps: number
  readonly virtualMs: number
  readonly counts: ReadonlyMap<string, number>
}

/** The longest hold, and what a device takes to say what arrived. */
const mailWithinMs = 30_000
const settleWithinMs = 180_000
/** Repair, the bell's consumer, the registers' gathering and a request that comes twice take less than this. */
const quietMs = 3_000

export async function runSeed(seed: string, planted: Planted = {}): Promise<Run> {
  const dice = new Dice(seed)
  const world = new World(dice.fork('world'), planted)
  const failures: string[] = []
  const complain = (what: string) => failures.push(what)
  const unhandled = (error: unknown) => complain(`nobody handled: ${error instanceof Error ? error.stack : error}`)
  process.on('unhandledRejection', unhandled)
  try {
    await world.open()
    world.live()
    await storm(world, dice.fork('storm'), dice.between(5_000, 40_000))
    await world.heal()
    await settle(world, complain)
    await check(world, complain)
  } catch (error) {
    complain(`the run broke off: ${error instanceof Error ? error.stack : error}`)
  } finally {
    world.end()
    process.off('unhandledRejection', unhandled)
  }
  const { scheduler, record } = world
  return { seed, failures, steps: scheduler.steps, virtualMs: scheduler.elapsedMs, counts: record.counts }
}

async function settle(world: World, complain: (what: string) => void): Promise<void> {
  const isSettled = ({ device, isBusy }: Person) => {
    const { connection, outbox } = device.program.client.getSnapshot()
    return connection.state === 'online' && connection.caughtUp && outbox.waiting === 0 && !isBusy
  }
  const isAllDone = () => world.people.every(isSettled)
  // Somebody may still end a session that they asked to end while nothing came through.
  const isOver = () => isAllDone() || world.people.some(person => person.isSignedOut)
  await world.scheduler.until(isOver, settleWithinMs, 250)
  await world.signEverybodyIn()
  const everybody = await world.scheduler.until(isAllDone, settleWithinMs, 250)
  if (!everybody) {
    for (const person of world.people.filter(one => !isSettled(one))) {
      const { connection, outbox } = person.device.program.client.getSnapshot()
      complain(
        `${person.device.name} does not settle: ${JSON.stringify({ connection, outbox, isBusy: person.isBusy })}`,
      )
    }
  }
  await world.scheduler.advance(quietMs)
}

async function check(world: World, complain: (what: string) => void): Promise<void> {
  const shown = await openAll(world)
  const mailboxes = await Mailbox.openAll(world.scheduler, shown)
  for (const { device } of shown) {
    if (!mailboxes.some(mailbox => mailbox.device === device)) complain(`${device} does not open its mail`)
  }
  const isStill = () => isMailStill(world) && mailboxes.every(mailbox => mailbox.isSaved)
  await world.scheduler.until(isStill, mailWithinMs, 250)
  await world.scheduler.advance(quietMs)
  const facts = new Facts(world.database.tables)
  checkLog(facts, world.record, complain)
  checkBellLines(facts, complain)
  const accounts = new Map(world.people.map(({ device, accountId }) => [device.name, accountId]))
  checkSight(facts, world.record, device => accounts.get(device), complain)
  for (const one of shown) checkClient(facts, world.record, one, complain)
  checkSent(facts, shown, world.record, complain)
  checkHidden(facts, world.record, complain)
  checkSnoozes(facts, world.record, complain)
  checkDrafts({ facts, record: world.record, mailboxes, complain })
  checkMail({ facts, record: world.record, mailboxes, complain })
  for (const mailbox of mailboxes) checkMailbox(facts, mailbox, complain)
}

/** Nothing is held or put off any more, or on its way to somebody who is here. */
function isMailStill({ database: { tables }, people }: World): boolean {
  const here = new Set(people.map(({ accountId }) => accountId))
  const isMoving = ({ status, accountId }: { status: string; accountId: AccountId }) =>
    status === 'queued' || (status === 'sent' && here.has(accountId))
  const isHeld = [...tables.mails.values()].some(mail => mail.state === 'held')
  const isPutOff = [...tables.entries.values()].some(entry => entry.snoozedUntil !== null)
  return !isHeld && !isPutOff && ![...tables.deliveries.values()].some(isMoving)
}

/** Opens what each program lists and loads it to the beginning, as somebody would who scrolls up. */
async function openAll({ scheduler, database, people }: World): Promise<Shown[]> {
  const ids = [...database.tables.conversations.values()].filter(row => row.kind !== 'mail').map(row => row.id)
  const clients = people.map(({ device }) => device.program.client)
  for (const client of clients) for (const id of ids) client.conversation(id).subscribe(() => undefined)
  for (const id of ids) await openOne(scheduler, clients, id)
  return people.map(({ device, accountId }, index) => {
    const client = clients[index] as Client
    const opened = new Map(ids.map(id => [id, client.conversation(id).getSnapshot()]))
    return { device: device.name, machine: device.machine.name, accountId, client, opened }
  })
}

async function openOne(scheduler: Scheduler, clients: readonly Client[], id: ConversationId): Promise<void> {
  const handles = clients.map(client => client.conversation(id))
  const isMember = (handle: ConversationHandle) => handle.getSnapshot().view?.membership === 'member'
  const isLoading = (handle: ConversationHandle) => {
    const { loading } = handle.getSnapshot()
    return isMember(handle) && (loading.first || loading.older || loading.newer)
  }
  const loaded = () => scheduler.until(() => !handles.some(isLoading), 10_000, 5)
  await loaded()
  for (const handle of handles) if (handle.getSnapshot().hasNewer) void handle.jumpToNewest()
  for (let pages = 0; pages < 50; pages++) {
    await loaded()
    const further = handles.filter(handle => isMember(handle) && handle.getSnapshot().hasOlder)
    if (further.length === 0) break
    for (const handle of further) void handle.loadOlder()
  }
  for (const handle of handles) void handle.loadMembers()
  await scheduler.advance(100)
}

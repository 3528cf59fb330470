/**
 * The torture test (L1–L6): real processes, people who talk through the SDK, faults at moments that a seed decides, and
 * at the end a check of the database and of everything anybody was promised or shown.
 *
 * The seed fixes which faults come in which order and who is hit; what the processes do in between is theirs, so a replay
 * meets the same faults but not the same interleaving.
 */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { checkConversation } from './check.ts'
import { checkMail } from './check-mail.ts'
import { checkFinal } from './check-reader.ts'
import type { FinalView, MailEvidence, StoredConversation, Testimony, Violation } from './evidence.ts'
import { type FaultName, injectFaults, type Scene } from './faults.ts'
import { readRefused, takeFinalView, testify } from './final-view.ts'
import type { Person } from './person.ts'
import { Post } from './post.ts'
import { SeededRandom } from './random.ts'
import { ServerProcess } from './server-process.ts'
import { StoredReader } from './stored.ts'
import { Traffic } from './traffic.ts'
import { until } from './until.ts'
import { World } from './world.ts'

export interface TortureOptions {
  readonly seed: number
  readonly seconds: number
  /** It goes on until there were so many, where a slow machine takes its time to catch up. */
  readonly leastFaults?: number
  readonly senders: number
  readonly readers: number
  /** Messages a second, all senders together. */
  readonly rate: number
  /** The longest pause between being caught up and the next fault. */
  readonly calmMs: number
  readonly say: (line: string) => void
  /** How many times as long as promised things may take, where something else uses the machine too; 1 if not given. */
  readonly slack?: number
  /** Ends the faults early; what happened until then is judged. */
  readonly signal?: AbortSignal
}

export interface TortureReport {
  readonly seed: number
  readonly seconds: number
  readonly faults: ReadonlyMap<FaultName, number>
  /** Messages and changes that the server said are written. */
  readonly acknowledged: number
  /** Mails that the server said are written, and of how many it said that somebody has read them. */
  readonly mails: number
  readonly readings: number
  /** Events shown to anybody, all lives of all clients together. */
  readonly shown: number
  readonly stored: number
  /** From healed until everybody was caught up, once for each time that everybody was waited for. */
  readonly recoveriesMs: readonly number[]
  /** From the end of all faults and all writing until every outbox was empty and everybody caught up. */
  readonly settledMs: number | null
  readonly violations: readonly Violation[]
}

/** What the budget allows after anything came back. */
const caughtUpWithinMs = 15_000
/** A recovery that is late is still waited for, so that the next fault does not hide it. */
const patienceMs = 60_000
const quietMs = 1_500
const compoundChance = 0.25

export async function runTorture(options: TortureOptions): Promise<TortureReport> {
  const folder = await mkdtemp(join(tmpdir(), 'recado-torture-'))
  await using server = await ServerProcess.start({ folder })
  const { senders, readers, say } = options
  await using world = await World.create({ serverPort: server.port, senders, readers })
  const run = new Run(options, server, world)
  say(`${world.people.length} people talk through ${server.url}; seed ${options.seed}`)
  try {
    await run.torment()
    await run.settle()
    return await run.judge()
  } catch (error) {
    say(`What the server said last:\n${await server.logTail()}`)
    throw error
  }
}

class Run {
  readonly #options: TortureOptions
  readonly #server: ServerProcess
  readonly #world: World
  readonly #random: SeededRandom
  readonly #faults = new Map<FaultName, number>()
  readonly #violations: Violation[] = []
  readonly #recoveriesMs: number[] = []
  #mail: Pick<MailEvidence, 'letters' | 'readings'> = { letters: [], readings: [] }
  #settledMs: number | null = null

  constructor(options: TortureOptions, server: ServerProcess, world: World) {
    this.#options = options
    this.#server = server
    this.#world = world
    this.#random = new SeededRandom(options.seed)
  }

  async torment(): Promise<void> {
    const { seconds, leastFaults = 0, rate, calmMs, say, signal } = this.#options
    const world = this.#world
    const traffic = new Traffic({ world, random: this.#random.fork(), rate })
    const post = new Post({
      people: world.people,
      writers: world.senders,
      groups: [world.everybody],
      random: this.#random.fork(),
    })
    this.#mail = post
    const scene: Scene = {
      server: this.#server,
      people: world.people,
      random: this.#random.fork(),
      slack: this.#options.slack ?? 1,
      report: violation => this.#violations.push(violation),
    }
    const endAt = performance.now() + 1_000 * seconds
    let count = 0
    while ((performance.now() < endAt || count < leastFaults) && !signal?.aborted) {
      await delay(this.#random.integer(0, calmMs))
      const names = await injectFaults(scene)
      for (const name of names) this.#faults.set(name, (this.#faults.get(name) ?? 0) + 1)
      count += names.length
      if (this.#random.chance(compoundChance)) continue
      const tookMs = await this.#awaitCaughtUp(names.join(' and '))
      say(`${names.join(' and ')}: caught up after ${tookMs === null ? 'too long' : `${Math.round(tookMs)} ms`}`)
    }
    await Promise.all([traffic.stop(), post.stop()])
  }

  /** After the last fault: everybody caught up, every outbox empty, and then nothing moves any more. */
  async settle(): Promise<void> {
    const startedAt = performance.now()
    await this.#awaitCaughtUp('the last fault')
    const { people } = this.#world
    const empty = await until(() => people.every(person => person.waiting === 0), patienceMs)
    if (empty === null) {
      const stuck = people.filter(person => person.waiting > 0).map(person => `${person.name} (${person.waiting})`)
      this.#violations.push({ kind: 'late', detail: `outboxes did not empty: ${stuck.join(', ')}` })
    } else this.#settledMs = performance.now() - startedAt
    await this.#awaitQuiet()
  }

  async judge(): Promise<TortureReport> {
    const { people } = this.#world
    const refused = new Map<Person, ReadonlySet<string>>()
    for (const person of people) refused.set(person, await readRefused(person))
    await using reader = await StoredReader.connect(this.#server.databaseFolder)
    let stored = 0
    for (const id of await reader.conversationIds()) {
      const conversation = await reader.conversation(id)
      stored += conversation.events.length
      const testimonies = []
      for (const person of people) {
        testimonies.push(await hear(person, conversation, refused.get(person) ?? new Set()))
      }
      this.#violations.push(...checkConversation(conversation, testimonies))
    }
    for (const owner of people) {
      const account = await reader.account(owner.accountId)
      const testimonies = people.map(person => testify(person, account.id, new Set()))
      this.#violations.push(...checkConversation(account, testimonies))
    }
    this.#violations.push(...checkMail({ ...(await readMail(reader)), ...this.#mail }))
    return this.#report(stored)
  }

  #report(stored: number): TortureReport {
    const { people } = this.#world
    const acknowledged = people.reduce((sum, person) => sum + person.ledger.acknowledged, 0)
    const mails = this.#mail.letters.filter(letter => letter.outcome === 'acknowledged').length
    if (acknowledged === 0) this.#violations.push({ kind: 'broken', detail: 'nothing was acknowledged' })
    return {
      seed: this.#options.seed,
      seconds: this.#options.seconds,
      faults: this.#faults,
      acknowledged,
      mails,
      readings: this.#mail.readings.length,
      shown: people.reduce((sum, person) => sum + person.ledger.shown, 0),
      stored,
      recoveriesMs: this.#recoveriesMs,
      settledMs: this.#settledMs,
      violations: this.#violations,
    }
  }

  /** From now until everybody is online and shows at least what the database holds now. */
  async #awaitCaughtUp(after: string): Promise<number | null> {
    const startedAt = performance.now()
    const heads = await this.#readHeads()
    const behind = () => this.#world.people.filter(person => !isUpTo(person, heads))
    const withinMs = caughtUpWithinMs * (this.#options.slack ?? 1)
    const inTime = await until(() => behind().length === 0, withinMs)
    const late = behind().map(describe)
    const took = inTime ?? (await until(() => behind().length === 0, patienceMs))
    const tookMs = took === null ? null : performance.now() - startedAt
    if (tookMs !== null) this.#recoveriesMs.push(tookMs)
    if (tookMs === null || tookMs > withinMs) {
      const took = tookMs === null ? 'never' : `after ${Math.round(tookMs)} ms`
      const detail = `everybody was caught up ${took} after ${after}; behind were ${late.join(', ')}`
      this.#violations.push({ kind: 'late', detail })
    }
    return tookMs
  }

  async #readHeads(): Promise<ReadonlyMap<number, number>> {
    for (;;) {
      try {
        await using reader = await StoredReader.connect(this.#server.databaseFolder)
        return await reader.heads()
      } catch {
        await this.#server.ready()
      }
    }
  }

  /** Positions are gathered, reported and told: until then counters may differ. */
  async #awaitQuiet(): Promise<void> {
    await using reader = await StoredReader.connect(this.#server.databaseFolder)
    let last = ''
    let since = performance.now()
    const quiet = await until(async () => {
      const text = `${await reader.fingerprint()} ${this.#world.people.map(fingerprint).join(' ')}`
      if (text !== last) since = performance.now()
      last = text
      return performance.now() - since > quietMs
    }, patienceMs)
    if (quiet === null)
      this.#violations.push({ kind: 'late', detail: 'something kept moving after everybody had stopped' })
  }
}

/** What a person says about a conversation, once what they are shown has had the time to arrive. */
async function hear(
  person: Person,
  conversation: StoredConversation,
  refused: ReadonlySet<string>,
): Promise<Testimony> {
  const testimony = testify(person, conversation.id, refused)
  const view = person.view(conversation.id)
  if (view === undefined) return testimony
  const isRight = (final: FinalView) => checkFinal(conversation, { ...testimony, final }).length === 0
  return { ...testimony, final: await takeFinalView(person, view, isRight) }
}

async function readMail(reader: StoredReader): Promise<Pick<MailEvidence, 'mails' | 'members'>> {
  return { mails: await reader.mails(), members: await reader.members() }
}

function isUpTo(person: Person, heads: ReadonlyMap<number, number>): boolean {
  return (
    person.isCaughtUp &&
    person.conversations.every(({ id, conversation }) => conversation.head.sequence >= (heads.get(id) ?? 0))
  )
}

function describe(person: Person): string {
  const { connection } = person.client.getSnapshot()
  const sinceMs = Date.now() - connection.since
  const behind = connection.state === 'online' && !connection.caughtUp ? ', not caught up' : ''
  const retry =
    connection.state === 'offline' && connection.retryAt ? `, retry in ${connection.retryAt - Date.now()} ms` : ''
  return `${person.name} (${connection.state} for ${sinceMs} ms${behind}${retry})`
}

function fingerprint(person: Person): string {
  return person.conversations
    .map(({ id, unread, conversation }) => `${id}:${conversation.head.sequence}:${conversation.me.read}:${unread}`)
    .join(',')
}

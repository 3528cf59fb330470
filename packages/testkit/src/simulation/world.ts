/** Everything that one run consists of: a database, nodes, a bus, a network, and people at their devices. */
import type { CacheFactory, Client, SessionStore } from '@recado/client'
import { type AccountId, type Grant, limits, type MailId } from '@recado/protocol'
import type { Logger } from '@recado/server/logger.ts'
import type { Store } from '@recado/server/store/store.ts'
import { ModelDatabase } from '../model/database.ts'
import { createModelStore, type ModelStore } from '../model/store.ts'
import { BusNetwork } from './bus.ts'
import { Device } from './device.ts'
import type { Dice } from './dice.ts'
import type { Life } from './life.ts'
import { Machine } from './machine.ts'
import { Network, type NetworkOptions } from './network.ts'
import { SimulatedNode } from './node.ts'
import { Person, password } from './person.ts'
import { Record } from './record.ts'
import { Scheduler } from './scheduler.ts'
import { calm, createLink, type Weather } from './weather.ts'

/** Faults that a test plants to see them found: wrappers around the ports. */
export interface Planted {
  store?(store: Store): Store
  caches?(caches: CacheFactory): CacheFactory
  sessions?(sessions: SessionStore): SessionStore
  /** Tabs hear nothing of each other. */
  readonly tabs?: 'deaf'
  /** A large group in every run. */
  readonly crowd?: 'always'
  readonly distort?: NetworkOptions['distort']
}

interface Running {
  readonly node: SimulatedNode
  readonly store: ModelStore
}

const spareMs = 5_000
/** A tab follows another's sign-in within this, in fair weather. */
const followMs = 1_000
/** Of access tokens. */
const longTokenMs = 30 * 60_000
const shortTokenMs = 60_000
const silentChance = 0.25
const crowdChance = 0.02
const hidingChance = 0.15
const probeMs = 6_000
/** Whatever goes away for a while comes back within this. */
const backWithinMs = 20_000

export class World {
  readonly scheduler = new Scheduler()
  readonly weather: Weather = { ...calm }
  readonly record = new Record()
  readonly database = new ModelDatabase({ micros: () => this.scheduler.micros })
  readonly network: Network
  readonly people: Person[] = []
  readonly nodeCount: number
  /** How long access tokens last: in some runs they end again and again. */
  tokenMs: number
  readonly #dice: Dice
  readonly #planted: Planted
  readonly #bus: BusNetwork
  readonly #running: (Running | null)[]
  #incarnations = 0
  #acting = false

  constructor(dice: Dice, planted: Planted = {}) {
    this.#dice = dice
    this.#planted = planted
    this.nodeCount = dice.chance(0.5) ? 2 : 1
    this.tokenMs = dice.chance(0.2) ? dice.between(20_000, shortTokenMs) : longTokenMs
    this.#running = Array.from({ length: this.nodeCount }, () => null)
    this.#bus = new BusNetwork(this.scheduler, dice.fork('bus'), this.weather)
    const { distort } = planted
    this.network = new Network({
      scheduler: this.scheduler,
      dice: dice.fork('network'),
      weather: this.weather,
      nodes: () => this.#running.flatMap(running => (running === null ? [] : [running.node])),
      onFrame: (device, text) => this.record.frame(device, text, this.#personAt(device)?.accountId),
      ...(distort && { distort }),
    })
  }

  async open(): Promise<void> {
    for (let index = 0; index < this.nodeCount; index++) this.startNode(index)
    await this.scheduler.until(() => this.#running.every(running => running !== null), 5_000)
    await this.#gather()
  }

  startNode(index: number): void {
    if (this.#running[index]) return
    const { scheduler, weather } = this
    const life: Life = { alive: true }
    const name = `node ${index}.${++this.#incarnations}`
    const dice = this.#dice.fork(name)
    const store = createModelStore(this.database, createLink({ scheduler, weather, life, dice }))
    const logger = this.#loggerOf(name, life)
    const starting = SimulatedNode.start({
      name,
      life,
      scheduler,
      logger,
      skewMs: Math.round(dice.between(-500, 500)),
      tokenMs: () => this.tokenMs,
      store: this.#planted.store?.(store) ?? store,
      bus: this.#bus.open(life, logger),
    })
    starting.then(
      node => {
        this.#running[index] ??= { node, store }
      },
      () => {
        // As a process manager would: the database did not answer, so once more.
        life.alive = false
        store.abandon()
        scheduler.after(200, () => this.startNode(index))
      },
    )
  }

  crashNode(index: number, forMs: number): void {
    const running = this.#running[index]
    if (!running) return
    this.record.count('nodes crashed')
    this.#running[index] = null
    running.node.life.alive = false
    this.network.nodeGone(running.node)
    // The database notices a little later that its client is gone; what it was doing until then is done or not.
    this.scheduler.after(this.#dice.between(0, 1_000), () => running.store.abandon())
    this.scheduler.after(forMs, () => this.startNode(index))
  }

  /** A tab dies. */
  restartDevice(name: string, forMs: number): void {
    const person = this.#personAt(name)
    if (!person?.device.program.life.alive || person.device.machine.sparedUntil > this.scheduler.now) return
    this.record.count('programs crashed')
    const { life } = person.device.program
    person.device.crash()
    this.network.programGone(life)
    this.scheduler.after(forMs, () => this.#resume(person))
  }

  takeOffline(name: string, forMs: number): void {
    const tabs = this.#tabsBeside(name)
    for (const { device } of tabs) this.network.setOffline(device.name)
    this.scheduler.after(forMs, () => {
      for (const { device } of tabs) this.network.setOnline(device.name)
      if (this.#dice.chance(0.7)) for (const { device } of tabs) device.program.client.wake()
    })
  }

  /** The browser takes away what is kept of a sign-in. What no tab has in memory is then lost for good, so all have to be there. */
  clearStorage(name: string): void {
    const tabs = this.#tabsBeside(name)
    const isThere = ({ device: { program } }: Person) => program.life.alive && program.client.getSnapshot().me !== null
    const [first] = tabs
    if (!first || !tabs.every(isThere)) return
    this.record.count('storage cleared')
    first.device.machine.sparedUntil = this.scheduler.now + spareMs
    void first.device.machine.clear(first.accountId)
  }

  /** Everybody begins to do things, until `rest`. */
  live(): void {
    this.#acting = true
    for (const person of this.people) this.#actSoon(person, this.#dice.between(100, 1_500))
  }

  rest(): void {
    this.#acting = false
  }

  /** Everything works again and everybody is there. */
  async heal(): Promise<void> {
    this.rest()
    // L4: losing every hint loses nothing, so in some runs the bus stays silent.
    Object.assign(this.weather, calm, { hintLoss: this.#dice.chance(silentChance) ? 1 : 0 })
    await this.scheduler.until(() => this.#isBack(), backWithinMs, 250)
    for (let index = 0; index < this.nodeCount; index++) this.startNode(index)
    if (this.tokenMs < longTokenMs) {
      // Whoever looks at the end finds everybody connected: what ends soon is replaced by then.
      const lastMs = this.tokenMs
      this.tokenMs = longTokenMs
      await this.scheduler.advance(lastMs)
    }
    await this.signEverybodyIn()
    // A program that is woken looks whether its connection still lives, and needs a moment to find out that it does not.
    for (const { device } of this.people) device.program.client.wake()
    await this.scheduler.advance(probeMs)
  }

  #isBack(): boolean {
    const areAlive = this.people.every(({ device }) => device.program.life.alive)
    return areAlive && !this.network.someOffline && this.#running.every(running => running !== null)
  }

  /** One tab after the other: those beside it follow. */
  async signEverybodyIn(): Promise<void> {
    for (const person of this.people) {
      await this.scheduler.advance(followMs)
      if (person.isSignedOut) await this.#finish(person.signIn())
    }
    await this.scheduler.advance(followMs)
  }

  /** Nothing of this run does anything from now on. */
  end(): void {
    this.rest()
    for (const running of this.#running) if (running) running.node.life.alive = false
    for (const { device } of this.people) device.program.life.alive = false
  }

  #actSoon(person: Person, everyMs: number): void {
    this.scheduler.after(this.#dice.between(0, 2 * everyMs), () => {
      if (!this.#acting) return
      if (person.device.program.life.alive) person.act()
      this.#actSoon(person, everyMs)
    })
  }

  #tabsBeside(name: string): Person[] {
    const machine = this.#personAt(name)?.device.machine
    return this.people.filter(({ device }) => device.machine === machine)
  }

  #personAt(device: string): Person | undefined {
    return this.people.find(person => person.device.name === device)
  }

  #resume(person: Person): void {
    person.device.restart()
    const { client, life } = person.device.program
    client.resumeSession().then(
      resumed => {
        if (life.alive && !resumed && !this.#mayBeOut(person)) {
          this.record.surprises.push(`${person.device.name} has lost its sign-in`)
        }
      },
      error => this.record.surprises.push(`${person.device.name} could not start: ${error}`),
    )
  }

  /** Whether it was ended by somebody, here or on the server. */
  #mayBeOut({ device: { machine } }: Person): boolean {
    const session = this.database.tables.sessions.get(`${machine.lastSession}`)
    return machine.leaving || session === undefined || session.endedMicros !== null
  }

  /** Signs everybody up, some on two devices or in two tabs, in fair weather. */
  async #gather(): Promise<void> {
    const accounts: AccountId[] = []
    const count = 3 + this.#dice.integer(2)
    const tabs: (readonly [Device, string])[] = []
    for (let index = 0; index < count; index++) {
      const username = `person${index}`
      const first = this.#device(`${username}a`, this.#machine(`${username}a`))
      await this.#finish(first.program.client.signUp({ username, displayName: username, password }))
      const id = first.program.client.getSnapshot().me?.id
      if (id === undefined) throw new Error('signing up did not work')
      accounts.push(id)
      if (this.#dice.chance(hidingChance)) {
        await this.#finish(first.program.client.setReadReceipts('hidden'))
        this.record.hidden.add(id)
      }
      tabs.push([first, username])
      if (this.#dice.chance(0.2)) tabs.push([this.#device(`${first.name}2`, first.machine), username])
      if (!this.#dice.chance(0.3)) continue
      const second = this.#device(`${username}b`, this.#machine(`${username}b`))
      await this.#finish(second.program.client.signIn({ login: username, password }))
      tabs.push([second, username])
    }
    for (const [device, username] of tabs) {
      const { client } = device.program
      await this.#finish(client.resumeSession())
      const accountId = client.getSnapshot().me?.id
      if (accountId === undefined) throw new Error('opening another tab did not work')
      const { scheduler, record } = this
      const dice = this.#dice.fork(`person ${device.name}`)
      this.people.push(new Person({ device, username, accountId, everybody: accounts, scheduler, record, dice }))
    }
    const [founder] = this.people
    if (founder) await this.#found(founder.device.program.client, accounts)
  }

  /** The groups in which everybody meets; in some runs one of them is so large that positions go only to who looks. */
  async #found(client: Client, accounts: readonly AccountId[]): Promise<void> {
    await this.#finish(client.createGroup('everybody', accounts.slice(1)))
    this.record.founded = 1
    if (!this.#dice.chance(this.#planted.crowd ? 1 : crowdChance)) return
    const crowd = [...accounts.slice(1)]
    const [running] = this.#running
    for (let index = 0; running && crowd.length <= limits.positionsBroadcastMembers; index++) {
      const input = {
        username: `passer-by${index}`,
        displayName: `passer-by${index}`,
        password,
        refresh: 'body' as const,
      }
      const answer = running.node.request('account.create', input, null)
      await this.#finish(answer)
      const created = await answer
      if ('result' in created) crowd.push((created.result as Grant).account.id)
    }
    await this.#finish(client.createGroup('crowd', crowd))
    this.record.founded += 1
    this.record.count('crowds')
  }

  #machine(name: string): Machine {
    const { scheduler, weather } = this
    const dice = this.#dice.fork(`machine ${name}`)
    const onMailStored = (accountId: AccountId, mailId: MailId) =>
      this.record.mailStored(accountId, mailId, scheduler.micros)
    const onDraftStored = (html: string) => this.record.draftStored(html)
    return new Machine({ name, scheduler, weather, dice, planted: this.#planted, onMailStored, onDraftStored })
  }

  #device(name: string, machine: Machine): Device {
    const dice = this.#dice.fork(`device ${name}`)
    return new Device({
      name,
      machine,
      dice,
      scheduler: this.scheduler,
      connect: life => this.network.transport(name, life),
    })
  }

  async #finish(work: Promise<unknown>): Promise<void> {
    let ending: { readonly error?: unknown } | null = null
    work.then(
      () => {
        ending = {}
      },
      error => {
        ending = { error }
      },
    )
    await this.scheduler.until(() => ending !== null, 60_000)
    const reached = ending as { readonly error?: unknown } | null
    if (reached === null || reached.error !== undefined)
      throw new Error('the beginning failed', { cause: reached?.error })
  }

  #loggerOf(name: string, life: Life): Logger {
    const quiet = () => undefined
    return {
      debug: quiet,
      info: quiet,
      warn: (_fields, message) => this.record.count(`warned: ${message}`),
      error: (fields, message) => {
        if (life.alive) this.record.surprises.push(`${name} logged an error: ${message} ${describe(fields)}`)
      },
    }
  }
}

function describe(fields: object): string {
  const { err, ...rest } = fields as { readonly err?: unknown }
  return `${JSON.stringify(rest)} ${err instanceof Error ? err.stack : ''}`
}

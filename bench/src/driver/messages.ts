/**
 * Scenarios A, B, C and F: people in conversations send, everybody else in them receives. What counts lies within a
 * window of time; the checks cover everything from the first message to the last.
 *
 * A receiver expects of each sender the numbers 0, 1, 2 … and nothing from outside its conversation, so a loss, a double,
 * an overtaking or a misdirected message shows at once. All who only receive must have seen the same order (a running
 * hash of it is compared), and at the end everything sent must be acknowledged and delivered.
 */
import { cpuSeconds } from '../processes.ts'
import type { Client } from './client.ts'
import { becomes, connectAll, type Door } from './connect.ts'
import type { Dialect } from './dialect.ts'
import { Histogram } from './histogram.ts'
import type { MessagesJob, MessagesResult, Outcome, Pace, Room } from './job.ts'

const connectAtOnce = 50
/** Send times are kept for the newest this many of each sender; a power of two. */
const rememberedSends = 16_384
const reportedFailures = 20

class Sender {
  readonly conversation: number
  readonly index: number
  readonly client: Client
  readonly sentAt = new Float64Array(rememberedSends)
  sent = 0
  acknowledged = 0

  constructor(conversation: number, index: number, client: Client) {
    this.conversation = conversation
    this.index = index
    this.client = client
  }

  sendTime(number: number): number {
    return this.sentAt[number & (rememberedSends - 1)] ?? Number.NaN
  }

  /** Sends so many more in one write. */
  send(dialect: Dialect, count: number): void {
    const now = performance.now()
    let frames = ''
    for (let left = count; left > 0; left--) {
      this.sentAt[this.sent & (rememberedSends - 1)] = now
      frames += dialect.send(this.conversation, this.index, this.sent++)
    }
    this.client.write(frames)
  }
}

interface Receiver {
  readonly isSender: boolean
  readonly firstSender: number
  /** The next number expected of each sender of its room. */
  readonly expected: Int32Array
  order: number
}

class Load {
  readonly senders: Sender[] = []
  readonly receivers: Receiver[][] = []
  readonly failures: string[] = []
  readonly ackLatency = new Histogram()
  readonly deliveryLatency = new Histogram()
  readonly #dialect: Dialect
  readonly #pace: Pace
  #sending = true
  acknowledged = 0
  delivered = 0
  deliveriesDue = 0

  constructor(dialect: Dialect, pace: Pace) {
    this.#dialect = dialect
    this.#pace = pace
  }

  addRoom(room: Room, clients: readonly Client[]): void {
    const firstSender = this.senders.length
    const receivers: Receiver[] = []
    clients.forEach((client, index) => {
      const isSender = index < room.senders
      const sender = isSender ? new Sender(room.conversation, firstSender + index, client) : null
      const receiver = { isSender, firstSender, expected: new Int32Array(room.senders), order: 0 }
      if (sender) this.senders.push(sender)
      receivers.push(receiver)
      client.handle({
        acknowledged: (number, now) => this.#acknowledge(sender, number, now),
        message: (author, number, now) => {
          if (author !== sender?.index) this.#deliver(receiver, author, number, now)
        },
        received: () => {
          if (sender && this.#sending) this.#refill(sender, room)
        },
        failed: what => this.fail(what),
      })
    })
    this.receivers.push(receivers)
  }

  start(rooms: readonly Room[]): void {
    const pace = this.#pace
    const membersOf = new Map(rooms.map(room => [room.conversation, room.members.length]))
    if (pace.kind === 'in-flight') {
      for (const sender of this.senders)
        this.#sendCounted(sender, membersOf.get(sender.conversation) ?? 0, pace.perSender)
      return
    }
    const begin = performance.now()
    let sent = 0
    const tick = () => {
      if (!this.#sending) return
      const due = Math.floor(((performance.now() - begin) / 1_000) * pace.perSecond)
      for (; sent < due; sent++) {
        const sender = this.senders[sent % this.senders.length]
        if (sender) this.#sendCounted(sender, membersOf.get(sender.conversation) ?? 0, 1)
      }
      setTimeout(tick, 1)
    }
    tick()
  }

  stop(): void {
    this.#sending = false
  }

  get unacknowledged(): number {
    return this.senders.reduce((sum, { sent, acknowledged }) => sum + sent - acknowledged, 0)
  }

  get drained(): boolean {
    return this.delivered >= this.deliveriesDue && this.unacknowledged === 0
  }

  fail(what: string): void {
    if (this.failures.length < reportedFailures) this.failures.push(what)
  }

  #sendCounted(sender: Sender, members: number, count: number): void {
    this.deliveriesDue += (members - 1) * count
    sender.send(this.#dialect, count)
  }

  #refill(sender: Sender, room: Room): void {
    if (this.#pace.kind !== 'in-flight') return
    const free = this.#pace.perSender - (sender.sent - sender.acknowledged)
    if (free > 0) this.#sendCounted(sender, room.members.length, free)
  }

  #acknowledge(sender: Sender | null, number: number, now: number): void {
    if (!sender || number !== sender.acknowledged) {
      this.fail(`acknowledged ${number} of sender ${sender?.index} out of turn`)
      return
    }
    sender.acknowledged++
    this.acknowledged++
    this.ackLatency.add(now - sender.sendTime(number))
  }

  #deliver(receiver: Receiver, author: number, number: number, now: number): void {
    const place = author - receiver.firstSender
    const expected = receiver.expected[place]
    if (expected === undefined) {
      this.fail(`a message of sender ${author} reached a stranger`)
      return
    }
    if (number !== expected) this.fail(`received ${number} of sender ${author} where ${expected} was next`)
    receiver.expected[place] = number + 1
    receiver.order = (Math.imul(receiver.order, 31) + Math.imul(place, 7_919) + number) | 0
    this.delivered++
    this.deliveryLatency.add(now - (this.senders[author]?.sendTime(number) ?? now))
  }

  checkOrder(): void {
    for (const receivers of this.receivers) {
      const orders = new Set(receivers.filter(({ isSender }) => !isSender).map(({ order }) => order))
      if (orders.size > 1) this.fail(`the members of one conversation saw ${orders.size} different orders`)
    }
  }
}

export async function runMessages(job: MessagesJob, door: Door): Promise<Outcome> {
  const load = new Load(door.dialect, job.pace)
  const guests = job.rooms.flatMap(({ conversation, members }) => members.map(ticket => ({ ticket, conversation })))
  const clients = await connectAll(door, guests, connectAtOnce)
  let first = 0
  for (const room of job.rooms) {
    load.addRoom(room, clients.slice(first, first + room.members.length))
    first += room.members.length
  }
  load.start(job.rooms)
  const result = await measure(job, load)
  load.stop()
  if (!(await becomes(() => load.drained, job.drainMs))) {
    load.fail(
      `${load.deliveriesDue - load.delivered} deliveries and ${load.unacknowledged} acknowledgements never came`,
    )
  }
  load.checkOrder()
  for (const client of clients) client.destroy()
  const acknowledged = load.senders.map(sender => ({
    conversation: sender.conversation,
    sender: sender.index,
    count: sender.acknowledged,
  }))
  return { result, acknowledged, failures: load.failures }
}

async function measure(job: MessagesJob, load: Load): Promise<MessagesResult> {
  const snapshot = () => ({
    at: performance.now(),
    cpu: cpuSeconds(job.processes),
    acknowledged: load.acknowledged,
    delivered: load.delivered,
  })
  await new Promise(resolve => setTimeout(resolve, job.warmUpMs))
  load.ackLatency.clear()
  load.deliveryLatency.clear()
  const begin = snapshot()
  await new Promise(resolve => setTimeout(resolve, job.durationMs))
  const end = snapshot()
  const seconds = (end.at - begin.at) / 1_000
  const messages = end.acknowledged - begin.acknowledged
  const deliveries = end.delivered - begin.delivered
  const cpu = end.cpu - begin.cpu
  return {
    kind: 'messages',
    messagesPerSecond: messages / seconds,
    deliveriesPerSecond: deliveries / seconds,
    cpuSecondsPer1000: (cpu / messages) * 1_000,
    cpuSecondsPer10kDeliveries: (cpu / deliveries) * 10_000,
    ackMs: load.ackLatency.summary(),
    deliveryMs: load.deliveryLatency.summary(),
  }
}

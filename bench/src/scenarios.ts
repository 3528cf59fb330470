/** The scenarios of the budgets: what each does, which figures it gives, and which ratios it must reach. */
import type { CatchUpResult, IdleResult, Job, MessagesResult, Outcome, Pace } from './driver/job.ts'
import type { Options, ScenarioName } from './options.ts'
import type { NodeOptions, RoomPlan, Target } from './targets/target.ts'

/** Recado's figure divided by the yardstick's, or by its own in another scenario, at most or at least this. */
export interface Bound {
  readonly kind: 'at-least' | 'at-most'
  readonly ratio: number
  readonly against: 'yardstick' | 'recado in B'
}

export interface Figure {
  readonly name: string
  readonly digits: number
  readonly bounds: readonly Bound[]
  of(result: Outcome['result']): number
}

export interface Scenario {
  readonly id: string
  readonly name: ScenarioName
  readonly title: string
  readonly figures: readonly Figure[]
  readonly nodeOptions: NodeOptions
  prepare(target: Target): Promise<Job>
}

function isKind<Kind extends Outcome['result']['kind']>(
  result: Outcome['result'],
  kind: Kind,
): result is Extract<Outcome['result'], { kind: Kind }> {
  return result.kind === kind
}

interface FigurePlan<Result> {
  readonly digits?: number
  readonly bounds?: readonly Bound[]
  readonly of: (result: Result) => number
}

function messagesFigure(name: string, plan: FigurePlan<MessagesResult>): Figure {
  const of = (result: Outcome['result']) => (isKind(result, 'messages') ? plan.of(result) : Number.NaN)
  return { name, digits: plan.digits ?? 0, bounds: plan.bounds ?? [], of }
}

function idleFigure(name: string, plan: FigurePlan<IdleResult>): Figure {
  const of = (result: Outcome['result']) => (isKind(result, 'idle') ? plan.of(result) : Number.NaN)
  return { name, digits: plan.digits ?? 0, bounds: plan.bounds ?? [], of }
}

const atLeast = (ratio: number): Bound => ({ kind: 'at-least', ratio, against: 'yardstick' })
const atMost = (ratio: number): Bound => ({ kind: 'at-most', ratio, against: 'yardstick' })
const nearB: Bound = { kind: 'at-most', ratio: 1.15, against: 'recado in B' }

const cpu = (bounds: readonly Bound[] = []) =>
  messagesFigure('CPU s per 1,000 messages', { digits: 4, bounds, of: result => result.cpuSecondsPer1000 })

function latencyFigures(p50Bounds: readonly Bound[]): Figure[] {
  return [
    messagesFigure('send → acknowledged p50, ms', { digits: 2, bounds: p50Bounds, of: result => result.ackMs.p50 }),
    messagesFigure('send → acknowledged p99, ms', { digits: 2, of: result => result.ackMs.p99 }),
    messagesFigure('send → delivered p50, ms', { digits: 2, bounds: p50Bounds, of: result => result.deliveryMs.p50 }),
    messagesFigure('send → delivered p99, ms', { digits: 2, of: result => result.deliveryMs.p99 }),
  ]
}

function count(number: number): string {
  return number.toLocaleString('en')
}

/** V8 lets its space for new objects grow by tens of megabytes at moments of its own: no part of a connection's memory. */
const fixedNewSpace: NodeOptions = ['--min-semi-space-size=16', '--max-semi-space-size=16']

const pairs: RoomPlan = { rooms: 100, members: 2, senders: 1 }

export function defineScenarios(options: Options): Scenario[] {
  const people = options.quick ? 1_000 : 5_000
  const stored = options.quick ? 100_000 : 1_000_000
  const missed = 10_000

  const messages = async (target: Target, plan: RoomPlan, pace: Pace, seeded = 0): Promise<Job> => {
    const rooms = await target.createRooms(plan)
    if (seeded > 0) await target.seedMessages(rooms, seeded)
    const times = { warmUpMs: options.warmUpSeconds * 1_000, durationMs: options.seconds * 1_000, drainMs: 20_000 }
    return { kind: 'messages', ...place(target), rooms, pace, ...times }
  }
  const group = (members: number): Scenario => ({
    id: `C${members}`,
    name: 'C',
    title: `group of ${count(members)} online, 4 in flight`,
    figures: [
      messagesFigure('deliveries/s', { bounds: [atLeast(0.5)], of: result => result.deliveriesPerSecond }),
      messagesFigure('messages/s', { of: result => result.messagesPerSecond }),
      messagesFigure('CPU s per 10,000 deliveries', { digits: 4, of: result => result.cpuSecondsPer10kDeliveries }),
      ...latencyFigures([]),
    ],
    nodeOptions: [],
    prepare: target => messages(target, { rooms: 1, members, senders: 1 }, { kind: 'in-flight', perSender: 4 }),
  })
  const all: Scenario[] = [
    {
      id: 'A',
      name: 'A',
      title: 'durable 1:1: 100 pairs, 8 in flight each, 80-byte bodies',
      figures: [
        messagesFigure('messages/s', { bounds: [atLeast(0.25)], of: result => result.messagesPerSecond }),
        messagesFigure('deliveries/s', { of: result => result.deliveriesPerSecond }),
        cpu(),
        ...latencyFigures([]),
      ],
      nodeOptions: [],
      prepare: target => messages(target, pairs, { kind: 'in-flight', perSender: 8 }),
    },
    {
      id: 'B',
      name: 'B',
      title: '100 pairs, 300 messages/s in all',
      figures: [cpu(), ...latencyFigures([atMost(2)])],
      nodeOptions: [],
      prepare: target => messages(target, pairs, { kind: 'rate', perSecond: 300 }),
    },
    group(500),
    group(1_000),
    {
      id: 'D',
      name: 'D',
      title: `${count(people)} idle signed-in connections`,
      figures: [
        idleFigure('KB per connection', {
          digits: 1,
          bounds: [atMost(1.3)],
          of: result => result.bytesPerConnection / 1024,
        }),
        idleFigure('connects/s with token check', { of: result => result.connectsPerSecond }),
      ],
      nodeOptions: fixedNewSpace,
      async prepare(target) {
        const tickets = await target.createTickets(people)
        return { kind: 'idle', ...place(target), server: target.server, tickets, early: people / 5 }
      },
    },
    {
      id: 'E',
      name: 'E',
      title: `${count(missed)} missed messages caught up`,
      figures: [
        {
          name: 'seconds',
          digits: 3,
          bounds: [atMost(2.5)],
          of: result => (isKind(result, 'catch-up') ? (result satisfies CatchUpResult).seconds : Number.NaN),
        },
      ],
      nodeOptions: [],
      async prepare(target) {
        const [room] = await target.createRooms({ rooms: 1, members: 2, senders: 1 })
        const [sender, receiver] = room?.members ?? []
        if (!room || !sender || !receiver) throw new Error('no room')
        return {
          kind: 'catch-up',
          ...place(target),
          conversation: room.conversation,
          sender,
          receiver,
          missed,
          rounds: 5,
        }
      },
    },
    {
      id: 'F',
      name: 'F',
      title: `B again with ${count(stored)} messages stored`,
      figures: [cpu([nearB]), ...latencyFigures([nearB])],
      nodeOptions: [],
      prepare: target => messages(target, pairs, { kind: 'rate', perSecond: 300 }, stored),
    },
  ]
  return all.filter(scenario => options.scenarios.includes(scenario.name))
}

function place(target: Target) {
  return { port: target.port, dialect: target.dialect, processes: [target.server.pid] }
}

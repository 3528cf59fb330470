/** What the gallery's client holds: the state of an account in one situation. */
import type { ClientSnapshot, MessageChange, PendingChange } from '@recado/client'
import type { Message, Person } from '@recado/protocol'
import { chosenFiles, fileLines } from './file-lines.ts'
import {
  type ConversationSeed,
  type Line,
  letterDesk,
  type Marks,
  now,
  people,
  personAt,
  toMessages,
} from './fixtures.ts'
import { hostilePeople, hostileSeeds } from './hostile-seeds.ts'
import { markupLines } from './markup-lines.ts'

export type SituationName =
  | 'busy'
  | 'empty'
  | 'offline'
  | 'signed-out'
  | 'loading'
  | 'long'
  | 'unread'
  | 'markup'
  | 'files'
  | 'many'
  | 'left'
  | 'quiet'
  | 'memory'
  | 'full'
  | 'hostile'

export interface Situation {
  readonly connection: ClientSnapshot['connection']
  readonly storage: ClientSnapshot['storage']
  readonly signedIn: boolean
  readonly ready: boolean
  /** Whom the device knows; `by` and `peer` are places in it. */
  readonly people: readonly Person[]
  readonly seeds: readonly ConversationSeed[]
  /** Bodies of own messages that wait, and of one that was refused. */
  readonly waiting: readonly string[]
  /** What goes up with those that wait. */
  readonly goingUp?: readonly File[]
  readonly refused: readonly string[]
  /** Which mails there are. */
  readonly mail: 'some' | 'none' | 'many' | 'copy'
}

function repeated(id: number, count: number): readonly Message[] {
  const lines = Array.from({ length: count }, (_, index): Line => {
    const source = letterDesk[index % letterDesk.length]
    return { by: index % 5 === 4 ? null : (source?.by ?? 0), text: source?.text ?? null, ago: (count - index) * 11 }
  })
  return toMessages(id, lines)
}

const previews = [
  'See you at nine then.',
  'Can you send me the last version? The one I have still shows the old domain on the back.',
  'Gracias 🙏',
  '了解です',
  'تمام',
  'https://example.org/a/very/long/path/that/does/not/fit',
  '<script>alert(1)</script>',
  'תודה רבה',
  'Bis morgen!',
  '…',
]

const problem = {
  type: 'urn:recado:problem:forbidden',
  title: '',
  status: 403,
  code: 'forbidden',
  retry: 'never',
} as const

function toChange(change: MessageChange, state: PendingChange['state']): PendingChange {
  const createdAt = new Date(now).toISOString()
  const entryId = `${change.kind}${change.sequence}`
  return { entryId, change, createdAt, state, problem: state === 'refused' ? problem : null }
}

/** What one did without a network, and what the server would not do. */
const offlineMarks: ReadonlyMap<number, Marks> = new Map<number, Marks>([
  [
    13,
    { changes: [toChange({ kind: 'edit', sequence: 13, body: 'Then it goes to print.', mentions: [] }, 'waiting')] },
  ],
  [12, { saved: true, changes: [toChange({ kind: 'react', sequence: 12, emoji: '🙏' }, 'waiting')] }],
  [9, { changes: [toChange({ kind: 'edit', sequence: 9, body: 'Let me write it down.', mentions: [] }, 'refused')] }],
])

function busySeeds(): readonly ConversationSeed[] {
  const group: ConversationSeed = {
    id: 101,
    name: 'Letter desk: invitations for the winter party',
    peer: null,
    members: 7,
    messages: toMessages(101, letterDesk),
    unread: 3,
    marks: new Map<number, Marks>([
      [9, { pinned: true, saved: true }],
      [10, { pinned: true }],
    ]),
  }
  const directs = previews.map((text, index): ConversationSeed => {
    const id = 110 + index
    const lines: readonly Line[] = [
      { by: null, text: 'Hello, how was the journey?', ago: 60 * (4 + index * 14) + 5 },
      { by: index % 4 === 2 ? null : index, text, ago: 60 * (4 + index * 14) },
    ]
    return {
      id,
      name: null,
      peer: index,
      members: 2,
      messages: toMessages(id, lines),
      unread: [0, 2, 0, 0, 214][index] ?? 0,
    }
  })
  return [group, ...directs]
}

/** One of as many chats as an account may have. */
function manySeed(index: number): ConversationSeed {
  const id = 1_000 + index
  const lines = [{ by: index, text: previews[index % previews.length] ?? null, ago: index * 7 }]
  const name = `${index + 1}. ${personAt(index).displayName}`
  return { id, name, peer: null, members: 7, messages: toMessages(id, lines), unread: index % 9 === 0 ? 2 : 0 }
}

const online = { state: 'online', since: 0, caughtUp: true } as const
const base: Situation = {
  connection: online,
  storage: 'durable',
  signedIn: true,
  ready: true,
  people,
  seeds: [],
  waiting: [],
  refused: [],
  mail: 'some',
}

export function createSituation(name: SituationName): Situation {
  switch (name) {
    case 'busy':
      return { ...base, seeds: busySeeds() }
    case 'empty':
      return { ...base, people: [], mail: 'none' }
    case 'offline':
      return {
        ...base,
        connection: { state: 'offline', since: 0, retryAt: null },
        seeds: busySeeds().map(seed => (seed.id === 101 ? { ...seed, marks: offlineMarks } : seed)),
        waiting: ['I am in the tunnel, this goes out when we are through.', 'And this one after it.'],
        refused: ['This one was written after the group was closed.'],
      }
    case 'signed-out':
      return { ...base, connection: { state: 'signed-out', since: 0, reason: 'none' }, signedIn: false, ready: false }
    case 'loading':
      return { ...base, ready: false }
    case 'long':
      return {
        ...base,
        seeds: [
          { id: 101, name: 'A long history', peer: null, members: 7, messages: repeated(101, 20_000), unread: 0 },
        ],
      }
    case 'unread':
      return {
        ...base,
        seeds: [
          { id: 101, name: personAt(0).displayName, peer: null, members: 7, messages: repeated(101, 400), unread: 200 },
        ],
      }
    case 'markup':
      return {
        ...base,
        seeds: [
          { id: 101, name: 'Marked up', peer: null, members: 7, messages: toMessages(101, markupLines), unread: 0 },
          ...busySeeds().slice(1),
        ],
      }
    case 'files':
      return {
        ...base,
        mail: 'copy',
        seeds: [
          { id: 101, name: 'With files', peer: null, members: 7, messages: toMessages(101, fileLines), unread: 0 },
          ...busySeeds().slice(1),
        ],
        waiting: ['These are on their way.'],
        goingUp: chosenFiles(),
      }
    case 'many':
      return { ...base, mail: 'many', seeds: Array.from({ length: 5_000 }, (_, index) => manySeed(index)) }
    case 'left':
      return {
        ...base,
        seeds: busySeeds().map(seed => (seed.id === 101 ? { ...seed, membership: 'left' } : seed)),
        refused: ['This one was written after I was taken out of the group.'],
      }
    case 'quiet':
      return {
        ...base,
        seeds: [{ id: 121, name: 'Just made', peer: null, members: 2, messages: [], unread: 0, description: null }],
      }
    case 'memory':
    case 'full':
      return { ...base, storage: name, seeds: busySeeds() }
    case 'hostile':
      return { ...base, people: hostilePeople, seeds: hostileSeeds() }
    default:
      return name satisfies never
  }
}

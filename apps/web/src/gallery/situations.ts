/** The situations that the gallery can show the whole app in. */
import type { ClientSnapshot } from '@recado/client'
import type { ConversationId, Message } from '@recado/protocol'
import { type ConversationSeed, type Line, letterDesk, personAt, toMessage } from './fixtures.ts'
import { markupLines } from './markup-lines.ts'

export const sceneNames = [
  'busy',
  'empty',
  'offline',
  'signed-out',
  'loading',
  'long',
  'unread',
  'markup',
  'many',
] as const
export type SceneName = (typeof sceneNames)[number]

export interface Scene {
  readonly connection: ClientSnapshot['connection']
  readonly signedIn: boolean
  readonly ready: boolean
  readonly seeds: readonly ConversationSeed[]
  /** Bodies of own messages that wait, and of one that was refused. */
  readonly waiting: readonly string[]
  readonly refused: readonly string[]
}

export function isSceneName(name: string | null): name is SceneName {
  return sceneNames.some(scene => scene === name)
}

function messages(id: number, lines: readonly Line[]): readonly Message[] {
  return lines.map((line, index) => toMessage(id as ConversationId, line, index + 1))
}

function repeated(id: number, count: number): readonly Message[] {
  const lines = Array.from({ length: count }, (_, index): Line => {
    const source = letterDesk[index % letterDesk.length]
    return { by: index % 5 === 4 ? null : (source?.by ?? 0), text: source?.text ?? null, ago: (count - index) * 11 }
  })
  return messages(id, lines)
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

function busySeeds(): readonly ConversationSeed[] {
  const group: ConversationSeed = {
    id: 101,
    name: 'Letter desk: invitations for the winter party',
    peer: null,
    members: 7,
    messages: messages(101, letterDesk),
    unread: 3,
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
      messages: messages(id, lines),
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
  return { id, name, peer: null, members: 7, messages: messages(id, lines), unread: index % 9 === 0 ? 2 : 0 }
}

const online = { state: 'online', since: 0, caughtUp: true } as const
const base: Scene = { connection: online, signedIn: true, ready: true, seeds: [], waiting: [], refused: [] }

export function createScene(name: SceneName): Scene {
  switch (name) {
    case 'busy':
      return { ...base, seeds: busySeeds() }
    case 'empty':
      return base
    case 'offline':
      return {
        ...base,
        connection: { state: 'offline', since: 0, retryAt: null },
        seeds: busySeeds(),
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
          { id: 101, name: 'Marked up', peer: null, members: 7, messages: messages(101, markupLines), unread: 0 },
          ...busySeeds().slice(1),
        ],
      }
    case 'many':
      return { ...base, seeds: Array.from({ length: 5_000 }, (_, index) => manySeed(index)) }
    default:
      return name satisfies never
  }
}

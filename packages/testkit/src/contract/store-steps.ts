/** Random steps at the store port, as data: the same list can be walked on two stores and the answers compared. */
import type { AccountId, Attachment, ConversationId, Role } from '@recado/protocol'
import type { AppendEntry } from '@recado/server/store/appending.ts'
import type { HistoryRequest } from '@recado/server/store/store.ts'
import fc from 'fast-check'
import type { Person, StoreBench } from './store-bench.ts'

/** Where the steps are taken: people and conversations by number. */
export interface Stage {
  readonly bench: StoreBench
  readonly people: readonly Person[]
  readonly conversations: readonly ConversationId[]
  readonly files: readonly Attachment[]
}

interface Entry {
  readonly op: AppendEntry['op']
  readonly conversation: number
  readonly actor: number
  readonly key: number
  readonly body: number
  readonly target: number
  readonly replyTo: number | null
  readonly mentions: readonly number[]
  readonly forwarded: boolean
  readonly files: readonly number[]
  readonly emoji: number
}

export type Step =
  | { readonly step: 'append'; readonly entries: readonly Entry[] }
  | {
      readonly step: 'move'
      readonly conversation: number
      readonly person: number
      readonly delivered: number
      readonly read: number
    }
  | { readonly step: 'add' | 'remove'; readonly conversation: number; readonly person: number }
  | { readonly step: 'role'; readonly conversation: number; readonly person: number; readonly role: Role }
  | {
      readonly step: 'pin' | 'unpin' | 'save' | 'unsave'
      readonly conversation: number
      readonly person: number
      readonly target: number
    }
  | { readonly step: 'bell'; readonly conversation: number; readonly from: number }
  | { readonly step: 'clear'; readonly conversation: number | null; readonly person: number }
  | {
      readonly step: 'history'
      readonly conversation: number
      readonly request: Omit<HistoryRequest, 'conversationId'>
    }

const peopleOnStage = 4
const conversationsOnStage = 2
/** One of each of the first people, and one that is still uploading. */
const filesOnStage = 3
const person = fc.nat(peopleOnStage - 1)
const conversation = fc.nat(conversationsOnStage - 1)
const sequence = fc.integer({ min: 1, max: 14 })

const entry: fc.Arbitrary<Entry> = fc.record({
  op: fc.oneof(
    { weight: 4, arbitrary: fc.constant('send' as const) },
    { weight: 3, arbitrary: fc.constantFrom('edit' as const, 'delete' as const, 'react' as const, 'unreact' as const) },
  ),
  conversation,
  actor: person,
  key: fc.nat(30),
  body: fc.nat(3),
  target: sequence,
  replyTo: fc.option(sequence, { freq: 3 }),
  mentions: fc.uniqueArray(person, { maxLength: 2 }),
  forwarded: fc.boolean(),
  files: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    fc.uniqueArray(fc.nat(filesOnStage - 1), { maxLength: 2 }),
  ),
  emoji: fc.nat(2),
})

const request: fc.Arbitrary<Omit<HistoryRequest, 'conversationId'>> = fc.record({
  visibleFrom: fc.nat(8),
  limit: fc.integer({ min: 1, max: 5 }),
  from: fc.oneof(
    fc.constant('newest' as const),
    sequence.map(before => ({ before })),
    sequence.map(after => ({ after })),
    sequence.map(around => ({ around })),
  ),
})

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      step: fc.constant('append' as const),
      entries: fc.uniqueArray(entry, {
        minLength: 1,
        maxLength: 4,
        // The lane never puts one key twice into a batch.
        selector: ({ conversation: place, actor, key }) => `${place} ${actor} ${key}`,
      }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      step: fc.constant('move' as const),
      conversation,
      person,
      delivered: fc.nat(16),
      read: fc.nat(16),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ step: fc.constantFrom('add' as const, 'remove' as const), conversation, person }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      step: fc.constant('role' as const),
      conversation,
      person,
      role: fc.constantFrom<Role>('owner', 'admin', 'member'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      step: fc.constantFrom('pin' as const, 'unpin' as const, 'save' as const, 'unsave' as const),
      conversation,
      person,
      target: sequence,
    }),
  },
  { weight: 2, arbitrary: fc.record({ step: fc.constant('bell' as const), conversation, from: fc.nat(10) }) },
  {
    weight: 1,
    arbitrary: fc.record({ step: fc.constant('clear' as const), conversation: fc.option(conversation), person }),
  },
  { weight: 3, arbitrary: fc.record({ step: fc.constant('history' as const), conversation, request }) },
)

export async function setStage(bench: StoreBench, run: string): Promise<Stage> {
  const people: Person[] = []
  for (let index = 0; index < peopleOnStage; index++) people.push(await bench.person(`${run}-${index}`))
  const [first, second, third] = people
  if (first === undefined || second === undefined || third === undefined) throw new Error('too few people')
  const conversations = [await bench.group(first, second, third), await bench.group(second, first)]
  const files = [await bench.file(first, `${run}-0`), await bench.file(second, `${run}-1`)]
  files.push(await bench.file(first, `${run}-2`, 'uploading'))
  return { bench, people, conversations, files }
}

/** Takes one step; answers with what the store said. */
export async function take(stage: Stage, step: Step): Promise<unknown> {
  const { bench } = stage
  switch (step.step) {
    case 'append':
      return await bench.writer.appendBatch(step.entries.map(wanted => entryOf(stage, wanted)))
    case 'move':
      return await bench.move(conversationOf(stage, step), personOf(stage, step), step)
    case 'add': {
      if (await isMember(stage, step)) return 'a member already'
      return await bench.add(conversationOf(stage, step), personOf(stage, step), personOf(stage, step))
    }
    case 'remove':
      return await bench.remove(conversationOf(stage, step), personOf(stage, step))
    case 'role':
      return await bench.transact(transaction =>
        transaction.updateRole(conversationOf(stage, step), personOf(stage, step).id, step.role),
      )
    case 'pin':
    case 'unpin':
    case 'save':
    case 'unsave':
      return await mark(stage, step)
    case 'bell': {
      const stream = conversationOf(stage, step)
      const { lines, answers } = await bench.store.bell.readCandidates([{ stream, from: step.from, to: 1_000 }])
      const inOrder = [...lines].sort((a, b) => a.accountId - b.accountId || a.sequence - b.sequence)
      return (await bench.side.transact(transaction => transaction.bell.ring({ lines: inOrder, answers }))).changed
    }
    case 'clear': {
      const place = step.conversation === null ? null : conversationOf(stage, { conversation: step.conversation })
      return (await bench.side.transact(transaction => transaction.bell.clear(personOf(stage, step).id, place))).changed
    }
    case 'history':
      return await bench.store.readHistory({ conversationId: conversationOf(stage, step), ...step.request })
  }
}

type MarkStep = Extract<Step, { readonly step: 'pin' | 'unpin' | 'save' | 'unsave' }>

/** Says what was there to be marked and whether it changed; ids are drawn, so of a saved message only whether there is one. */
async function mark(stage: Stage, step: MarkStep): Promise<unknown> {
  const conversationId = conversationOf(stage, step)
  const accountId = personOf(stage, step).id
  return await stage.bench.transact(async ({ marks }) => {
    const target = await marks.findTarget(conversationId, step.target)
    if (target === null) return 'no message'
    if (step.step === 'pin') return [target.state, await marks.insertPin(conversationId, step.target, accountId)]
    if (step.step === 'unpin') {
      return [target.state, await marks.deletePin(conversationId, step.target), await marks.countPins(conversationId)]
    }
    if (step.step === 'save') {
      return await marks.insertSave({ accountId, messageId: target.id, conversationId, sequence: step.target })
    }
    const deleted = await marks.deleteSave(accountId, conversationId, step.target)
    return [deleted === target.id, await marks.countSaves(accountId)]
  })
}

/** Everything that can be read of the stage. */
export async function readAll({ bench: { store }, people, conversations }: Stage): Promise<unknown> {
  const ids = people.map(({ id }) => id)
  const read: unknown[] = [[...(await store.attach(ids))].sort(([a], [b]) => a - b)]
  for (const conversationId of conversations) {
    const { items, head } = await store.readEvents(conversationId, 0, 1_000)
    const history = await store.readHistory({ conversationId, visibleFrom: 0, from: 'newest', limit: 1_000 })
    read.push(items, head, history)
    read.push(await store.readPositions({ conversationId, above: 0, after: 0, limit: 100 }))
    read.push(await store.listMembers({ conversationId, query: null, after: null, limit: 100 }))
    for (const { sequence: place } of history.items) read.push(await store.readVersions(conversationId, place))
    for (const id of ids) read.push(await store.findMembership(conversationId, id))
    read.push(await store.marks.listPins({ conversationId, visibleFrom: 3, after: null, limit: 100 }))
  }
  for (const id of ids) {
    read.push(
      await store.listConversations(id, null, 100),
      await store.bell.read(id, null, 100),
      await store.bell.read(id, 0, 100),
      (await store.marks.listSaves(id, null, 100)).map(({ messageId, ...row }) => ({
        ...row,
        same: messageId === row.message.id,
      })),
    )
  }
  return read
}

function entryOf(stage: Stage, wanted: Entry): AppendEntry {
  const { op, key, body, target, emoji } = wanted
  const mentions = wanted.mentions.map(index => stage.people[index]?.id as AccountId)
  const shared = {
    conversationId: conversationOf(stage, wanted),
    actorId: stage.people[wanted.actor]?.id as AccountId,
    key: `key ${key}`,
    fingerprint: `${op} ${body} ${target}`,
  }
  if (op === 'send') {
    const forwardedFrom = wanted.forwarded ? shared.actorId : null
    const attachments = wanted.files.map(index => stage.files[index] as Attachment)
    return { op, ...shared, body: `body ${body}`, replyTo: wanted.replyTo, mentions, forwardedFrom, attachments }
  }
  const isEdit = op === 'edit'
  const isReaction = op === 'react' || op === 'unreact'
  return {
    op,
    ...shared,
    target,
    body: isEdit ? `body ${body}` : null,
    mentions: isEdit ? mentions : [],
    emoji: isReaction ? `emoji ${emoji}` : null,
  }
}

function conversationOf(stage: Stage, { conversation: index }: { readonly conversation: number }): ConversationId {
  return stage.conversations[index] as ConversationId
}

function personOf(stage: Stage, { person: index }: { readonly person: number }): Person {
  return stage.people[index] as Person
}

async function isMember(
  stage: Stage,
  step: { readonly conversation: number; readonly person: number },
): Promise<boolean> {
  return (await stage.bench.store.findMembership(conversationOf(stage, step), personOf(stage, step).id)) !== null
}

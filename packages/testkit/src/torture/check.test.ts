import { expect, test } from 'vitest'
import { checkConversation } from './check.ts'
import { voidId } from './check-reader.ts'
import type { FinalView, StoredConversation, StoredEvent, StoredMessage, Testimony } from './evidence.ts'

/** What a checker is given, as plain lists that a test may spoil. */
type Open<Value> =
  Value extends ReadonlyMap<infer Key, infer Item>
    ? Map<Key, Open<Item>>
    : Value extends readonly (infer Item)[]
      ? Open<Item>[]
      : Value extends object
        ? { -readonly [Name in keyof Value]: Open<Value[Name]> }
        : Value
type Evidence = { stored: Open<StoredConversation>; ana: Open<Testimony>; bia: Open<Testimony> }

const ana = 1
const bia = 2

function createMessages(): StoredMessage[] {
  return [3, 4, 5].map((sequence, index) => ({
    sequence,
    ordinal: index + 1,
    id: 100 + sequence,
    authorId: ana,
    key: `key${sequence}`,
    body: `body ${sequence}`,
    version: 1,
  }))
}

function createEvents(): StoredEvent[] {
  return [
    { sequence: 1, kind: 'conversation.created', actorId: ana, target: null, key: null },
    { sequence: 2, kind: 'member.added', actorId: ana, target: bia, key: null },
    ...createMessages().map(({ sequence, key }) => ({
      sequence,
      kind: 'message.created',
      actorId: ana,
      target: sequence,
      key,
    })),
  ]
}

function createTestimony(accountId: number, name: string): Open<Testimony> {
  return {
    accountId,
    name,
    sendings: [],
    acknowledgements: [],
    changes: [],
    showings: [{ sequences: [2, 3, 4, 5], ids: [0, 103, 104, 105] }],
    marked: 5,
    final: {
      head: { sequence: 5, ordinal: 3 },
      read: 5,
      unread: 0,
      from: 0,
      stored: createMessages(),
      opened: createMessages(),
      positions: new Map([ana, bia].map(id => [id, { delivered: 5, read: 5 }])),
    },
  }
}

/** Ana and Bia in a group: it was created, Bia was added, and Ana sent three messages, which both saw and Bia read. */
function createEvidence(): Evidence {
  return {
    stored: {
      id: 9,
      kind: 'group',
      head: { sequence: 5, ordinal: 3 },
      events: createEvents(),
      messages: createMessages(),
      members: [ana, bia].map(accountId => ({ accountId, delivered: 5, read: 5, readOrdinal: 3 })),
    },
    ana: {
      ...createTestimony(ana, 'ana'),
      sendings: createMessages().map(({ key, body }) => ({ key, body: body ?? '', outcome: 'kept' })),
      acknowledgements: createMessages().map(({ key, id, sequence, ordinal }) => ({ key, id, sequence, ordinal })),
    },
    bia: createTestimony(bia, 'bia'),
  }
}

function check({ stored, ana, bia }: Evidence): string[] {
  return checkConversation(stored, [ana, bia]).map(({ kind }) => kind)
}

function at<Item>(items: Item[], index: number): Item {
  const item = items[index]
  if (item === undefined) throw new Error(`there is no item ${index}`)
  return item
}

function finalOf(testimony: Open<Testimony>): Open<FinalView> {
  if (testimony.final === null) throw new Error('there is no final view')
  return testimony.final
}

test('a run in which nothing went wrong passes', () => {
  expect(check(createEvidence())).toEqual([])
})

const planted: Record<string, { readonly finds: string; readonly spoil: (evidence: Evidence) => void }> = {
  'a message that is gone from the database': {
    finds: 'lost',
    spoil: ({ stored }) => stored.messages.splice(1, 1),
  },
  'a message that never got there': {
    finds: 'lost',
    spoil: ({ ana }) => ana.sendings.push({ key: 'key6', body: 'body 6', outcome: 'kept' }),
  },
  'an acknowledgement for nothing': {
    finds: 'lost',
    spoil: ({ ana }) => ana.acknowledgements.push({ key: 'key6', id: 106, sequence: 6, ordinal: 4 }),
  },
  'a change that was acknowledged and is not there': {
    finds: 'lost',
    spoil: ({ ana }) => ana.changes.push({ key: 'edit', kind: 'message.edited', target: 3, body: 'new', sequence: 6 }),
  },
  'an event that is missing from the stream': {
    finds: 'lost',
    spoil: ({ stored }) => stored.events.splice(0, 1),
  },
  'an event that was never shown': {
    finds: 'lost',
    spoil: ({ bia }) => {
      at(bia.showings, 0).sequences.splice(2, 1)
      at(bia.showings, 0).ids.splice(2, 1)
    },
  },
  'an event that the second life of a client was not shown': {
    finds: 'lost',
    spoil: ({ bia }) => {
      bia.showings = [
        { sequences: [2, 3], ids: [0, 103] },
        { sequences: [5], ids: [105] },
      ]
    },
  },
  'the end that a client was not shown': {
    finds: 'lost',
    spoil: ({ bia }) => {
      bia.showings = [{ sequences: [2, 3, 4], ids: [0, 103, 104] }]
    },
  },
  'a message hidden from who may see it': {
    finds: 'lost',
    spoil: ({ bia }) => at(bia.showings, 0).ids.splice(2, 1, voidId),
  },
  'a message that a device does not hold': {
    finds: 'lost',
    spoil: ({ bia }) => finalOf(bia).stored.splice(1, 1),
  },
  'a message that an opened conversation does not show': {
    finds: 'reordered',
    spoil: ({ bia }) => finalOf(bia).opened.pop(),
  },
  'a message that is stored twice': {
    finds: 'doubled',
    spoil: ({ stored }) => {
      stored.messages.push({ ...at(stored.messages, 2), sequence: 6, ordinal: 4, id: 106 })
      stored.events.push({ ...at(stored.events, 4), sequence: 6, target: 6 })
      stored.head = { sequence: 6, ordinal: 4 }
    },
  },
  'an event that was shown twice': {
    finds: 'doubled',
    spoil: ({ bia }) => {
      at(bia.showings, 0).sequences.push(5)
      at(bia.showings, 0).ids.push(105)
    },
  },
  'two acknowledgements that differ': {
    finds: 'doubled',
    spoil: ({ ana }) => ana.acknowledgements.push({ key: 'key3', id: 104, sequence: 4, ordinal: 2 }),
  },
  'a message that overtook an earlier one': {
    finds: 'reordered',
    spoil: ({ ana }) => ana.sendings.reverse(),
  },
  'events shown in another order': {
    finds: 'reordered',
    spoil: ({ bia }) => {
      at(bia.showings, 0).sequences.reverse()
      at(bia.showings, 0).ids.reverse()
    },
  },
  'a device that holds messages in another order': {
    finds: 'reordered',
    spoil: ({ bia }) => finalOf(bia).stored.reverse(),
  },
  'a message with another body': {
    finds: 'altered',
    spoil: ({ stored }) => {
      at(stored.messages, 0).body = 'something else'
    },
  },
  'a message that nobody sent': {
    finds: 'altered',
    spoil: ({ ana }) => ana.sendings.pop(),
  },
  'a device that shows another body': {
    finds: 'altered',
    spoil: ({ bia }) => {
      at(finalOf(bia).stored, 0).body = 'something else'
    },
  },
  'an event shown to somebody who had been removed': {
    finds: 'leaked',
    spoil: ({ stored, bia }) => {
      at(stored.events, 1).kind = 'member.removed'
      stored.members.pop()
      bia.final = null
    },
  },
  'a conversation shown to somebody who is not in it': {
    finds: 'leaked',
    spoil: ({ stored, bia }) => {
      at(stored.events, 1).kind = 'conversation.updated'
      stored.members.pop()
      bia.showings.length = 0
    },
  },
  'an unread counter that is off': {
    finds: 'miscounted',
    spoil: ({ bia }) => {
      finalOf(bia).unread = 1
    },
  },
  'a position that is off by one message': {
    finds: 'miscounted',
    spoil: ({ stored }) => {
      at(stored.members, 1).readOrdinal = 2
    },
  },
  'a position that others are not told': {
    finds: 'miscounted',
    spoil: ({ ana }) => finalOf(ana).positions.set(bia, { delivered: 5, read: 4 }),
  },
  'what was read and forgotten': {
    finds: 'miscounted',
    spoil: ({ bia }) => {
      bia.marked = 6
    },
  },
  'an ordinal that is not dense': {
    finds: 'miscounted',
    spoil: ({ stored }) => {
      at(stored.messages, 2).ordinal = 4
    },
  },
  'a device that stopped short': {
    finds: 'late',
    spoil: ({ bia }) => {
      finalOf(bia).head = { sequence: 4, ordinal: 2 }
    },
  },
  'a message that was refused and written all the same': {
    finds: 'broken',
    spoil: ({ ana }) => {
      at(ana.sendings, 0).outcome = 'refused'
    },
  },
}

test.each(Object.entries(planted))('%s is found', (_name, { spoil, finds }) => {
  const evidence = createEvidence()
  spoil(evidence)
  expect(check(evidence)).toContain(finds)
})

test('a message of which the client died before it said that it keeps it may be there or not', () => {
  const evidence = createEvidence()
  evidence.ana.sendings.push({ key: 'key6', body: 'body 6', outcome: 'unknown' })
  at(evidence.ana.sendings, 0).outcome = 'unknown'
  expect(check(evidence)).toEqual([])
})

test('who was added later is shown only what came after', () => {
  const evidence = createEvidence()
  const added = at(evidence.stored.events, 1)
  Object.assign(added, { key: 'add' })
  expect(check(evidence)).toEqual([])
  at(evidence.bia.showings, 0).sequences.unshift(1)
  at(evidence.bia.showings, 0).ids.unshift(0)
  expect(check(evidence)).toEqual(['leaked'])
})

test('a client that is killed before it stored what it was shown is shown it again', () => {
  const evidence = createEvidence()
  evidence.bia.showings.push({ sequences: [4, 5], ids: [104, 105] })
  expect(check(evidence)).toEqual([])
})

import { expect, test } from 'vitest'
import { checkMail } from './check-mail.ts'
import type { Letter, Reading, StoredDelivery, StoredEntry, StoredMail } from './evidence.ts'

type Open<Value> = Value extends readonly (infer Item)[]
  ? Open<Item>[]
  : Value extends object
    ? { -readonly [Name in keyof Value]: Open<Value[Name]> }
    : Value

const ana = 1
const bia = 2
const caio = 3
const group = 9

interface Evidence {
  readonly mail: Open<StoredMail>
  readonly mails: Open<StoredMail>[]
  readonly letter: Letter
  readonly letters: Letter[]
  readonly readings: Reading[]
  readonly members: Map<number, number[]>
}

function createMail(): Open<StoredMail> {
  return {
    id: 50,
    authorId: ana,
    subject: 'ana 1',
    state: 'released',
    recipients: [
      { mode: 'to', accountId: bia, groupId: null },
      { mode: 'to', accountId: null, groupId: group },
    ],
    deliveries: [
      { accountId: bia, mode: 'to', via: null, status: 'read' },
      { accountId: caio, mode: 'to', via: group, status: 'sent' },
    ],
    counts: { queued: 0, sent: 1, delivered: 0, read: 1, failed: 0, cancelled: 0 },
    entries: [
      { accountId: ana, authored: true, received: false, read: true, folder: 'sent' },
      { accountId: bia, authored: false, received: true, read: true, folder: 'inbox' },
      { accountId: caio, authored: false, received: true, read: false, folder: 'inbox' },
    ],
    arrivals: [bia, caio],
  }
}

/** Ana wrote to Bia and to a group of all three; Bia has read it. */
function createEvidence(): Evidence {
  const mail = createMail()
  const letter: Letter = {
    subject: 'ana 1',
    authorId: ana,
    accounts: [bia],
    groups: [group],
    mailId: 50,
    outcome: 'acknowledged',
    takenBack: 'no',
  }
  return {
    mail,
    mails: [mail],
    letter,
    letters: [letter],
    readings: [{ accountId: bia, mailId: 50 }],
    members: new Map([[group, [ana, bia, caio]]]),
  }
}

function at<Item>(items: Item[], index: number): Item {
  const item = items[index]
  if (item === undefined) throw new Error(`there is no item ${index}`)
  return item
}

const deliveryOf = ({ mail }: Evidence, index: number): Open<StoredDelivery> => at(mail.deliveries, index)
const entryOf = ({ mail }: Evidence, index: number): Open<StoredEntry> => at(mail.entries, index)

test('a run in which nothing went wrong passes', () => {
  expect(checkMail(createEvidence())).toEqual([])
})

const planted: Record<string, { readonly finds: string; readonly spoil: (evidence: Evidence) => void }> = {
  'a mail that is gone': { finds: 'lost', spoil: ({ mails }) => mails.pop() },
  'a mail that was written twice': {
    finds: 'doubled',
    spoil: ({ mails }) => mails.push({ ...createMail(), id: 51 }),
  },
  'a mail that was refused and written all the same': {
    finds: 'broken',
    spoil: ({ letter }) => {
      letter.outcome = 'refused'
    },
  },
  'a mail that nobody wrote': {
    finds: 'altered',
    spoil: ({ mails }) => mails.push({ ...createMail(), id: 51, subject: 'ana 2' }),
  },
  'a mail that was acknowledged as another': {
    finds: 'altered',
    spoil: ({ letter }) => {
      letter.mailId = 49
    },
  },
  'a mail that was never released': {
    finds: 'late',
    spoil: ({ mail }) => {
      mail.state = 'held'
    },
  },
  'a mail that was cancelled though nobody took it back': {
    finds: 'lost',
    spoil: ({ mail }) => {
      mail.state = 'cancelled'
    },
  },
  'a member of the group who was forgotten': {
    finds: 'lost',
    spoil: ({ mail }) => mail.deliveries.pop(),
  },
  'somebody to whom it was not written': {
    finds: 'leaked',
    spoil: ({ members }) => members.set(group, [ana, bia]),
  },
  'a recipient who has two deliveries': {
    finds: 'doubled',
    spoil: evidence => evidence.mail.deliveries.push({ ...deliveryOf(evidence, 1) }),
  },
  'a delivery that still waits': {
    finds: 'late',
    spoil: evidence => {
      deliveryOf(evidence, 1).status = 'queued'
    },
  },
  'a mail that is sent and in no mailbox': { finds: 'lost', spoil: ({ mail }) => mail.entries.pop() },
  'a recipient who was not told': { finds: 'lost', spoil: ({ mail }) => mail.arrivals.pop() },
  'a recipient who was told twice': { finds: 'doubled', spoil: ({ mail }) => mail.arrivals.push(caio) },
  'a delivery that was cancelled and came': {
    finds: 'leaked',
    spoil: evidence => {
      deliveryOf(evidence, 1).status = 'cancelled'
    },
  },
  'an entry without a delivery': {
    finds: 'leaked',
    spoil: evidence => evidence.mail.entries.push({ ...entryOf(evidence, 2), accountId: 4 }),
  },
  'an entry that is there twice': {
    finds: 'doubled',
    spoil: evidence => evidence.mail.entries.push({ ...entryOf(evidence, 2) }),
  },
  'a recipient who is said to have written it': {
    finds: 'altered',
    spoil: evidence => {
      entryOf(evidence, 2).authored = true
    },
  },
  'an author who does not have it': { finds: 'lost', spoil: ({ mail }) => mail.entries.shift() },
  'a count that is off': {
    finds: 'miscounted',
    spoil: ({ mail }) => {
      mail.counts = { ...mail.counts, read: 2 }
    },
  },
  'a mail that was read and is not': {
    finds: 'lost',
    spoil: evidence => {
      entryOf(evidence, 1).read = false
    },
  },
  'a reading of which the author is not told': {
    finds: 'lost',
    spoil: evidence => {
      deliveryOf(evidence, 0).status = 'delivered'
    },
  },
}

test.each(Object.entries(planted))('%s is found', (_name, { spoil, finds }) => {
  const evidence = createEvidence()
  spoil(evidence)
  expect(checkMail(evidence).map(({ kind }) => kind)).toContain(finds)
})

test('what its author took back in time reached nobody', () => {
  const evidence = createEvidence()
  Object.assign(evidence.letter, { takenBack: 'yes' })
  Object.assign(evidence.mail, { state: 'cancelled', deliveries: [], arrivals: [], counts: null })
  evidence.mail.entries.length = 1
  evidence.readings.length = 0
  expect(checkMail(evidence)).toEqual([])
})

/** The log against itself and against what was promised. */
import type { Facts } from './facts.ts'
import type { Ending, Record } from './record.ts'

export type Complain = (what: string) => void

export function checkLog(facts: Facts, record: Record, complain: Complain): void {
  for (const surprise of record.surprises) complain(surprise)
  checkStreams(facts, complain)
  checkJournal(facts, complain)
  checkMemberships(facts, complain)
  checkEdits(facts, record, complain)
  checkGroups(facts, record, complain)
}

/** L1: dense and in order. */
function checkStreams(facts: Facts, complain: Complain): void {
  for (const head of facts.tables.heads.values()) {
    const events = facts.events(head.stream)
    if (events.some((event, index) => event.sequence !== index + 1)) complain(`stream ${head.stream} is not dense`)
    if (events.some((event, index) => event.micros < (events[index - 1]?.micros ?? 0))) {
      complain(`time goes back in stream ${head.stream}`)
    }
    const created = events.filter(event => event.kind === 'message.created')
    const ordinals = created.map(event => facts.tables.messages.get(`${head.stream} ${event.sequence}`)?.ordinal)
    if (ordinals.some((ordinal, index) => ordinal !== index + 1)) complain(`ordinals of ${head.stream} are not dense`)
    if (head.sequence !== events.length || head.ordinal !== created.length) complain(`head of ${head.stream} is wrong`)
  }
}

/** L4: each writer's numbers are dense, and every event is named by exactly one row. */
function checkJournal(facts: Facts, complain: Complain): void {
  const commits = [...facts.tables.commits.values()]
  for (const [writer, rows] of Map.groupBy(commits, row => row.writer)) {
    const numbers = rows.map(row => row.number).sort((a, b) => a - b)
    if (numbers.some((number, index) => number !== index + 1)) complain(`the numbers of writer ${writer} are not dense`)
  }
  const moves = commits.flatMap(row => row.streams)
  for (const head of facts.tables.heads.values()) {
    const ranges = moves.filter(move => move.stream === head.stream).sort((a, b) => a.from - b.from)
    const joined = ranges.every((range, index) => range.from === (ranges[index - 1]?.to ?? 0))
    if (!joined || (ranges.at(-1)?.to ?? 0) !== head.sequence) complain(`the journal does not cover ${head.stream}`)
  }
}

/** The rows that decide sight are what the events say, in the conversation's stream and in the account's (L8). */
function checkMemberships(facts: Facts, complain: Complain): void {
  for (const account of facts.tables.accounts.values()) {
    const joined = new Set<number>()
    for (const { kind, target } of facts.events(account.id)) {
      if (kind === 'conversation.joined') joined.add(target ?? 0)
      if (kind === 'conversation.left') joined.delete(target ?? 0)
    }
    for (const id of facts.conversations) {
      const row = facts.tables.memberships.has(`${id} ${account.id}`)
      if (facts.isMember(id, account.id) !== row || joined.has(id) !== row) {
        complain(`the membership of ${account.id} in ${id} is not what its events say`)
      }
    }
  }
  for (const id of facts.conversations) {
    const { memberCount } = facts.tables.conversations.get(`${id}`) ?? {}
    if (facts.members(id).length !== memberCount) complain(`the member count of ${id} is wrong`)
  }
}

/** Endings that leave open what happened. A copy of a request that comes late may find one a member again. */
const open: readonly Ending[] = [
  'unknown',
  'unavailable',
  'not-found',
  // The first attempt may have been done before the session ended, and its answer lost.
  'unauthenticated',
  'token-expired',
  'session-ended',
]

function checkEdits(facts: Facts, record: Record, complain: Complain): void {
  const versions = [...facts.tables.versions.values()]
  for (const { conversationId, sequence, body, ending } of record.edited) {
    const message = facts.tables.messages.get(`${conversationId} ${sequence}`)
    const there = message?.body === body || versions.some(version => version.body === body)
    if (ending === 'done' && !there && message?.deletedMicros === null)
      complain(`an acknowledged edit is missing: ${body}`)
    if (ending !== 'done' && !open.includes(ending) && there) complain(`a refused edit appears (${ending}): ${body}`)
  }
}

/** A group is created once for each that was asked for and acknowledged. */
function checkGroups(facts: Facts, record: Record, complain: Complain): void {
  for (const account of facts.tables.accounts.values()) {
    const asked = record.groups.filter(group => group.accountId === account.id)
    const done = asked.filter(group => group.ending === 'done').length
    // `not-found`: the second attempt found that one had been removed from what the first had created.
    const undecided = asked.filter(group => open.includes(group.ending)).length
    const created = facts.conversations.filter(id => {
      const [first] = facts.events(id)
      return first?.actorId === account.id && facts.tables.conversations.get(`${id}`)?.kind === 'group'
    }).length
    const founded = account.role === 'administrator' ? record.founded : 0
    if (created < done + founded || created > done + undecided + founded) {
      complain(`${account.id} asked for ${done} groups (${undecided} open) and has ${created - founded}`)
    }
  }
}

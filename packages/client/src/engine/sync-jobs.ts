/** The single steps of catching up. Each asks for one page, so that jobs can take turns. */
import { type ConversationId, limits, type MemberPosition, type Problem } from '@recado/protocol'
import { type ConversationState, hasGap } from './model.ts'
import { loadServerPage } from './pages.ts'
import type { Parts } from './parts.ts'

/** `lost`: the connection ended, and with it the job. */
export type Settled =
  | 'done'
  | 'again'
  | { readonly result: unknown }
  | { readonly problem: Problem }
  | { readonly lost: true }
type Settle = (outcome: Settled) => void

const snapshotMessages = 50

export function pullConversation(parts: Parts, state: ConversationState, settle: Settle): void {
  const { core, conversations, follower, pages, sync } = parts
  if (!isCurrent(parts, state) || !hasGap(state)) {
    settle('done')
    return
  }
  pages.read({ stream: state.id, cursor: state.cursor, wanted: state.wanted }, outcome => {
    if ('lost' in outcome || !isCurrent(parts, state)) return settle('lost' in outcome ? outcome : 'done')
    if ('problem' in outcome) {
      if (outcome.problem.code === 'cursor-gone') sync.startOver(state.id, 'gone')
      if (outcome.problem.code === 'not-found') conversations.drop(state.id)
      return settle(outcome)
    }
    const { items, head, epoch } = outcome.result
    if (epoch !== core.model.epoch) return parts.reconnect()
    follower.apply(state, items)
    state.wanted = Math.max(state.wanted, head.sequence)
    settle(hasGap(state) ? progress(items.length) : 'done')
  })
}

export function pullOwn(parts: Parts, settle: Settle): void {
  const { core, follower, pages, sync } = parts
  const { own } = core.model
  if (!own || !hasGap(own)) {
    settle('done')
    return
  }
  pages.read({ stream: core.model.me, cursor: own.cursor, wanted: own.wanted }, outcome => {
    if ('lost' in outcome) return settle(outcome)
    if ('problem' in outcome) {
      if (outcome.problem.code === 'cursor-gone') sync.startOwnOver()
      return settle(outcome)
    }
    const { items, head, epoch } = outcome.result
    if (epoch !== core.model.epoch) return parts.reconnect()
    follower.applyOwn(items)
    own.wanted = Math.max(own.wanted, head.sequence)
    settle(hasGap(own) ? progress(items.length) : 'done')
  })
}

/** A reader that gives nothing although there is more is behind: ask again after a pause, not at once. */
function progress(events: number): Settled {
  return events > 0 ? 'again' : { problem: stalled }
}

const stalled: Problem = {
  type: 'urn:recado:problem:unavailable',
  title: 'The server gave no events.',
  status: 503,
  code: 'unavailable',
  retry: 'same',
}

interface ListPage {
  readonly next: string | null
  readonly seen: Set<ConversationId>
}

/** Every conversation, most recent first; those known here and not in the list are gone. */
export function listConversations(
  parts: Parts,
  { next, seen }: ListPage,
  settle: (outcome: Settled, next: string | null) => void,
): void {
  const { core, conversations } = parts
  const moment = conversations.moment
  core.send('conversation.list', { limit: limits.pageSize, ...(next !== null && { next }) }, outcome => {
    if (!('result' in outcome)) return settle(outcome, next)
    for (const conversation of outcome.result.items) {
      seen.add(conversation.id)
      conversations.adopt(conversation, moment)
    }
    settle(outcome.result.next === null ? 'done' : 'again', outcome.result.next)
  })
}

interface Restart {
  readonly id: ConversationId
  readonly history: 'same' | 'gone'
}

/** A snapshot with its last page instead of the events that lead to it. */
export function startOver(parts: Parts, { id, history }: Restart, settle: Settle): void {
  const { core, conversations } = parts
  core.send('conversation.get', { conversationId: id }, outcome => {
    if ('problem' in outcome && outcome.problem.code === 'not-found') conversations.drop(id)
    if (!('result' in outcome)) return settle(outcome)
    const state = conversations.startOver(outcome.result, history)
    loadServerPage(core, { state, place: { at: 'newest' }, limit: snapshotMessages }, () => settle('done'))
  })
}

/** Says which large conversations are looked at; what moved in a new one before the server knew is asked for (L11). */
export function watchPositions(
  parts: Parts,
  watched: ReadonlySet<ConversationState>,
  settle: (outcome: Settled, watched: ReadonlySet<ConversationState>) => void,
): void {
  const looked = parts.open.large()
  const fresh = looked.filter(state => !watched.has(state))
  if (fresh.length === 0 && looked.length === watched.size) {
    settle('done', watched)
    return
  }
  const conversationIds = looked.slice(-limits.positionWatches).map(state => state.id)
  parts.core.send('position.watch', { conversationIds }, outcome => {
    if (!('result' in outcome)) return settle(outcome, watched)
    for (const state of fresh) if (isCurrent(parts, state)) parts.sync.registers(state)
    settle(outcome, new Set(looked))
  })
}

/** Everybody's positions above what is known here; with nothing known, all of them. */
export function readRegisters(parts: Parts, state: ConversationState, settle: Settle): void {
  const above = state.positionsVersion ?? 0
  const items: MemberPosition[] = []
  // As of the first page: what changes in it while the others are read has a higher version.
  let version: number | undefined
  const ask = (next: string | null) => {
    const data = { conversationId: state.id, ...(above > 0 && { above }), ...(next !== null && { next }) }
    parts.core.send('position.list', data, outcome => {
      if (!('result' in outcome) || !isCurrent(parts, state)) return settle('result' in outcome ? 'done' : outcome)
      items.push(...outcome.result.items)
      version ??= outcome.result.version
      if (outcome.result.next !== null) return ask(outcome.result.next)
      parts.conversations.positions(state, items, version, 'complete')
      settle('done')
    })
  }
  ask(null)
}

/** Whether this is still the state of that conversation, and not one that was dropped or begun again. */
function isCurrent({ core }: Parts, state: ConversationState): boolean {
  return core.model.conversations.get(state.id) === state && state.membership === 'member'
}

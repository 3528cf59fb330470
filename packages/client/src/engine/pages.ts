/**
 * Pages of history, from the cache where it has them and else from the server. While a page is on its way events go on
 * being applied; those above the page's own moment are applied to it when it arrives, so it is as current as all else.
 */
import { createProblem, type Message, type OperationInput, type OperationOutput, type Problem } from '@recado/protocol'
import { type CachedPage, type PagePlace, readPage } from '../cache/restore.ts'
import type { Core } from './core.ts'
import { applyToList } from './messages.ts'
import type { ConversationState, Recording } from './model.ts'

export interface Page {
  readonly messages: Message[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
}
export type PageOutcome = { readonly page: Page } | { readonly problem: Problem }

export interface PageRequest {
  readonly state: ConversationState
  readonly place: PagePlace
  readonly limit: number
}

/**
 * From the cache; null if it holds nothing there. `use` runs in the same step in which the page is current: a promise
 * would leave room for an event in between.
 */
export async function loadCachedPage(core: Core, wanted: PageRequest, use: (page: Page | null) => void): Promise<void> {
  const { state, place, limit } = wanted
  const recording = startRecording(state)
  await core.writer.flushed()
  const page = await core.guard(core.writer.transact(cache => readPage(cache, state.id, place, limit)))
  state.recordings.delete(recording)
  use(page && recording.state === 'complete' ? current(page, place, recording) : null)
}

/** From the server, into the cache too where it joins what is stored there. `use` as above; called exactly once. */
export function loadServerPage(core: Core, wanted: PageRequest, use: (outcome: PageOutcome) => void): void {
  const { state } = wanted
  const recording = startRecording(state)
  const asked = core.send('message.list', requestOf(wanted), outcome => {
    state.recordings.delete(recording)
    if ('problem' in outcome) use({ problem: outcome.problem })
    else if ('lost' in outcome || outcome.result.epoch !== core.model.epoch) use(unreachable())
    else if (recording.state === 'overflowed') loadServerPage(core, wanted, use)
    else use({ page: accept(core, wanted, recording, outcome.result) })
  })
  if (asked) return
  state.recordings.delete(recording)
  use(unreachable())
}

function accept(core: Core, wanted: PageRequest, recording: Recording, result: OperationOutput<'message.list'>): Page {
  const { state, place } = wanted
  const { items, head, hasOlder, hasNewer } = result
  const page = current({ messages: items, asOf: head.sequence, hasOlder, hasNewer }, place, recording)
  const asOf = Math.max(head.sequence, state.cursor.sequence)
  if (place.at === 'newest' || place.at === 'before') {
    core.writer.add({
      kind: 'page',
      conversationId: state.id,
      messages: page.messages,
      from: hasOlder ? (page.messages[0]?.sequence ?? Number.MAX_SAFE_INTEGER) : 1,
      through: place.at === 'before' ? place.sequence - 1 : asOf,
      asOf,
      end: hasOlder ? 'more' : 'oldest',
    })
  }
  return page
}

function startRecording(state: ConversationState): Recording {
  const recording: Recording = { events: [], state: 'complete' }
  state.recordings.add(recording)
  return recording
}

function current(page: CachedPage, place: PagePlace, recording: Recording): Page {
  const messages = [...page.messages]
  const appends = page.hasNewer || place.at === 'before' ? 'only-known' : 'append'
  for (const event of recording.events) if (event.sequence > page.asOf) applyToList(messages, event, appends)
  return { messages, hasOlder: page.hasOlder, hasNewer: page.hasNewer }
}

function requestOf({ state, place, limit }: PageRequest): OperationInput<'message.list'> {
  const conversationId = state.id
  switch (place.at) {
    case 'newest':
      return { conversationId, limit }
    case 'before':
      return { conversationId, limit, before: place.sequence }
    case 'after':
      return { conversationId, limit, after: place.sequence }
    case 'around':
      return { conversationId, limit, around: place.sequence }
    case 'time':
      return { conversationId, limit, around: { time: place.time } }
  }
}

export function unreachable(): { readonly problem: Problem } {
  return { problem: createProblem('unavailable', { detail: 'There is no connection to the server.' }) }
}

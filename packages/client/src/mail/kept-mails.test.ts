import type { Account, Mail, MailEntry, MailHeader, MailId, SessionId } from '@recado/protocol'
import { expect, test } from 'vitest'
import { createMemoryCache } from '../cache/memory-cache.ts'
import type { Core } from '../engine/core.ts'
import { Model } from '../engine/model.ts'
import { Writer } from '../engine/writer.ts'
import { createSeededRandom } from '../testing/seeded-random.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import type { MailContext } from './context.ts'
import { Headers } from './headers.ts'
import { boundBodies, boundHeaders, keptHeaders } from './kept-mails.ts'
import { Knowledge } from './knowledge.ts'

function createCore(): Core {
  const model = new Model({ id: 1 } as Account, 1 as SessionId)
  model.epoch = 'epoch-1'
  model.own = { cursor: { epoch: 'epoch-1', sequence: 1, micros: 1 }, wanted: 1, ahead: new Map() }
  const nothing = () => undefined
  const owner = { stored: nothing, stale: nothing, gone: nothing, failed: async () => 0 }
  return {
    clock: new VirtualClock(),
    random: createSeededRandom(1),
    options: { windowMessages: 1, cachedMessages: 1, eventsPerPage: 1, receipts: 'delivered' },
    model,
    writer: new Writer(createMemoryCache(), 1, owner),
    online: () => false,
    send: () => false,
    upload: async () => 'later',
    changed: nothing,
    guard: work => work,
  }
}

function header(id: number): MailHeader {
  const at = new Date(id * 1_000).toISOString()
  return {
    id: id as MailId,
    statuses: null,
    entry: { version: id, at, labels: [] as string[] } as MailEntry,
  } as MailHeader
}

test('L10: the oldest mails go, here and in storage, and lists end where they went', async () => {
  const core = createCore()
  const headers = new Headers(core, () => undefined)
  const knowledge = new Knowledge(core)
  knowledge.begin()
  knowledge.extend('all', { at: null })
  knowledge.extend('recent', { at: header(9_000).entry.at })
  headers.learn(
    Array.from({ length: keptHeaders + 600 }, (_, index) => header(index + 1)),
    'new',
  )
  boundHeaders({ core, headers, knowledge } as MailContext)
  await core.writer.flushed()
  expect(headers.size).toBe(keptHeaders)
  expect([headers.get(600 as MailId), headers.get(601 as MailId)?.id]).toEqual([undefined, 601])
  expect(await core.writer.cache.read(['mailHeaders'], rows => rows.count('mailHeaders'))).toBe(keptHeaders)
  expect([knowledge.extent('all'), knowledge.extent('recent')]).toEqual([
    { at: header(600).entry.at },
    { at: header(9_000).entry.at },
  ])
  const stored = await core.writer.cache.read(['mailMeta'], rows => rows.get('mailMeta', 'mail'))
  expect(stored?.extents['all']).toEqual({ at: header(600).entry.at })
})

test('L10: the oldest bodies go', async () => {
  const core = createCore()
  await core.writer.transact(cache =>
    cache.write(['mailBodies'], async rows => {
      for (let id = 1; id <= 2_200; id++) await rows.put('mailBodies', id as MailId, { id } as Mail)
    }),
  )
  boundBodies({ core } as MailContext)
  await core.writer.flushed()
  const left = await core.writer.cache.read(['mailBodies'], rows => rows.list('mailBodies'))
  expect([left.length, left[0]?.id]).toEqual([2_000, 201])
})

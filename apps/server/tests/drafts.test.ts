/** M1: drafts on all devices, over the wire: two at once never lose a word, and nothing brings back what was sent. */
import { type DraftHeader, limits, type OperationInput, type StreamEvent } from '@recado/protocol'
import { createPeople, newKey, type Person, pastTheServer, startServer, type TestServer } from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../src/clock.ts'
import { createDraftPruner } from '../src/jobs/draft-pruner.ts'
import { to, write } from './mail-people.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

type Content = Partial<OperationInput<'draft.save'>>

const empty = { base: 0, to: [], cc: [], bcc: [], subject: '', html: '' }

function save(person: Person, draftId: string, content: Content = {}) {
  return person.call('draft.save', { ...empty, draftId, ...content })
}

async function attemptSave(person: Person, draftId: string, content: Content = {}) {
  const { status, body } = await person.attempt('draft.save', { ...empty, draftId, ...content })
  return status === 200 ? { version: body.version } : { code: body.code }
}

async function listed(person: Person): Promise<DraftHeader[]> {
  return (await person.call('draft.list', {})).items
}

async function eventsOf(person: Person): Promise<StreamEvent[]> {
  const cursor = { epoch: server.running.context.store.epoch, sequence: 0, micros: 0 }
  const { items } = await person.call('stream.read', { stream: person.id, cursor })
  return items.filter(event => event.kind.startsWith('draft.'))
}

describe('saving', () => {
  test('M1: a draft is whole on every device, and live', async () => {
    const [ana, bo] = await createPeople(server, 2)
    await using phone = await ana.connect()
    const draftId = newKey()
    const content = {
      to: [{ accountId: bo.id }, { typed: 'Caro' }],
      cc: [{ address: 'eva@example.org' }],
      bcc: [{ accountId: ana.id }],
      subject: 'Quay 4',
      html: '<p>The crane is <b>back</b>.</p>',
    }
    const { version } = await save(ana, draftId, content)
    const draft = await ana.call('draft.get', { draftId })
    expect(draft).toMatchObject({ ...content, id: draftId, version, preview: 'The crane is back.', inReplyTo: null })
    const { html: _, ...header } = draft
    expect(await listed(ana)).toEqual([header])
    await phone.until(() => phone.events(ana.id).some(event => event.kind === 'draft.changed'))
    const [told] = phone.events(ana.id).filter(event => event.kind === 'draft.changed')
    expect(told).toMatchObject({ sequence: version, data: { draftId, draft: header } })
  })

  test('M1: of two devices that write upon the same version exactly one wins, and the other is told', async () => {
    const [ana] = await createPeople(server, 1)
    const draftId = newKey()
    let { version } = await save(ana, draftId, { subject: 'start' })
    for (let round = 0; round < 10; round++) {
      const texts = ['phone', 'desk', 'tablet'].map(device => `${device} ${round}`)
      const answers = await Promise.all(texts.map(subject => attemptSave(ana, draftId, { base: version, subject })))
      const winners = answers.filter(answer => answer.code === undefined)
      expect(winners.length).toBe(1)
      expect(answers.filter(answer => answer.code === 'draft-changed').length).toBe(2)
      version = winners[0]?.version
      const draft = await ana.call('draft.get', { draftId })
      expect([draft.version, draft.subject]).toEqual([version, texts[answers.findIndex(a => a.code === undefined)]])
    }
  })

  test('M1: no word is lost when each that is refused reads, puts both together and saves again', async () => {
    const [ana] = await createPeople(server, 1)
    const draftId = newKey()
    await save(ana, draftId)
    const words = Array.from({ length: 24 }, (_, index) => `word${index}`)
    const add = async (word: string) => {
      for (;;) {
        const { version, subject } = await ana.call('draft.get', { draftId })
        const answer = await attemptSave(ana, draftId, { base: version, subject: `${subject} ${word}` })
        if (answer.code === undefined) return
        expect(answer.code).toBe('draft-changed')
      }
    }
    const devices = [0, 1, 2].map(async device => {
      for (const word of words.filter((_, index) => index % 3 === device)) await add(word)
    })
    await Promise.all(devices)
    const { subject } = await ana.call('draft.get', { draftId })
    expect(subject.trim().split(' ').sort()).toEqual([...words].sort())
  })

  test('L3: the same content is the same version, however often and upon whatever it is saved', async () => {
    const [ana] = await createPeople(server, 1)
    const draftId = newKey()
    const content = { subject: 'one', html: '<p onclick="x()">word</p><script>x()</script>' }
    const answers = await Promise.all(Array.from({ length: 10 }, () => save(ana, draftId, content)))
    expect(new Set(answers.map(answer => answer.version)).size).toBe(1)
    const { version, html } = await ana.call('draft.get', { draftId })
    expect(html).toBe('<p>word</p>')
    expect(await save(ana, draftId, { ...content, base: version })).toEqual({ version })
    // What was read and is saved as it was is the same too, though it was cleaned.
    expect(await save(ana, draftId, { ...content, html, base: version })).toEqual({ version })
    expect((await eventsOf(ana)).length).toBe(1)
  })

  test('bounds: so many drafts, and a list of any number of pages', async () => {
    const [ana] = await createPeople(server, 1)
    const kept = limits.draftsPerAccount - 1
    await pastTheServer(server, client =>
      client.query(
        `insert into drafts (account_id, draft_id, number, version, fingerprint, recipients, subject, html, preview, updated_micros)
         select $1, 'old-' || n, -n, -n, '', '{"to":[],"cc":[],"bcc":[]}', 'old', '', '', 0 from generate_series(1, $2::bigint) n`,
        [ana.id, kept],
      ),
    )
    const { version } = await save(ana, 'last')
    expect(await attemptSave(ana, 'more')).toEqual({ code: 'limit-reached' })
    expect(await attemptSave(ana, 'last', { base: version, subject: 'goes on' })).toMatchObject({
      version: version + 1,
    })
    await ana.call('draft.delete', { draftId: 'old-1' })
    expect(await attemptSave(ana, 'more')).toMatchObject({ version: version + 3 })
    await pastTheServer(server, client =>
      client.query(`update drafts set version = number + 100000 where account_id = $1 and number < 0`, [ana.id]),
    )
    const seen: string[] = []
    for (let next: string | undefined; ; ) {
      const page = await ana.call('draft.list', next === undefined ? { limit: 99 } : { next, limit: 99 })
      seen.push(...page.items.map(draft => draft.id))
      if (page.next === null) break
      next = page.next
    }
    expect([seen.length, new Set(seen).size]).toEqual([limits.draftsPerAccount, limits.draftsPerAccount])
  })

  test('lists show the first recipients, and all of them are there', async () => {
    const [ana] = await createPeople(server, 1)
    const many = Array.from({ length: 200 }, (_, index) => ({ typed: `person ${index}` }))
    await save(ana, 'many', { to: many, cc: many, bcc: many })
    const [header] = await listed(ana)
    expect([header?.to.length, header?.bcc.length]).toEqual([limits.recipientsInLists, limits.recipientsInLists])
    expect((await ana.call('draft.get', { draftId: 'many' })).cc).toEqual(many)
    expect(await attemptSave(ana, 'more', { to: [...many, { typed: 'x' }] })).toEqual({ code: 'invalid-input' })
  })
})

describe('an end', () => {
  test('a draft that was discarded stays gone, whoever saves late; nobody discards what they have not seen', async () => {
    const [ana] = await createPeople(server, 1)
    const draftId = newKey()
    const { version } = await save(ana, draftId, { subject: 'one' })
    const newer = await save(ana, draftId, { base: version, subject: 'two' })
    const early = await ana.attempt('draft.delete', { draftId, base: version })
    expect([early.status, early.body.code]).toEqual([409, 'draft-changed'])
    for (const _ of [1, 2]) await ana.call('draft.delete', { draftId, base: newer.version })
    expect(await attemptSave(ana, draftId, { base: newer.version, subject: 'late' })).toEqual({ code: 'draft-gone' })
    expect(await attemptSave(ana, draftId, { subject: 'late' })).toEqual({ code: 'draft-gone' })
    expect(await attemptSave(ana, draftId, { base: newer.version, subject: 'two' })).toEqual({ code: 'draft-gone' })
    expect((await ana.attempt('draft.get', { draftId })).body.code).toBe('not-found')
    expect(await listed(ana)).toEqual([])
    // One that was never here cannot have been changed.
    expect(await attemptSave(ana, newKey(), { base: 7, subject: 'of another history' })).toEqual({ code: 'draft-gone' })
  })

  test('a save that comes after the discarding of what was never saved is refused', async () => {
    const [ana] = await createPeople(server, 1)
    await ana.call('draft.delete', { draftId: 'a' })
    expect(await attemptSave(ana, 'a', { subject: 'late' })).toEqual({ code: 'draft-gone' })
    expect(await eventsOf(ana)).toEqual([])
  })

  test('M1: sending deletes the draft in the same transaction, or does neither', async () => {
    const [ana, bo] = await createPeople(server, 2)
    await using phone = await ana.connect()
    await save(ana, 'a', { subject: 'Quay 4' })
    const nobody = [{ accountId: 999_999_999 as Person['id'] }]
    await expect(write(ana, { to: nobody, draftId: 'a' })).rejects.toMatchObject({ code: 'unknown-recipient' })
    expect((await listed(ana)).map(draft => draft.id)).toEqual(['a'])
    const letter = { clientMessageId: newKey(), to: to(bo), draftId: 'a' }
    const sent = await write(ana, letter)
    expect((await write(ana, letter)).id).toBe(sent.id)
    expect(await listed(ana)).toEqual([])
    expect(await attemptSave(ana, 'a', { subject: 'late' })).toEqual({ code: 'draft-gone' })
    await phone.until(() => phone.events(ana.id).some(event => event.kind === 'draft.deleted'))
    const told = phone.events(ana.id).map(({ kind }) => kind)
    expect(told.slice(-3)).toEqual(['draft.changed', 'mail.composed', 'draft.deleted'])
    // A draft that only its device knows is sent all the same, and its save that is on the way is refused.
    await write(ana, { to: to(bo), draftId: 'b' })
    expect(await attemptSave(ana, 'b')).toEqual({ code: 'draft-gone' })
  })

  test('M1: a draft that was changed since the version that is sent stays', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const { version } = await save(ana, 'c', { html: '<p>Dear all</p>' })
    await save(ana, 'c', { base: version, html: '<p>Dear all, and Bea</p>' })
    const letter = { clientMessageId: newKey(), to: to(bo), draftId: 'c', draftVersion: version }
    const sent = await write(ana, letter)
    expect((await write(ana, letter)).id).toBe(sent.id)
    expect((await ana.call('draft.get', { draftId: 'c' })).html).toBe('<p>Dear all, and Bea</p>')
    const [draft] = await listed(ana)
    await write(ana, { to: to(bo), draftId: 'c', draftVersion: draft?.version ?? 0 })
    expect(await listed(ana)).toEqual([])
    // Saved by whoever sends it, who has not heard so yet.
    await save(ana, 'd', { html: '<p>Dear all</p>' })
    const mail = { clientMessageId: newKey(), to: to(bo), subject: 'Quay 4', html: '<p>Dear all</p>' }
    await ana.call('mail.send', { ...mail, draftId: 'd', draftVersion: 0 })
    expect(await listed(ana)).toEqual([])
  })

  test('of a save and a send at once, whichever is first, the draft is gone after both', async () => {
    const [ana, bo] = await createPeople(server, 2)
    for (let round = 0; round < 10; round++) {
      const draftId = `round-${round}`
      const { version } = await save(ana, draftId, { subject: 'one' })
      const [late] = await Promise.all([
        attemptSave(ana, draftId, { base: version, subject: 'two' }),
        write(ana, { to: to(bo), draftId }),
      ])
      expect([undefined, 'draft-gone']).toContain(late.code)
    }
    expect(await listed(ana)).toEqual([])
  })
})

test('L8: a draft is nobody else’s to read, change, discard or send, under the same id or any other', async () => {
  const [ana, eve] = await createPeople(server, 2)
  await using watching = await eve.connect()
  const { version } = await save(ana, 'shared-id', { subject: 'a secret', html: '<p>a secret</p>' })
  const before = await ana.call('draft.get', { draftId: 'shared-id' })
  expect((await eve.attempt('draft.get', { draftId: 'shared-id' })).body.code).toBe('not-found')
  expect(await attemptSave(eve, 'shared-id', { base: version })).toEqual({ code: 'draft-gone' })
  await save(eve, 'shared-id', { subject: 'Eve’s' })
  await eve.call('draft.delete', { draftId: 'shared-id' })
  await write(eve, { to: to(eve), draftId: 'shared-id' })
  expect(await listed(eve)).toEqual([])
  expect(await ana.call('draft.get', { draftId: 'shared-id' })).toEqual(before)
  const cursor = { epoch: server.running.context.store.epoch, sequence: 0, micros: 0 }
  expect((await eve.attempt('stream.read', { stream: ana.id, cursor })).body.code).toBe('not-found')
  expect(JSON.stringify(watching.events(eve.id))).not.toContain('a secret')
})

test('L5, L12: replay equals refetch after every operation on drafts', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const check = async () => {
    const known = new Map<string, DraftHeader>()
    for (const { kind, data } of await eventsOf(ana)) {
      if (kind === 'draft.deleted' || (kind === 'draft.changed' && data.draft === null)) known.delete(data.draftId)
      else if (kind === 'draft.changed' && data.draft !== null) known.set(data.draftId, data.draft)
    }
    expect([...known.values()].sort((a, b) => b.version - a.version)).toEqual(await listed(ana))
  }
  const { version } = await save(ana, 'a', { subject: 'one' })
  await check()
  await save(ana, 'b', { to: to(bo), html: '<p>two</p>' })
  await check()
  await save(ana, 'a', { base: version, subject: 'one and a half' })
  await check()
  await ana.call('draft.delete', { draftId: 'b' })
  await check()
  await write(ana, { to: to(bo), draftId: 'a' })
  await check()
})

test('what is left of a draft is forgotten after long: no save brings it back, and its events are void', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const { version } = await save(ana, 'discarded', { subject: 'one' })
  await ana.call('draft.delete', { draftId: 'discarded' })
  const sent = await save(ana, 'sent', { to: to(bo) })
  await write(ana, { to: to(bo), draftId: 'sent' })
  const kept = await save(ana, 'kept', { subject: 'kept' })
  await pastTheServer(server, client =>
    client.query(`update drafts set updated_micros = 0 where account_id = $1`, [ana.id]),
  )
  const { store, logger } = server.running.context
  const due = Promise.withResolvers<() => void>()
  const clock = {
    ...systemClock,
    setTimer: (_afterMs: number, callback: () => void) => {
      due.resolve(callback)
      return () => undefined
    },
  }
  {
    await using pruner = createDraftPruner({ store, clock, logger })
    ;(await due.promise)()
    void pruner
  }
  const rows = await pastTheServer(server, client =>
    client.query(`select draft_id from drafts where account_id = $1`, [ana.id]),
  )
  expect(rows.rows).toEqual([{ draft_id: 'kept' }])
  for (const [draftId, base] of [
    ['discarded', version],
    ['sent', sent.version],
  ] as const) {
    expect((await attemptSave(ana, draftId, { base, subject: 'late' })).code).toBe('draft-gone')
  }
  expect(await eventsOf(ana)).toMatchObject([{ sequence: kept.version, data: { draftId: 'kept' } }])
  const cursor = { epoch: store.epoch, sequence: 0, micros: 0 }
  const { items: events } = await ana.call('stream.read', { stream: ana.id, cursor })
  expect(events.filter(event => event.kind === 'void')).toHaveLength(4)
  expect(events.map(event => event.sequence)).toEqual(events.map((_, index) => index + 1))
  expect((await listed(ana)).map(draft => draft.id)).toEqual(['kept'])
})

test('hostile: a body of any form is cleaned or refused, never an error, and never kept as it came', async () => {
  const [ana] = await createPeople(server, 1)
  const bodies = [
    '<script>x()</script>',
    '<svg onload=x()>',
    '<p>'.repeat(20_000),
    '<a href="javascript:x()">y</a>',
    '<',
  ]
  for (const [index, html] of bodies.entries()) {
    const answer = await attemptSave(ana, `hostile-${index}`, { html })
    expect([undefined, 'invalid-input']).toContain(answer.code)
    if (answer.code !== undefined) continue
    const draft = await ana.call('draft.get', { draftId: `hostile-${index}` })
    expect(draft.html).not.toMatch(/script|onload|<svg/i)
  }
  for (const draftId of ['', 'a b', 'ü', 'x'.repeat(65)]) {
    expect(await attemptSave(ana, draftId)).toEqual({ code: 'invalid-input' })
  }
})

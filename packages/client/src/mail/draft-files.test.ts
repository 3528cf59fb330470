/** M1: files of drafts against a real server: they go up when they are chosen, and are in the draft on every device. */
import { randomBytes } from 'node:crypto'
import { limits, type MediaId } from '@recado/protocol'
import { startServer, type TestServer } from '@recado/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTransport } from '../adapters/http-transport.ts'
import { createMemorySessions } from '../adapters/in-process.ts'
import { createMemoryCaches } from '../cache/memory-cache.ts'
import type { Client } from '../client-api.ts'
import { createNodeClient } from '../node.ts'
import type { Ports, Transport } from '../ports.ts'
import { draftOf, person } from '../testing/mail-world.ts'
import type { DraftAttachment, DraftContent, DraftHandle } from './mail-api.ts'
import { mergeDrafts } from './merge-drafts.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ env: { RECADO_MEDIA_FILE_MB: '2' } })
})
afterAll(() => server[Symbol.asyncDispose]())

const patience = { timeout: 60_000, interval: 20 }
const limit = { timeout: 300_000 }
let people = 0

type Media = NonNullable<Transport['media']>

/** What happens to requests for files; they can be held up or cut off. */
class Line {
  state: 'up' | 'down' | 'held' = 'up'
  readonly seen: string[] = []
  #free: (() => void)[] = []

  readonly media = async (ask: Media, ...[path, request]: Parameters<Media>): Promise<Response> => {
    this.seen.push(request.method ?? '')
    if (this.state === 'down') throw new Error('no network for files')
    if (this.state === 'held' && request.method === 'PATCH') {
      await new Promise<void>((resolve, reject) => {
        this.#free.push(resolve)
        request.signal?.addEventListener('abort', () => reject(new Error('ended')))
      })
    }
    return await ask(path, request)
  }

  up(): void {
    this.state = 'up'
    for (const go of this.#free.splice(0)) go()
  }
}

function start(line = new Line(), kept: Partial<Ports> = {}): Client {
  const transport = createTransport(server.url)
  const ask = transport.media as Media
  const media = (...request: Parameters<Media>) => line.media(ask, ...request)
  return createNodeClient({ url: server.url, ports: { ...kept, transport: { ...transport, media } } })
}

interface Two {
  readonly one: Client
  readonly other: Client
  readonly line: Line
}

/** One account on two devices; files of the first pass through its line. */
async function twoDevices(): Promise<Two & AsyncDisposable> {
  people += 1
  const credentials = { username: `writer${people}`, password: 'correct horse' }
  const line = new Line()
  const [one, other] = [start(line), start()]
  await one.signUp({ ...credentials, displayName: 'Writer' })
  await other.signIn({ login: credentials.username, password: credentials.password })
  for (const client of [one, other]) await client.caughtUp()
  const close = async () => {
    await one.close()
    await other.close()
  }
  return { one, other, line, [Symbol.asyncDispose]: close }
}

function local(id: string, bytes: number, name = `${id}.bin`): DraftAttachment {
  return { id, name, blob: new Blob([randomBytes(bytes)]) }
}

function filesOf(draft: DraftHandle): readonly DraftAttachment[] {
  return draft.getSnapshot().content?.attachments ?? []
}

function namesOf(draft: DraftHandle): string[] {
  return filesOf(draft).map(file => ('mediaId' in file ? file.name : `${file.name} (here)`))
}

/** Writes upon what is shown. */
function change(draft: DraftHandle, part: Partial<DraftContent>): void {
  const { content } = draft.getSnapshot()
  draft.save({ ...(content ?? draftOf('<p>With files</p>')), ...part }, content)
}

function add(draft: DraftHandle, ...added: readonly DraftAttachment[]): void {
  change(draft, { attachments: [...filesOf(draft), ...added] })
}

async function allSaved(...drafts: readonly DraftHandle[]): Promise<void> {
  await vi.waitFor(
    () => expect(drafts.map(draft => draft.getSnapshot().state)).toEqual(drafts.map(() => 'saved')),
    patience,
  )
}

function onServer(client: Client): Promise<string[]> {
  return client.call('draft.get', { draftId: 'd' }).then(draft => draft.attachments.map(file => file.name))
}

test('a file goes up when it is chosen; the other device has it, sends it, takes it out', limit, async () => {
  await using two = await twoDevices()
  const [one, other] = [(await two.one.mail()).draft('d'), (await two.other.mail()).draft('d')]
  add(one, local('a', 300_000), local('b', 5))
  expect(one.getSnapshot().uploads).toEqual([
    { id: 'a', uploaded: 0, problem: null },
    { id: 'b', uploaded: 0, problem: null },
  ])
  expect(one.getSnapshot().state).not.toBe('saved')
  await vi.waitFor(() => expect(namesOf(other)).toEqual(['a.bin', 'b.bin']), patience)
  await allSaved(one, other)
  expect(filesOf(other)).toMatchObject([{ size: 300_000, type: 'application/octet-stream' }, { size: 5 }])
  // What the server has is kept here no more.
  expect(filesOf(one).map(file => file.blob)).toEqual([undefined, undefined])
  expect(one.getSnapshot().uploads).toEqual([])
  change(other, { attachments: filesOf(other).slice(1) })
  await vi.waitFor(() => expect(namesOf(one)).toEqual(['b.bin']), patience)
  await allSaved(one, other)
  const me = two.other.getSnapshot().me?.id ?? 0
  const mail = await two.other.mail()
  await mail.send({
    to: [person(me)],
    subject: 'b',
    body: { html: '<p>With files</p>' },
    draftId: 'd',
    attachments: filesOf(other),
  })
  await vi.waitFor(() => expect(one.getSnapshot().state).toBe('gone'), patience)
  const { items } = await two.one.call('mailbox.list', { folder: 'sent' })
  expect(items).toMatchObject([{ subject: 'b', attachmentCount: 1 }])
})

test('files added on two devices at once are both in it; one taken out while it goes up is gone', limit, async () => {
  await using two = await twoDevices()
  const [one, other] = [(await two.one.mail()).draft('d'), (await two.other.mail()).draft('d')]
  add(one, local('first', 9))
  await vi.waitFor(() => expect(namesOf(other)).toEqual(['first.bin']), patience)
  two.line.state = 'held'
  add(one, local('here', 90_000), local('unwanted', 9))
  add(other, local('there', 9))
  await vi.waitFor(() => expect(namesOf(one)).toContain('there.bin'), patience)
  change(one, { attachments: filesOf(one).filter(file => file.name !== 'unwanted.bin'), subject: 'Written meanwhile' })
  change(other, { attachments: filesOf(other).filter(file => file.name !== 'first.bin') })
  two.line.up()
  await vi.waitFor(async () => expect((await onServer(two.one)).sort()).toEqual(['here.bin', 'there.bin']), patience)
  for (const draft of [one, other]) {
    await vi.waitFor(() => expect(namesOf(draft).sort()).toEqual(['here.bin', 'there.bin']), patience)
  }
  await allSaved(one, other)
  for (const draft of [one, other]) {
    expect(draft.getSnapshot()).toMatchObject({ content: { subject: 'Written meanwhile' }, copyId: null })
  }
})

test(
  'what is chosen without a network goes up later, also after a restart and after the sign-in ended',
  limit,
  async () => {
    const line = new Line()
    const kept = { caches: createMemoryCaches(), sessions: createMemorySessions() }
    const first = start(line, kept)
    people += 1
    const credentials = { username: `writer${people}`, password: 'correct horse' }
    await first.signUp({ ...credentials, displayName: 'Writer' })
    await first.caughtUp()
    line.state = 'down'
    const draft = (await first.mail()).draft('d')
    add(draft, local('a', 70_000))
    await vi.waitFor(() => expect(line.seen).toContain('POST'), patience)
    await vi.waitFor(async () => expect(await onServer(first)).toEqual([]), patience)
    expect(draft.getSnapshot().state).not.toBe('saved')
    await first.close()
    const second = start(line, kept)
    await second.resumeSession()
    expect(namesOf((await second.mail()).draft('d'))).toEqual(['a.bin (here)'])
    expect(await second.signOut()).toEqual({ signedOut: true })
    await second.signIn({ login: credentials.username, password: credentials.password })
    const again = (await second.mail()).draft('d')
    expect(namesOf(again)).toEqual(['a.bin (here)'])
    line.up()
    await vi.waitFor(async () => expect(await onServer(second)).toEqual(['a.bin']), patience)
    await allSaved(again)
    await second.close()
  },
)

test('a program that ends while a file goes up goes on with it at the next start', limit, async () => {
  const line = new Line()
  const kept = { caches: createMemoryCaches(), sessions: createMemorySessions() }
  const first = start(line, kept)
  people += 1
  await first.signUp({ username: `writer${people}`, password: 'correct horse', displayName: 'Writer' })
  await first.caughtUp()
  line.state = 'held'
  add((await first.mail()).draft('d'), local('a', 70_000))
  await vi.waitFor(() => expect(line.seen).toContain('PATCH'), patience)
  // What was given to storage before this is there.
  await first.countKept()
  await first.close()
  line.up()
  await using second = start(line, kept)
  await second.resumeSession()
  const draft = (await second.mail()).draft('d')
  await vi.waitFor(async () => expect(await onServer(second)).toEqual(['a.bin']), patience)
  await allSaved(draft)
  expect(line.seen.filter(method => method === 'POST')).toHaveLength(1)
  expect(line.seen).toContain('HEAD')
})

test('sent while its file goes up, the mail brings it; taken back, the draft has it still', limit, async () => {
  await using two = await twoDevices()
  const mail = await two.one.mail()
  const draft = mail.draft('d')
  two.line.state = 'held'
  add(draft, local('a', 100_000), local('b', 9))
  await vi.waitFor(() => expect(two.line.seen).toContain('PATCH'), patience)
  const letter = () => ({ ...letterOf(two.one), draftId: 'd', attachments: filesOf(draft) })
  const entryId = await mail.send(letter())
  expect(await mail.takeBack({ entryId })).toBe(true)
  expect(namesOf(draft)).toEqual(['a.bin (here)', 'b.bin (here)'])
  await mail.send(letter())
  two.line.up()
  await vi.waitFor(() => expect(mail.getSnapshot().outbox).toEqual([]), patience)
  await vi.waitFor(() => expect(draft.getSnapshot().state).toBe('gone'), patience)
  const { items } = await two.one.call('mailbox.list', { folder: 'sent' })
  expect(items).toMatchObject([{ attachmentCount: 2 }])
  expect((await two.one.call('draft.list', {})).items).toEqual([])
})

function letterOf(client: Client) {
  return { to: [person(client.getSnapshot().me?.id ?? 0)], subject: 'Letter', body: { html: '<p>With files</p>' } }
}

test('discarded while its file goes up, its upload is given up', limit, async () => {
  await using two = await twoDevices()
  const draft = (await two.one.mail()).draft('d')
  two.line.state = 'held'
  add(draft, local('a', 100_000))
  await vi.waitFor(() => expect(two.line.seen).toContain('PATCH'), patience)
  await draft.discard()
  await vi.waitFor(() => expect(two.line.seen).toContain('DELETE'), patience)
  expect(draft.getSnapshot().state).toBe('gone')
})

test('a file that cannot go up says why and stays; the rest of the draft is on every device', limit, async () => {
  await using two = await twoDevices()
  const [one, other] = [(await two.one.mail()).draft('d'), (await two.other.mail()).draft('d')]
  const broken = { id: 'broken', name: 'a.png', blob: new Blob([Buffer.from('89504e470d0a1a0a', 'hex')]) }
  add(one, local('large', 2_100_000), broken, local('fine', 9))
  await vi.waitFor(() => {
    const problems = one.getSnapshot().uploads.map(({ id, problem }) => [id, problem?.code])
    expect(problems).toEqual([
      ['large', 'too-large'],
      ['broken', 'attachment-unavailable'],
    ])
  }, patience)
  await vi.waitFor(() => expect(namesOf(other)).toEqual(['fine.bin']), patience)
  expect(one.getSnapshot().state).toBe('kept')
  change(one, { attachments: filesOf(one).filter(file => file.name === 'fine.bin') })
  await allSaved(one)
  expect(one.getSnapshot().uploads).toEqual([])
})

test('what the server has thrown away meanwhile goes up again', limit, async () => {
  await using two = await twoDevices()
  const mail = await two.one.mail()
  const id = '0'.repeat(22) as MediaId
  const blob = new Blob(['Not lost'])
  mail.draft('d').save(
    draftOf('<p>Old</p>', {
      attachments: [
        { mediaId: id, name: 'kept.txt', size: 8, type: 'text/plain', id: 'kept', blob },
        { mediaId: '1'.repeat(22) as MediaId, name: 'lost.txt', size: 8, type: 'text/plain' },
      ],
    }),
  )
  await vi.waitFor(async () => expect(await onServer(two.one)).toEqual(['kept.txt']), patience)
  await vi.waitFor(() => expect(namesOf(mail.draft('d')).sort()).toEqual(['kept.txt', 'lost.txt (here)']), patience)
  expect(mail.draft('d').getSnapshot().uploads).toMatchObject([{ problem: { code: 'attachment-unavailable' } }])
})

test('merged are files by what they are, before and after they are on the server, and as many as a mail takes', () => {
  const here = (id: string): DraftAttachment => ({ id, name: id, blob: new Blob([id]) })
  const there = (media: string, id?: string): DraftAttachment => {
    const file = { mediaId: media as MediaId, name: media, size: 1, type: 'text/plain' }
    return id === undefined ? file : { ...file, id }
  }
  const merge = (base: DraftAttachment[], mine: DraftAttachment[], theirs: DraftAttachment[]) => {
    const of = (attachments: DraftAttachment[]) => draftOf('', { attachments })
    return mergeDrafts({ base: of(base), mine: of(mine), theirs: of(theirs) })?.attachments
  }
  expect(merge([here('x')], [here('x'), here('y')], [there('m', 'x')])).toEqual([there('m', 'x'), here('y')])
  expect(merge([here('x')], [], [there('m', 'x')])).toEqual([])
  expect(merge([there('m', 'x')], [], [there('m')])).toEqual([])
  expect(merge([there('m')], [there('m'), here('x')], [there('n')])).toEqual([here('x'), there('n')])
  expect(merge([], [{ ...here('x'), name: 'same' }], [{ ...here('y'), name: 'same' }])).toHaveLength(2)
  const many = (from: string) => Array.from({ length: limits.attachmentsPerMail - 5 }, (_, at) => there(`${from}${at}`))
  expect(merge([], many('a'), many('b'))).toBe(undefined)
})

/** C8: files on messages: sent, seen, forwarded, deleted, and served only to who may see a message that they hang on. */
import { type Attachment, type ConversationId, limits, type MediaId } from '@recado/protocol'
import {
  createGroup,
  createPeople,
  newKey,
  openDirect,
  type Person,
  postOperation,
  requestMedia,
  startServer,
  type TestServer,
  uploadFile,
  uploadReady,
} from '@recado/testkit'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const text = Buffer.from('The road goes ever on and on.')
const send = (person: Person, conversationId: ConversationId, attachments: readonly MediaId[], more: object = {}) =>
  person.call('message.send', {
    conversationId,
    clientMessageId: newKey(),
    body: '',
    attachments: [...attachments],
    ...more,
  })

async function picture(width = 900, height = 600, background = '#246'): Promise<Uint8Array> {
  return await sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer()
}

const fetchFile = (person: Person, { id }: Pick<Attachment, 'id'>, variant = 'original') =>
  requestMedia(person, `${id}/${variant}`)

describe('a message with files', () => {
  test('arrives with them, live, in history and in a replay alike; its body may be empty', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    await using socket = await bo.connect()
    const files = [await uploadReady(ana, 'quay.jpg', await picture()), await uploadReady(ana, 'road.txt', text)]
    const { sequence } = await send(
      ana,
      direct,
      files.map(({ id }) => id),
    )
    await socket.until(() => socket.sequences(direct).includes(sequence))
    const [live] = socket
      .events(direct)
      .flatMap(event => (event.kind === 'message.created' ? [event.data.message] : []))
    const { items, epoch } = await bo.call('message.list', { conversationId: direct })
    const cursor = { epoch, sequence: 0, micros: 0 }
    const replay = (await bo.call('stream.read', { stream: direct, cursor })).items.find(
      item => item.sequence === sequence,
    )
    expect(live).toMatchObject({ body: '', attachments: files })
    expect(items.at(-1)).toEqual(live)
    expect(replay?.kind === 'message.created' && replay.data.message).toEqual(live)
    expect(files[0]).toMatchObject({ type: 'image/jpeg', width: 900, height: 600, placeholder: expect.any(String) })
  })

  test('is refused without a body and files, and with too many', async () => {
    const [ana] = await createPeople(server, 1)
    const group = await createGroup(ana, [])
    const file = await uploadReady(ana, 'a.txt', text)
    const attempt = (data: object) =>
      ana.attempt('message.send', { conversationId: group, clientMessageId: newKey(), ...data })
    expect((await attempt({ body: '' })).body.code).toBe('invalid-input')
    expect((await attempt({ body: '', attachments: [] })).body.code).toBe('invalid-input')
    expect((await attempt({ body: '', attachments: [file.id, file.id] })).body.code).toBe('invalid-input')
    const many = Array.from(
      { length: limits.attachmentsPerMessage + 1 },
      (_, index) => `${'a'.repeat(20)}${10 + index}`,
    )
    expect((await attempt({ body: '', attachments: many })).body.code).toBe('invalid-input')
    expect((await attempt({ body: '', attachments: [file.id] })).status).toBe(200)
  })

  test('is refused with somebody else’s file, one that was refused, and one that is not there; nothing is written', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const refused = await uploadFile(ana, 'a.png', Buffer.from('89504e470d0a1a0a', 'hex'))
    const others = await uploadReady(bo, 'a.txt', text)
    const before = await ana.call('conversation.get', { conversationId: direct })
    for (const id of [refused.id, others.id, 'AAAAAAAAAAAAAAAAAAAAAA']) {
      const data = { conversationId: direct, clientMessageId: newKey(), body: 'x', attachments: [id] }
      const { status, body } = await ana.attempt('message.send', data)
      expect([status, body.code]).toEqual([409, 'attachment-unavailable'])
    }
    expect((await ana.call('conversation.get', { conversationId: direct })).head).toEqual(before.head)
    await send(bo, direct, [others.id])
  })

  test('L3: a retry gets the first result, also once its files are gone; with other files the key is another’s', async () => {
    const [ana] = await createPeople(server, 1)
    const group = await createGroup(ana, [])
    const [one, two] = [await uploadReady(ana, 'a.txt', text), await uploadReady(ana, 'b.txt', text)]
    const again = { clientMessageId: newKey() }
    const first = await send(ana, group, [one.id], again)
    expect(await send(ana, group, [one.id], again)).toEqual(first)
    await ana.call('message.delete', { conversationId: group, sequence: first.sequence, key: newKey() })
    const { store } = server.running.context
    const contents = { remove: async () => undefined }
    const collect = (nowMicros: number) => store.media.collect({ nowMicros, doomedMs: 0, contents })
    while (await collect(Date.now() * 1_000));
    expect(await store.media.find(one.id)).toBe(null)
    expect(await send(ana, group, [one.id], again)).toEqual(first)
    const other = { conversationId: group, body: '', attachments: [two.id], ...again }
    expect((await ana.attempt('message.send', other)).body.code).toBe('key-reused')
  })

  test('forwarded, it brings its files; deleting the original leaves them', async () => {
    const [ana, bo, cleo] = await createPeople(server, 3)
    const [direct, elsewhere] = [await openDirect(ana, bo), await openDirect(bo, cleo)]
    const file = await uploadReady(ana, 'a.txt', text)
    const { sequence } = await send(ana, direct, [file.id])
    expect((await fetchFile(cleo, file)).status).toBe(404)
    const from = { conversationId: direct, sequence }
    const forwarded = await bo.call('message.forward', { conversationId: elsewhere, clientMessageId: newKey(), from })
    await ana.call('message.delete', { conversationId: direct, sequence, key: newKey() })
    const { items } = await cleo.call('message.list', { conversationId: elsewhere })
    expect(items.at(-1)).toMatchObject({ sequence: forwarded.sequence, forwardedFrom: ana.id, attachments: [file] })
    expect(await (await fetchFile(cleo, file)).text()).toBe(text.toString())
    expect((await fetchFile(ana, file)).status).toBe(404)
  })
})

describe('L8: a file is served', () => {
  test('to who may see its message, and to nobody else: not its owner before it is sent, nor strangers, nor who was removed', async () => {
    const [ana, bo, stranger] = await createPeople(server, 3)
    const group = await createGroup(ana, [bo])
    const file = await uploadReady(ana, 'a.txt', text)
    expect((await fetchFile(ana, file)).status).toBe(404)
    const { sequence } = await send(ana, group, [file.id])
    for (const person of [ana, bo]) expect((await fetchFile(person, file)).status).toBe(200)
    expect((await fetchFile(stranger, file)).status).toBe(404)
    await ana.call('member.add', {
      conversationId: group,
      key: newKey(),
      accountIds: [stranger.id],
      history: 'from-now',
    })
    expect((await fetchFile(stranger, file)).status).toBe(404)
    await ana.call('member.remove', { conversationId: group, key: newKey(), accountId: bo.id })
    expect((await fetchFile(bo, file)).status).toBe(404)
    await ana.call('message.delete', { conversationId: group, sequence, key: newKey() })
    expect((await fetchFile(ana, file)).status).toBe(404)
  })

  test('by an address with a token to the session that it names, as long as that lives', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const file = await uploadReady(ana, 'quay.jpg', await picture())
    await send(ana, direct, [file.id])
    const other = await bo.signInAgain()
    const { token, expiresAt } = await other.call('media.getToken', {})
    expect(await other.call('media.getToken', {})).toEqual({ token, expiresAt })
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(59 * 60_000)
    const ask = (proof: string) => fetch(`${server.url}/v1/media/${file.id}/preview?token=${proof}`)
    expect((await ask(token)).status).toBe(200)
    expect((await ask(token.replace(/\.\w/, '.9'))).status).toBe(401)
    expect((await ask('nonsense')).status).toBe(401)
    expect((await ask('')).status).toBe(401)
    const [stranger] = await createPeople(server, 1)
    expect((await ask((await stranger.call('media.getToken', {})).token)).status).toBe(404)
    await postOperation(server.url, 'session.end', {}, other.token)
    expect((await ask(token)).status).toBe(401)
    expect((await fetch(`${server.url}/v1/media/${file.id}/preview`)).status).toBe(401)
  })

  test('whole, in ranges and not again, with what keeps it from running', async () => {
    const [ana] = await createPeople(server, 1)
    const group = await createGroup(ana, [])
    const file = await uploadReady(ana, 'olá "quay".txt', text)
    await send(ana, group, [file.id])
    const ask = (headers: Readonly<Record<string, string>>, method = 'GET') =>
      requestMedia(ana, `${file.id}/original`, { method, headers })
    const whole = await ask({})
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-length': String(text.length),
      'content-disposition': `inline; filename="ol_ _quay_.txt"; filename*=UTF-8''ol%C3%A1%20_quay_.txt`,
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(await whole.text()).toBe(text.toString())
    const etag = whole.headers.get('etag') ?? ''
    expect((await ask({ 'if-none-match': etag })).status).toBe(304)
    const part = await ask({ range: 'bytes=4-7' })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      `bytes 4-7/${text.length}`,
      'road',
    ])
    expect(await (await ask({ range: 'bytes=-3' })).text()).toBe('on.')
    expect(await (await ask({ range: 'bytes=26-' })).text()).toBe('on.')
    expect((await ask({ range: 'bytes=4-7', 'if-range': '"other"' })).status).toBe(200)
    expect((await ask({ range: 'bytes=900-' })).status).toBe(416)
    expect((await ask({ range: 'bytes=7-4' })).status).toBe(200)
    const head = await ask({}, 'HEAD')
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(text.length)])
    expect((await requestMedia(ana, `${file.id}/preview`)).status).toBe(404)
    expect((await requestMedia(ana, `${file.id}/other`)).status).toBe(404)
  })

  test('as a preview that fits, upright, animated pictures as their first frame', async () => {
    const [ana] = await createPeople(server, 1)
    const group = await createGroup(ana, [])
    const turned = await sharp(await picture(900, 600))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const frames = await sharp([await picture(40, 30), await picture(40, 30, '#fa2')], { join: { animated: true } })
      .gif()
      .toBuffer()
    const [portrait, animated] = [await uploadReady(ana, 'a.jpg', turned), await uploadReady(ana, 'a.gif', frames)]
    await send(ana, group, [portrait.id, animated.id])
    expect(portrait).toMatchObject({ width: 600, height: 900 })
    expect(animated).toMatchObject({ width: 40, height: 30, type: 'image/gif' })
    const read = async (file: Attachment, variant: string) =>
      await sharp(await (await fetchFile(ana, file, variant)).arrayBuffer(), { pages: -1 }).metadata()
    expect(await read(portrait, 'preview')).toMatchObject({ format: 'webp', width: 427, height: 640 })
    expect(await read(animated, 'original')).toMatchObject({ pages: 2 })
    const { pages = 1 } = await read(animated, 'preview')
    expect(pages).toBe(1)
  })
})

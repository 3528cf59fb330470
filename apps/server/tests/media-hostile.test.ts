/** C8: what becomes of files that somebody means badly. Nothing runs, nothing leaks, nobody waits for them. */
import {
  createGroup,
  createPerson,
  newKey,
  type Person,
  requestMedia,
  startServer,
  type TestServer,
  uploadFile,
} from '@recado/testkit'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HostileFile, hostileFiles, payload } from './hostile-files.ts'

let server: TestServer
let person: Person
beforeAll(async () => {
  server = await startServer()
  person = await createPerson(server)
})
afterAll(() => server[Symbol.asyncDispose]())

/** Sends it to oneself and asks for it as a browser would. */
async function serve({ name, content, called = name }: HostileFile) {
  const media = await uploadFile(person, name, await content())
  if (media.state !== 'ready') throw new Error(`it is not ready: ${JSON.stringify(media)}`)
  const { attachment } = media
  expect(attachment.name).toBe(called)
  const conversationId = await createGroup(person, [])
  await person.call('message.send', {
    conversationId,
    clientMessageId: newKey(),
    body: '',
    attachments: [attachment.id],
  })
  const response = await requestMedia(person, `${attachment.id}/original`)
  expect(response.status).toBe(200)
  const headers = Object.fromEntries(response.headers)
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['content-security-policy']).toMatch(/default-src 'none'.*; sandbox;/)
  expect(headers['set-cookie']).toBe(undefined)
  expect(headers['content-disposition']).toContain(`filename*=UTF-8''${encodeURIComponent(called)}`)
  return { attachment, headers, body: Buffer.from(await response.arrayBuffer()) }
}

describe('a hostile file', () => {
  test.for(Object.entries(hostileFiles))('%s', { timeout: 60_000 }, async ([, file]) => {
    const { fate } = file
    if ('refused' in fate) {
      const media = await uploadFile(person, file.name, await file.content())
      expect(media).toEqual({ state: 'refused', id: media.id, reason: fate.refused })
      expect((await requestMedia(person, `${media.id}/original`)).status).toBe(404)
      return
    }
    const { attachment, headers, body } = await serve(file)
    if ('image' in fate) {
      expect(headers['content-type']).toBe(fate.image)
      expect(headers['content-disposition']).toMatch(/^inline;/)
      expect(body.includes(payload)).toBe(false)
      const { exif, xmp, iptc, width, height } = await sharp(body).metadata()
      expect([exif, xmp, iptc]).toEqual([undefined, undefined, undefined])
      expect([attachment.width, attachment.height]).toEqual([width, height])
    } else if ('text' in fate) {
      expect(headers['content-type']).toBe('text/plain; charset=utf-8')
    } else {
      expect(headers['content-type']).toBe('application/octet-stream')
      expect(headers['content-disposition']).toMatch(/^attachment;/)
      expect(attachment.width).toBe(null)
      expect((await requestMedia(person, `${attachment.id}/preview`)).status).toBe(404)
    }
  })

  test('the server lives on and answers others while it looks at them', async () => {
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect(Object.keys(hostileFiles).length).toBeGreaterThanOrEqual(20)
  })
})

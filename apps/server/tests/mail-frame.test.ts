/** A mail's body as a document of its own: what stands in it, what it may do, and who gets it. By plain HTTP. */
import type { MailId } from '@recado/protocol'
import {
  createPeople,
  hostileBodies,
  newKey,
  type Person,
  pastTheServer,
  startServer,
  type TestServer,
  uploadReady,
} from '@recado/testkit'
import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { to, untilSent, update, write } from './mail-people.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const frame =
  "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
const always = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }
const shown = {
  ...always,
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': frame,
  'cache-control': 'private, no-store',
  'cross-origin-resource-policy': 'same-origin',
}
/** What no refusal is without, whatever was asked. */
const refused = {
  ...always,
  'content-type': 'application/problem+json; charset=utf-8',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
}

async function tokenFor(person: Person, mailId: MailId): Promise<string> {
  return (await person.call('mail.getBodyToken', { mailId })).token
}

async function get(path: string, init: RequestInit = {}) {
  const response = await fetch(`${server.url}/v1/mails/${path}`, init)
  const text = await response.text()
  const headersOf = (names: object) =>
    Object.fromEntries(Object.keys(names).map(name => [name, response.headers.get(name)]))
  return { status: response.status, text, headersOf, code: response.ok ? null : JSON.parse(text || '{}').code }
}

async function readBody(person: Person, mailId: MailId, query = '') {
  return await get(`${mailId}/body?token=${await tokenFor(person, mailId)}${query}`)
}

async function writeHtml(author: Person, html: string): Promise<MailId> {
  return (
    await author.call('mail.send', { clientMessageId: newKey(), to: to(author), subject: '', html: html || '<p></p>' })
  ).id
}

/** Every element that a browser makes of the document. */
function elementsOf(document: string): Tree.Element[] {
  const walk = (node: Tree.Node): Tree.Element[] => [
    ...('tagName' in node ? [node] : []),
    ...('childNodes' in node ? node.childNodes.flatMap(walk) : []),
  ]
  return walk(parse(document))
}

describe('what is shown', () => {
  test('of every hostile body nothing runs, nothing loads, and links leave by a window of their own', async () => {
    const [ana] = await createPeople(server, 1)
    for (const [name, body] of Object.entries(hostileBodies)) {
      const id = await writeHtml(ana, body)
      const answer = await readBody(ana, id)
      expect([answer.status, answer.headersOf(shown)], name).toEqual([200, shown])
      const elements = elementsOf(answer.text)
      const tags = elements.map(element => element.tagName)
      // The frame's own parts come once; the letter adds none of them.
      expect(
        tags.filter(tag => ['html', 'head', 'meta', 'style', 'body'].includes(tag)),
        name,
      ).toEqual(['html', 'head', 'meta', 'meta', 'style', 'body'])
      expect(
        tags.filter(tag => /^(?:script|iframe|frame|object|embed|form|input|base|link|svg|math)$/.test(tag)),
        name,
      ).toEqual([])
      for (const { tagName, attrs } of elements) {
        const attributes = Object.fromEntries(attrs.map(({ name: key, value }) => [key, value]))
        expect(
          Object.keys(attributes).filter(key => key.startsWith('on')),
          name,
        ).toEqual([])
        if (tagName !== 'a' || attributes['href'] === undefined) continue
        expect([attributes['target'], attributes['rel']], name).toEqual(['_blank', 'noopener noreferrer nofollow'])
        expect(attributes['href'], name).toMatch(/^(?:https?:\/\/|mailto:|tel:)/)
      }
    }
  }, 60_000)

  test('what got past the first wall stands under the same policy', async () => {
    const [ana] = await createPeople(server, 1)
    const id = await writeHtml(ana, '<p>x</p>')
    await pastTheServer(server, client =>
      client.query('update mails set html = $2 where id = $1', [id, '<base href="//x"><script>attack()</script>']),
    )
    const answer = await readBody(ana, id, '&remote=1')
    expect(answer.text).toContain('<script>attack()</script>')
    expect(answer.headersOf(shown)).toEqual({
      ...shown,
      'content-security-policy': frame.replace('img-src data:', 'img-src data: http: https:'),
    })
  })

  test('pictures from elsewhere load only when asked for, and nothing else does', async () => {
    const [ana] = await createPeople(server, 1)
    const id = await writeHtml(ana, '<p>Look</p><img src="https://elsewhere.example/a.png" alt="a">')
    const policyOf = async (query: string) =>
      (await readBody(ana, id, query)).headersOf(shown)['content-security-policy']
    expect(await policyOf('')).toBe(frame)
    expect(await policyOf('&remote=0')).toBe(frame)
    expect(await policyOf('&remote=1')).toBe(frame.replace('img-src data:', 'img-src data: http: https:'))
  })

  test('a plain body is words, whatever stands in it', async () => {
    const [ana] = await createPeople(server, 1)
    const { id } = await write(ana, { to: to(ana), text: '</pre><script>attack()</script>\n<b>"x" & \'y\'</b>' })
    const { text } = await readBody(ana, id)
    expect(elementsOf(text).map(element => element.tagName)).toEqual([
      'html',
      'head',
      'meta',
      'meta',
      'style',
      'body',
      'pre',
    ])
    expect(text).not.toMatch(/<script|<b>/)
  })

  test('on a dark page it is dark, unless it chose colours itself', async () => {
    const [ana] = await createPeople(server, 1)
    const [plain, coloured] = [await writeHtml(ana, '<p>x</p>'), await writeHtml(ana, '<p style="color:red">x</p>')]
    const schemeOf = async (id: MailId, query: string) =>
      /color-scheme:(\w+)/.exec((await readBody(ana, id, query)).text)?.[1]
    expect([await schemeOf(plain, ''), await schemeOf(plain, '&theme=dark')]).toEqual(['light', 'dark'])
    expect(await schemeOf(coloured, '&theme=dark')).toBe('light')
  })
})

describe('who gets it', () => {
  test('L8: who wrote or received the mail, a blind copy too, wherever it lies; and nobody else', async () => {
    const [ana, bo, cy, eve] = await createPeople(server, 4)
    const { id } = await write(ana, { to: to(bo), bcc: to(cy), text: 'a secret' })
    await untilSent(ana, id)
    await update(cy, [id], { folder: 'trash' })
    for (const person of [ana, bo, cy]) {
      expect((await readBody(person, id)).text).toContain('a secret')
      const headers = { authorization: `Bearer ${person.token}` }
      expect((await get(`${id}/body`, { headers })).text).toContain('a secret')
    }
    for (const mailId of [id, 888_888_888 as MailId]) {
      const answer = await readBody(eve, mailId)
      expect([answer.status, answer.code, answer.headersOf(refused)]).toEqual([404, 'not-found', refused])
    }
  })

  test('A3: a token is one session’s, for one mail; no other opens it, and it opens nothing else', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const file = await uploadReady(ana, 'a.txt', Buffer.from('x'))
    const [one, two] = [await writeHtml(ana, '<p>one</p>'), await writeHtml(ana, '<p>two</p>')]
    const files = (await ana.call('media.getToken', {})).token
    const ofTwo = await tokenFor(ana, two)
    const attempts = [
      '',
      '?token=',
      '?token=x',
      `?token=${files}`,
      `?token=${ofTwo}`,
      `?token=${await tokenFor(bo, two)}`,
    ]
    for (const query of [...attempts, `?token=${ofTwo}&token=${await tokenFor(ana, one)}`]) {
      const answer = await get(`${one}/body${query}`)
      expect([query, answer.status, answer.code]).toEqual([query, 401, 'unauthenticated'])
      expect(answer.headersOf(refused)).toEqual(refused)
    }
    const elsewhere = await fetch(`${server.url}/v1/media/${file.id}/original?token=${await tokenFor(ana, one)}`)
    expect(elsewhere.status).toBe(401)
    const again = await ana.signInAgain()
    const ending = await tokenFor(again, one)
    expect((await get(`${one}/body?token=${ending}`)).status).toBe(200)
    await again.call('session.end', {})
    const ended = await get(`${one}/body?token=${ending}`)
    expect([ended.status, ended.code, ended.headersOf(refused)]).toEqual([401, 'session-ended', refused])
  })

  test('an address of any other form is refused, with the same headers', async () => {
    const [ana] = await createPeople(server, 1)
    const id = await writeHtml(ana, '<p>x</p>')
    const headers = { authorization: `Bearer ${ana.token}` }
    for (const path of [
      '0',
      '01',
      `+${id}`,
      `${id}.0`,
      '1e3',
      'abc',
      '9007199254740993',
      '99999999999999999999',
      '%00',
      '..%2f..',
    ]) {
      const answer = await get(`${path}/body`, { headers })
      expect([path, answer.status, answer.headersOf(refused)]).toEqual([path, 404, refused])
    }
    for (const query of ['remote=2', 'remote=', 'remote=1&remote=0', 'theme=x', '%00=1']) {
      const answer = await get(`${id}/body?${query}`, { headers })
      // A name that is not known is nobody's.
      const status = query.includes('%00') ? 200 : 400
      expect([query, answer.status]).toEqual([query, status])
      if (status === 400) expect(answer.headersOf(refused)).toEqual(refused)
    }
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const answer = await get(`${id}/body`, { method, headers })
      expect([method, answer.status >= 400 && answer.status < 500]).toEqual([method, true])
      expect(answer.headersOf(refused)).toEqual(refused)
    }
    const foreign = await get(`${id}/body`, { headers: { ...headers, origin: 'https://elsewhere.example' } })
    expect([foreign.status, foreign.headersOf(refused)]).toEqual([403, refused])
    const head = await fetch(`${server.url}/v1/mails/${id}/body`, { method: 'HEAD', headers })
    expect([head.status, head.headers.get('content-security-policy'), await head.text()]).toEqual([200, frame, ''])
  })
})

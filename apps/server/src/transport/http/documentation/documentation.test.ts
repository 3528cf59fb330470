import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type OperationDefinition, operationNames, operations, problems } from '@recado/protocol'
import { startHttpServer } from '@recado/testkit'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Errors } from 'typebox/value'
import { expect, test } from 'vitest'
import { examples } from './examples.ts'
import { renderDocumentation } from './html.ts'
import { renderProtocolPage } from './markdown.ts'

const page = join(import.meta.dirname, '../../../../../../docs/protocol.md')

test('every example is what the contract says', () => {
  for (const name of operationNames) {
    const { input, output }: OperationDefinition = operations[name]
    expect(Errors(input, examples[name].input), `${name}, input`).toEqual([])
    expect(Errors(output, examples[name].output), `${name}, output`).toEqual([])
  }
})

// biome-ignore lint/suspicious/noExplicitAny: the test walks the document as its readers do
async function readDocument(url: string): Promise<any> {
  return (await fetch(`${url}/openapi.json`)).json()
}

test('the OpenAPI document is valid and has every operation that HTTP has, with its problems', async () => {
  await using server = await startHttpServer()
  const document = await readDocument(server.url)
  expect(await new Validator().validate(document)).toMatchObject({ valid: true })
  const paths = Object.keys(document.paths).filter(path => path.startsWith('/v1/'))
  const callable = operationNames.filter(name => operations[name].transport !== 'socket')
  expect(paths.sort()).toEqual([...callable.map(name => `/v1/${name}`), '/v1/events'].sort())
  const send = document.paths['/v1/message.send'].post
  expect(Object.keys(send.responses)).toEqual(
    expect.arrayContaining(['200', '400', '401', '404', '409', '413', '503', '507']),
  )
  expect(send.responses[409].content['application/problem+json'].examples).toHaveProperty('key-reused')
  expect(document.paths['/v1/session.create'].post.security).toEqual([])
  expect(JSON.stringify(document)).not.toContain('~kind')
})

test('no reference in the OpenAPI document leads nowhere', async () => {
  await using server = await startHttpServer()
  const source = await (await fetch(`${server.url}/openapi.json`)).text()
  const { components } = JSON.parse(source)
  const references = [...source.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name)
  expect(references.length).toBeGreaterThan(30)
  for (const name of new Set(references)) expect(Object.keys(components.schemas)).toContain(name)
})

test('the page names everything in the contract, and every link in it leads somewhere', () => {
  const html = renderDocumentation()
  for (const name of operationNames) expect(html).toContain(`id="${name}"`)
  for (const code of Object.keys(problems)) expect(html).toContain(`id="problem-${code}"`)
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const [, target = ''] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target)
})

test('M9: the REST mail API is in both, each route with its refusals', async () => {
  await using server = await startHttpServer()
  const { paths, tags } = await readDocument(server.url)
  const html = await (await fetch(`${server.url}/docs`)).text()
  const expected = {
    'post /token': ['200', '400', '422'],
    'post /users/': ['200', '400', '403', '422'],
    'get /users/': ['200', '401', '422'],
    'post /messages/': ['200', '401', '404', '422'],
    'get /messages/inbox/': ['200', '401'],
    'get /messages/outbox/': ['200', '401'],
    'put /messages/{message_id}/read': ['200', '401', '404', '422'],
    'get /ws/': ['101'],
  }
  for (const [route, statuses] of Object.entries(expected)) {
    const [method = '', path = ''] = route.split(' ')
    expect(Object.keys(paths[path][method].responses), route).toEqual(statuses)
    expect(html).toContain(`${method.toUpperCase()} ${path}`)
  }
  expect(tags).toContainEqual({ name: 'REST mail API' })
})

test('the page obeys the policy it is served under: nothing inline, nothing from outside', async () => {
  await using server = await startHttpServer()
  const answer = await fetch(`${server.url}/docs`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-security-policy')).toContain("style-src 'self'")
  const html = await answer.text()
  expect(html).not.toMatch(/<script|<style|style=|onclick|javascript:/i)
  expect([...html.matchAll(/(?:src|href)="(?!#)([^"]+)"/g)].map(([, url]) => url).sort()).toEqual([
    '/docs/style.css',
    '/openapi.json',
    'data:,',
  ])
  const style = await fetch(`${server.url}/docs/style.css`)
  expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8'])
  expect(await style.text()).not.toMatch(/@import|url\(/)
})

test('docs/protocol.md is up to date: run node scripts/protocol-page.ts', () => {
  const source = readFileSync(page, 'utf8')
  expect(renderProtocolPage(source)).toBe(source)
})

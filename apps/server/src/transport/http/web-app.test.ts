import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { startHttpServer } from '@recado/testkit'
import { expect, test } from 'vitest'

async function buildApp() {
  const root = await mkdtemp(join(tmpdir(), 'recado-web-'))
  await mkdir(join(root, 'assets'))
  const files = {
    'index.html': '<!doctype html><html lang="en"><title>Recado</title></html>',
    'sw.js': '// worker',
    'manifest.webmanifest': '{"name":"Recado"}',
    'icon-192.png': 'png',
    'assets/app-1a2b.js': 'console.log(1)',
    'assets/app-1a2b.js.br': brotliCompressSync('console.log(1)'),
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(root, name), content)
  await writeFile(join(root, '..', `${root.split('/').at(-1)}-secret`), 'secret')
  return {
    root,
    [Symbol.asyncDispose]: () =>
      Promise.all([rm(root, { recursive: true }), rm(`${root}-secret`)]).then(() => undefined),
  }
}

test('every page of the app is its one document, asked for each time and under a policy without inline script', async () => {
  await using app = await buildApp()
  await using server = await startHttpServer({ webRoot: app.root })
  for (const path of ['/', '/app', '/app/', '/app/chats/12?x=1']) {
    const page = await fetch(server.url + path)
    expect(page.status, path).toBe(200)
    expect(await page.text()).toContain('<title>Recado</title>')
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toMatch(/unsafe|\*|data: *;/)
    expect(policy).toContain(`connect-src 'self' ws://${new URL(server.url).host} wss://`)
    expect(policy).toContain("require-trusted-types-for 'script'")
  }
  const first = await fetch(`${server.url}/`)
  const again = await server.app.inject({ url: '/', headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
  expect(again.statusCode).toBe(304)
})

test('files with their hash in the name stay in caches for ever, compressed where they were', async () => {
  await using app = await buildApp()
  await using server = await startHttpServer({ webRoot: app.root })
  const file = await fetch(`${server.url}/assets/app-1a2b.js`, { headers: { 'accept-encoding': 'br' } })
  expect(file.headers.get('content-encoding')).toBe('br')
  expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(file.headers.get('content-type')).toBe('application/javascript; charset=utf-8')
  expect(await file.text()).toBe('console.log(1)')
  const missing = await fetch(`${server.url}/assets/app-0000.js`)
  expect([missing.status, missing.headers.get('cache-control')]).toEqual([404, 'no-store'])
  expect(await missing.json()).toEqual({ detail: 'Not Found' })
})

test('the service worker, the manifest and icons are where browsers look for them', async () => {
  await using app = await buildApp()
  await using server = await startHttpServer({ webRoot: app.root })
  const types = {
    'sw.js': 'application/javascript',
    'manifest.webmanifest': 'application/manifest+json',
    'icon-192.png': 'image/png',
  }
  for (const [name, type] of Object.entries(types)) {
    const file = await fetch(`${server.url}/${name}`)
    expect([file.status, file.headers.get('cache-control')]).toEqual([200, 'no-cache'])
    expect(file.headers.get('content-type')).toContain(type)
  }
})

test('the service worker runs under a policy of its own: this server and nothing else', async () => {
  await using app = await buildApp()
  await using server = await startHttpServer({ webRoot: app.root })
  const { headers } = await fetch(`${server.url}/sw.js`)
  expect(headers.get('service-worker-allowed')).toBe('/')
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'",
  )
})

test('where the offline app is switched off the page says so and the service worker ends itself', async () => {
  await using app = await buildApp()
  await using server = await startHttpServer({ webRoot: app.root, config: { offlineApp: 'off' } })
  const page = await fetch(`${server.url}/app/chats`)
  expect(await page.text()).toContain('<html data-offline-app="off" lang="en">')
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
  const etag = page.headers.get('etag') ?? ''
  const again = await server.app.inject({ url: '/app', headers: { 'if-none-match': etag } })
  expect([again.statusCode, again.headers.etag]).toEqual([304, etag])
  const worker = await fetch(`${server.url}/sw.js`)
  expect([worker.status, worker.headers.get('cache-control')]).toEqual([200, 'no-cache'])
  expect(worker.headers.get('content-type')).toBe('application/javascript; charset=utf-8')
  expect(await worker.text()).toContain('self.registration.unregister()')
})

test('nothing outside the folder is served, however it is asked for', async () => {
  await using app = await buildApp()
  await using server = await startHttpServer({ webRoot: app.root })
  const secret = `${app.root.split('/').at(-1)}-secret`
  for (const path of [
    `/assets/../../${secret}`,
    `/assets/..%2f..%2f${secret}`,
    `/assets/%2e%2e/%2e%2e/${secret}`,
    '/assets//etc/passwd',
    '/assets/%00',
    '/assets/..\\..\\x',
  ]) {
    const answer = await server.app.inject({ url: path })
    expect(answer.statusCode, path).toBeGreaterThanOrEqual(400)
    expect(answer.statusCode, path).toBeLessThan(500)
    expect(answer.body).not.toContain('secret')
  }
})

test('without a built app the server says so and serves the rest', async () => {
  await using server = await startHttpServer()
  expect((await fetch(`${server.url}/`)).status).toBe(503)
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
})

/** The app without a network: installed, started and used while nothing answers. */
import { createNodeClient } from '@recado/client'
import { describe, expect, it } from 'vitest'
import { keepPlace } from './place.ts'
import { password, type Seat } from './seat.ts'

const { place, seat: takeSeat } = keepPlace()

async function sit(username: string, name: string): Promise<Seat> {
  const seat = await takeSeat()
  await seat.signUp(username, name)
  return seat
}

describe('the installed app', { tags: ['browser'], timeout: 90_000 }, () => {
  it('has a manifest in each language that a browser installs', async () => {
    const seat = await sit('ana-install', 'Ana')
    await seat.keepsTheApp()
    const devtools = await seat.context.newCDPSession(seat.page)
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
    expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])
    const ids = new Set<string | undefined>()
    for (const [language, description] of [
      ['English', 'Chats and groups on your own server, also without a network.'],
      ['Português (Brasil)', 'Conversas e grupos no seu próprio servidor, também sem rede.'],
      ['Español', 'Chats y grupos en tu propio servidor, también sin red.'],
    ] as const) {
      await seat.page.goto(`${seat.url}/app/settings`)
      await seat.page.getByText(language, { exact: true }).click()
      await seat.page.locator(`link[rel=manifest]`).waitFor({ state: 'attached' })
      const read = async () => {
        const { data, errors } = await devtools.send('Page.getAppManifest')
        expect(errors).toEqual([])
        return JSON.parse(data ?? '{}')
      }
      await expect.poll(async () => (await read()).description).toBe(description)
      const { id, icons, shortcuts, start_url } = await read()
      ids.add(id)
      const addresses = [start_url, ...shortcuts.map((shortcut: { url: string }) => shortcut.url)]
      for (const address of addresses) {
        const answer = await seat.page.goto(seat.url + address)
        expect(answer?.status()).toBe(200)
        await seat.page.getByRole('heading', { level: 1 }).first().waitFor()
        expect(new URL(seat.page.url()).pathname).toBe(address)
      }
      for (const { src } of icons) expect((await seat.page.request.get(seat.url + src)).status()).toBe(200)
    }
    expect(ids.size).toBe(1)
  })
})

/** Ana, who has a chat with Bo on her device; the server is gone. */
async function anaWithoutServer(mark: string): Promise<Seat> {
  const ana = await sit(`ana-${mark}`, `Ana ${mark}`)
  await using bo = createNodeClient({ url: place.url })
  await bo.signUp({ username: `bo-${mark}`, password, displayName: `Bo ${mark}` })
  const [person] = await bo.searchPeople(`ana-${mark}`)
  if (!person) throw new Error('Ana was not found.')
  const { id } = await bo.openDirect(person.id)
  await bo.send({ conversationId: id, body: 'hello' })
  await ana.open(`Bo ${mark}`)
  for (let line = 1; line <= 12; line += 1) await bo.send({ conversationId: id, body: `line ${line} of ${mark}` })
  await bo.send({ conversationId: id, body: 'the lighthouse at dusk' })
  await ana.message('the lighthouse at dusk').waitFor()
  await ana.keepsTheApp()
  await ana.context.setOffline(true)
  await place.stop()
  return ana
}

/** Bounds are the promise (a second, less than a second) times five: a machine may be busy. */
const startBoundMs = 5_000

describe('without a network and without a server', { tags: ['browser'], timeout: 120_000 }, () => {
  it('starts to a readable list and history, reads, searches, writes, and sends in order on return', async () => {
    const ana = await anaWithoutServer('away')
    const { page } = ana
    await ana.context.addInitScript(noteFirstSight)
    await page.goto(`${ana.url}/app/chats`)
    await ana.row('Bo away').waitFor()
    await ana.row('Bo away').click()
    await ana.message('the lighthouse at dusk').waitFor()
    await page.reload()
    await ana.message('the lighthouse at dusk').waitFor()
    const sight = await page.evaluate(() => ({ ...window.firstSight }))
    console.log(`start without a network: list after ${sight.list} ms, history after ${sight.history} ms`)
    expect(sight.list).toBeLessThan(startBoundMs)
    expect(sight.history).toBeLessThan(startBoundMs)

    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /^Find/ }).fill('lightho')
    await page.getByRole('option', { name: /lighthouse at dusk/ }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    for (const path of ['people', 'saved', 'settings']) {
      await page.goto(`${ana.url}/app/${path}`)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
    }

    await page.goBack()
    await page.goto(`${ana.url}/app/chats`)
    await ana.open('Bo away')
    for (const text of ['one', 'two', 'not this', 'three']) {
      await ana.send(text)
      await ana.seesProgress(text, 'waiting')
    }
    await page.reload()
    await ana.seesProgress('three', 'waiting')
    await ana.message('not this').getByRole('button', { name: 'Take back' }).click()
    await ana.message('not this').waitFor({ state: 'detached' })
    expect(await ana.field.inputValue()).toBe('not this')
    await ana.shoot('offline-waiting')
    await ana.expectAccessible('article')

    await place.start()
    await ana.context.setOffline(false)
    for (const text of ['one', 'two', 'three']) await ana.seesProgress(text, 'sent')
    expect((await ana.texts()).slice(-4)).toEqual(['the lighthouse at dusk', 'one', 'two', 'three'])
    await using bo = createNodeClient({ url: place.url })
    await bo.signIn({ login: 'bo-away', password })
    await bo.caughtUp()
    const [view] = bo.getSnapshot().conversations
    expect(view?.conversation.lastMessage?.body).toBe('three')
    expect(view?.unread).toBe(3)
  })
})

declare global {
  interface Window {
    firstSight: { list?: number; history?: number }
  }
}

/** Runs in the page: when, after the start of the navigation, the first chat and the first message stood on screen. */
function noteFirstSight(): void {
  window.firstSight = {}
  const look = () => {
    const now = Math.round(performance.now())
    if (document.querySelector('section a[href^="/app/chats/"]')) window.firstSight.list ??= now
    if (document.querySelector('article')) window.firstSight.history ??= now
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true })
}

describe('where the operator switches it off', { tags: ['browser'], timeout: 90_000 }, () => {
  it('browsers give up what they kept, and the app goes on from the network', async () => {
    const ana = await sit('ana-off', 'Ana Off')
    await ana.keepsTheApp()
    await place.stop()
    await place.start({ env: { RECADO_OFFLINE_APP: 'off' } })
    await ana.page.reload()
    const left = () =>
      ana.page.evaluate(async () => [
        (await navigator.serviceWorker.getRegistrations()).length,
        (await caches.keys()).length,
      ])
    await expect.poll(left).toEqual([0, 0])
    await ana.page.reload()
    await ana.page.getByRole('heading', { name: 'Chats' }).waitFor()
    expect(await ana.page.locator('html').getAttribute('data-offline-app')).toBe('off')
    expect(await left()).toEqual([0, 0])
    expect(await ana.page.evaluate(() => navigator.serviceWorker.controller)).toBe(null)

    await place.stop()
    await place.start()
    await ana.page.reload()
    await ana.keepsTheApp()
  })

  it('nothing of the operations or the documentation is ever kept', async () => {
    const ana = await sit('ana-kept', 'Ana Kept')
    await ana.keepsTheApp()
    await ana.page.goto(`${ana.url}/docs`)
    await ana.page.goto(`${ana.url}/app/chats`)
    await ana.page.getByRole('heading', { name: 'Chats' }).waitFor()
    const kept = await ana.page.evaluate(async () => {
      const paths: string[] = []
      for (const name of await caches.keys()) {
        for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname)
      }
      return paths
    })
    expect(kept).toContain('/app')
    const allowed = /^\/(?:assets\/.*|app|active-build|[\w-]+\.png|manifest[\w.-]*\.webmanifest)$/
    expect(kept.filter(path => !allowed.test(path))).toEqual([])
  })
})

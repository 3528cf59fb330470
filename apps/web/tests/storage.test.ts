/** Crashes, and storage that is closed, full, damaged or taken away: a clear state, and no text lost. */
import { createNodeClient } from '@recado/client'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { buildHome } from './home.ts'
import { keepPlace } from './place.ts'
import { password, type Seat } from './seat.ts'

const { place, seat: takeSeat } = keepPlace()

const notKept = 'This browser does not let Recado store anything.'

async function registerBo(mark: string): Promise<void> {
  await using bo = createNodeClient({ url: place.url })
  await bo.signUp({ username: `bo-${mark}`, password, displayName: `Bo ${mark}` })
}

/** The texts that Bo has got, oldest first. */
async function textsOf(mark: string): Promise<readonly (string | null)[]> {
  await using bo = createNodeClient({ url: place.url })
  await bo.signIn({ login: `bo-${mark}`, password })
  await bo.caughtUp()
  const [view] = bo.getSnapshot().conversations
  if (!view) return []
  const { items } = await bo.call('message.list', { conversationId: view.id })
  return items.map(({ body }) => body)
}

interface Room {
  /** What the browser gives; it has to be said before anything is stored, since browsers look only now and then. */
  readonly quotaSize?: number
}

/** Ana at a browser, in a chat with Bo, who has got `hello`. */
async function anaWriting(mark: string, { quotaSize }: Room = {}): Promise<Seat> {
  await registerBo(mark)
  const ana = await takeSeat()
  if (quotaSize !== undefined) {
    const devtools = await ana.context.newCDPSession(ana.page)
    await devtools.send('Storage.overrideQuotaForOrigin', { origin: place.url, quotaSize })
  }
  await ana.signUp(`ana-${mark}`, `Ana ${mark}`)
  await ana.writeTo(`bo-${mark}`)
  await ana.send('hello')
  await ana.seesProgress('hello', 'sent')
  return ana
}

/** Writes beside the app until the browser says that there is no room. */
async function fillStorage(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>(resolve => {
      const request = indexedDB.open('filling', 1)
      request.onupgradeneeded = () => request.result.createObjectStore('noise')
      request.onsuccess = () => resolve(request.result)
    })
    // What does not get smaller by being compressed; far above the quota, should the browser never say so.
    for (let part = 0; part < 1_000; part += 1) {
      const noise = crypto.getRandomValues(new Uint8Array(60_000))
      const ended = await new Promise<string>(resolve => {
        const transaction = database.transaction(['noise'], 'readwrite')
        transaction.objectStore('noise').put(noise, part)
        transaction.oncomplete = () => resolve('written')
        transaction.onabort = () => resolve(transaction.error?.name ?? '')
      })
      if (ended === 'QuotaExceededError') return
    }
    throw new Error('The storage is never full.')
  })
}

/** The name of the database of the sign-in. */
async function findDatabase(page: Page): Promise<string> {
  const names = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ''))
  const found = names.find(name => name.startsWith('recado-') && !name.endsWith('-unsent'))
  if (found === undefined) throw new Error(`No database of a sign-in is among ${names.join()}.`)
  return found
}

describe('a browser that ends', { tags: ['browser'], timeout: 180_000 }, () => {
  it('keeps what waits to be sent when it is closed and when it is killed, and sends it in order', async () => {
    await registerBo('killed')
    await using home = await buildHome()
    const first = await home.enter(place.url)
    await first.signUp('ana-killed', 'Ana killed')
    await first.writeTo('bo-killed')
    await first.send('hello')
    await first.seesProgress('hello', 'sent')
    await first.keepsTheApp()
    const path = new URL(first.page.url()).pathname
    await place.stop()
    await first.send('before closing')
    await first.seesProgress('before closing', 'waiting')
    await first.context.close()

    const second = await home.enter(place.url)
    await second.page.goto(place.url + path)
    await second.seesProgress('before closing', 'waiting')
    await second.send('before the crash')
    await second.seesProgress('before the crash', 'waiting')
    await home.kill()

    const third = await home.enter(place.url)
    await third.page.goto(place.url + path)
    await third.seesProgress('before the crash', 'waiting')
    await expect.poll(() => third.texts()).toEqual(['hello', 'before closing', 'before the crash'])
    await third.send('after the crash')
    await place.start()
    await third.seesProgress('after the crash', 'sent')
    expect(await textsOf('killed')).toEqual(['hello', 'before closing', 'before the crash', 'after the crash'])
  })
})

describe('storage that takes nothing', { tags: ['browser'], timeout: 120_000 }, () => {
  it('because it is closed to the app, is said, and nobody leaves unsent text behind unasked', async () => {
    await registerBo('closed')
    const ana = await takeSeat()
    await ana.context.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('Storage is closed.', 'SecurityError')
      }
    })
    await ana.signUp('ana-closed', 'Ana closed')
    await ana.page.getByText(notKept).waitFor()
    await ana.writeTo('bo-closed')
    await ana.send('hello')
    await ana.seesProgress('hello', 'sent')
    await ana.context.setOffline(true)
    await place.stop()
    await ana.send('only in memory')
    await ana.seesProgress('only in memory', 'waiting')
    const asked = ana.page.waitForEvent('dialog')
    await ana.page.close({ runBeforeUnload: true })
    const question = await asked
    expect(question.type()).toBe('beforeunload')
    await question.dismiss()
    await place.start()
    await ana.context.setOffline(false)
    await ana.seesProgress('only in memory', 'sent')
    expect(await textsOf('closed')).toEqual(['hello', 'only in memory'])
  })

  it('because it is full, loses no text: it is sent, or waits in view', async () => {
    const ana = await anaWriting('full', { quotaSize: 6_000_000 })
    await ana.keepsTheApp()
    await ana.context.setOffline(true)
    await place.stop()
    await fillStorage(ana.page)
    const long = `${'a very long message '.repeat(900)}with an end`
    for (const text of ['short and unsent', long]) {
      await ana.field.fill(text)
      await ana.field.press('Enter')
      await ana.seesProgress(text.slice(-12), 'waiting')
    }
    await ana.page.getByText('There is no room left on this device.').waitFor()
    await ana.shoot('storage-full')
    await place.start()
    await ana.context.setOffline(false)
    await ana.seesProgress('with an end', 'sent')
    expect(await textsOf('full')).toEqual(['hello', 'short and unsent', long])
  })
})

describe('storage that changes under the app', { tags: ['browser'], timeout: 120_000 }, () => {
  it('by being deleted begins anew by itself, with what waits in view', async () => {
    const ana = await anaWriting('deleted')
    await ana.keepsTheApp()
    await ana.context.setOffline(true)
    await place.stop()
    await ana.send('waited through it all')
    await ana.seesProgress('waited through it all', 'waiting')
    const database = await findDatabase(ana.page)
    await ana.page.evaluate(name => void indexedDB.deleteDatabase(name), database)
    await expect.poll(() => ana.texts()).toEqual(['waited through it all'])
    await ana.seesProgress('waited through it all', 'waiting')
    await ana.page.reload()
    await ana.seesProgress('waited through it all', 'waiting')
    await place.start()
    await ana.context.setOffline(false)
    await ana.seesProgress('waited through it all', 'sent')
    expect(await textsOf('deleted')).toEqual(['hello', 'waited through it all'])
  })

  it('by a tab of a newer build is said in the older tab, which sends on', async () => {
    const ana = await anaWriting('newer')
    const other = await ana.anotherTab('/app/people')
    await other.evaluate(
      name =>
        new Promise<void>(resolve => {
          indexedDB.open(name, 1_000).onsuccess = () => resolve()
        }),
      await findDatabase(other),
    )
    await ana.page.bringToFront()
    await ana.send('from the older tab')
    await ana.seesProgress('from the older tab', 'sent')
    await ana.page.getByText(notKept).waitFor()
    expect(await textsOf('newer')).toEqual(['hello', 'from the older tab'])
  })

  it('by damage to its rows asks for a new sign-in, which sends what waited', async () => {
    const ana = await anaWriting('damaged')
    await ana.keepsTheApp()
    await ana.context.setOffline(true)
    await place.stop()
    await ana.send('waited through it all')
    await ana.seesProgress('waited through it all', 'waiting')
    await ana.page.evaluate(
      name =>
        new Promise<void>(resolve => {
          const request = indexedDB.open(name)
          request.onsuccess = () => {
            const transaction = request.result.transaction(['conversations'], 'readwrite')
            transaction.objectStore('conversations').put({ damaged: true }, 1)
            transaction.oncomplete = () => {
              request.result.close()
              resolve()
            }
          }
        }),
      await findDatabase(ana.page),
    )
    await ana.page.reload()
    await ana.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await place.start()
    await ana.context.setOffline(false)
    await ana.signIn('ana-damaged')
    await ana.open('Bo damaged')
    await ana.seesProgress('waited through it all', 'sent')
    expect(await textsOf('damaged')).toEqual(['hello', 'waited through it all'])
  })
})

/** A new build of the app reaches pages that are open: in the background, when one says so, in all tabs, losing nothing. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AnotherBuild, buildAnother, copyBuild } from './another-build.ts'
import { keepPlace } from './place.ts'
import type { Seat, SeatOptions } from './seat.ts'

const { place, seat: takeSeat } = keepPlace()
let next: AnotherBuild
beforeAll(async () => {
  next = await buildAnother('9.9.9')
}, 180_000)
afterAll(() => next?.[Symbol.asyncDispose]())

/** The server stops and starts, as somebody who updates it does. */
async function restart(webDist?: string): Promise<void> {
  await place.stop()
  await place.start(webDist === undefined ? {} : { webDist })
}

async function sit(username: string, options?: Omit<SeatOptions, 'url'>): Promise<Seat> {
  const seat = await takeSeat(options)
  await seat.signUp(username, username)
  return seat
}

/** Ana writing to Bo, with the app kept on her device. */
async function pair(mark: string): Promise<{ ana: Seat; bo: Seat }> {
  const [ana, bo] = await Promise.all([sit(`ana-${mark}`), sit(`bo-${mark}`)])
  await ana.writeTo(`bo-${mark}`)
  await ana.send('hello')
  await ana.keepsTheApp()
  return { ana, bo }
}

const strip = (page: Page) => page.getByText('A new version of Recado is ready.')
const versionOf = async (page: Page) => {
  const script = await page.locator('script[type=module][src]').getAttribute('src')
  return script?.split('/').at(-1)
}

/** What comes after the first screen by itself is there too: it would be missing as well, and say so. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const files = performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).pathname.split('/').at(-1) ?? '')
    const count = (part: RegExp) => files.filter(file => part.test(file)).length
    const parts = count(/^(?:after-first|compose-host|mail-unread)-/u) + count(/^mail-part-/u)
    // The words of the first screen, of later ones and of mail.
    return parts === 5 && count(/^(?:en|pt-BR|es)-[\w-]+\.js$/u) === 3
  })
}

/** What the app does by itself once a minute at most: asks whether there is a newer build. */
async function lookForUpdate(page: Page): Promise<void> {
  await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()))
}

describe('a new build', { tags: ['browser'], timeout: 120_000 }, () => {
  it('waits for the person, and keeps what is being written and what waits to be sent', async () => {
    const { ana, bo } = await pair('update')
    const { page } = ana
    const before = await versionOf(page)
    await restart(next.webDist)
    await lookForUpdate(page)
    await strip(page).waitFor()
    await ana.shoot('update-strip')
    await ana.expectAccessible()
    expect(await versionOf(page)).toBe(before)

    await ana.context.setOffline(true)
    await place.stop()
    await ana.send('waits over the update')
    await ana.seesProgress('waits over the update', 'waiting')
    await ana.field.pressSequentially('half a sen')
    expect(await versionOf(page)).toBe(before)
    await page.getByRole('button', { name: 'Reload' }).click()
    await expect.poll(() => versionOf(page)).not.toBe(before)
    await ana.seesProgress('waits over the update', 'waiting')
    expect(await ana.field.inputValue()).toBe('half a sen')
    expect(await strip(page).count()).toBe(0)
    await page.goto(`${ana.url}/app/settings`)
    await page.getByText('Recado 9.9.9 on').waitFor()

    await place.start({ webDist: next.webDist })
    await ana.context.setOffline(false)
    await bo.page.goto(`${bo.url}/app/chats`)
    // A strip that comes while somebody clicks moves what is below it away from under the click.
    const isNewOrTold = async () => (await versionOf(bo.page)) !== before || (await strip(bo.page).isVisible())
    await expect.poll(isNewOrTold, { timeout: 30_000 }).toBe(true)
    await bo.open('ana-update')
    await bo.message('waits over the update').waitFor()
    await expect.poll(() => bo.texts()).toEqual(['hello', 'waits over the update'])
  })

  it('comes to all tabs together, but not to one in which something is being written', async () => {
    const { ana } = await pair('tabs')
    const idle = await ana.anotherTab()
    const writing = await ana.anotherTab(new URL(ana.page.url()).pathname)
    const editing = await ana.anotherTab(new URL(ana.page.url()).pathname)
    await ana.message('hello', editing).waitFor()
    await editing.getByRole('combobox', { name: 'Message' }).press('ArrowUp')
    await editing.getByRole('button', { name: 'Stop editing' }).waitFor()
    await editing.getByRole('combobox', { name: 'Message' }).pressSequentially(' again')
    await writing.getByRole('combobox', { name: 'Message' }).pressSequentially('in the middle of')
    // Drafts are shared by tabs: the first one shows this one too, and is the one to ask.
    const before = await versionOf(ana.page)
    await restart(next.webDist)
    await lookForUpdate(idle)
    for (const tab of [ana.page, idle, writing, editing]) await strip(tab).waitFor()
    await idle.getByRole('button', { name: 'Reload' }).click()
    await expect.poll(() => versionOf(idle)).not.toBe(before)
    await strip(writing).waitFor()
    expect(await versionOf(writing)).toBe(before)
    expect(await writing.getByRole('combobox', { name: 'Message' }).inputValue()).toBe('in the middle of')
    // What it has not loaded yet it still finds.
    await writing.getByRole('link', { name: 'People' }).click()
    await writing.getByRole('heading', { level: 1, name: 'People' }).waitFor()
    for (const tab of [writing, editing]) {
      expect(await versionOf(tab)).toBe(before)
      await tab.getByRole('button', { name: 'Reload' }).click()
      await expect.poll(() => versionOf(tab)).not.toBe(before)
    }
    const edited = editing.getByRole('combobox', { name: 'Message' })
    await expect.poll(() => edited.inputValue()).toBe('hello again')
    await editing.getByRole('button', { name: 'Stop editing' }).waitFor()
  })

  it('is the one that starts after all tabs were closed', async () => {
    const { ana } = await pair('closed')
    const before = await versionOf(ana.page)
    await restart(next.webDist)
    await lookForUpdate(ana.page)
    await strip(ana.page).waitFor()
    await ana.page.getByRole('button', { name: 'Not now' }).click()
    await strip(ana.page).waitFor({ state: 'detached' })
    await ana.page.goto('about:blank')
    await expect
      .poll(
        async () => {
          await ana.page.goto(`${ana.url}/app/chats`)
          const version = await versionOf(ana.page)
          await ana.page.goto('about:blank')
          return version
        },
        // The browser notices in its own time that no tab is left, and each look is a tab again.
        { timeout: 60_000, interval: 1_000 },
      )
      .not.toBe(before)
  })
})

describe('a newer build is looked for', { tags: ['browser'], timeout: 120_000 }, () => {
  /** Before the sign-in, where no connection comes back. */
  async function sitBeforeSignIn(): Promise<Seat> {
    const seat = await takeSeat()
    await seat.context.addInitScript(countQuestions)
    await seat.page.clock.install()
    await seat.page.goto(`${place.url}/app/sign-in`)
    await seat.keepsTheApp()
    return seat
  }
  const asked = (page: Page) => page.evaluate(() => window.askedForUpdates)
  const waits = (page: Page) =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting != null)

  it('every hour', async () => {
    const { page } = await sitBeforeSignIn()
    await restart(next.webDist)
    expect(await asked(page)).toBe(0)
    await page.clock.fastForward(61 * 60_000)
    await expect.poll(() => asked(page)).toBe(1)
    await expect.poll(() => waits(page)).toBe(true)
  })

  it('when the page is looked at again, at most once a minute', async () => {
    const { page } = await sitBeforeSignIn()
    await restart(next.webDist)
    const lookAgain = () => page.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')))
    await page.clock.pauseAt(Date.now() + 5_000)
    await lookAgain()
    expect(await asked(page)).toBe(0)
    await page.clock.pauseAt(Date.now() + 120_000)
    await lookAgain()
    await lookAgain()
    expect(await asked(page)).toBe(1)
    await expect.poll(() => waits(page)).toBe(true)
  })

  it('when the connection comes back', async () => {
    const { ana } = await pair('back')
    await ana.page.clock.setFixedTime(Date.now() + 120_000)
    await restart(next.webDist)
    await strip(ana.page).waitFor()
  })
})

declare global {
  interface Window {
    askedForUpdates: number
  }
}

/** Runs in the page: how often it asked its server. */
function countQuestions(): void {
  window.askedForUpdates = 0
  const { update } = ServiceWorkerRegistration.prototype
  ServiceWorkerRegistration.prototype.update = function ask(this: ServiceWorkerRegistration) {
    window.askedForUpdates += 1
    return update.call(this)
  }
}

describe('a part of an old build that is gone', { tags: ['browser'], timeout: 120_000 }, () => {
  it('ends in words and a way on, in each language, without a flash of an error', async () => {
    for (const [locale, words, reload] of [
      [
        'en-GB',
        'This screen could not be loaded. The server may have a newer version. What you wrote is kept.',
        'Reload',
      ],
      [
        'pt-BR',
        'Não foi possível carregar esta tela. O servidor pode ter uma versão mais nova. O que você escreveu está guardado.',
        'Recarregar',
      ],
      [
        'es-ES',
        'No se pudo cargar esta pantalla. Puede que el servidor tenga una versión más nueva. Lo que escribiste está guardado.',
        'Recargar',
      ],
    ] as const) {
      const seat = await takeSeat({ locale })
      await seat.withoutWorker()
      await seat.page.goto(`${place.url}/app/sign-up`)
      await seat.page.locator('input[name=displayName]').fill(locale)
      await seat.page.locator('input[name=username]').fill(`gone-${locale.toLowerCase()}`)
      await seat.page.locator('input[name=password]').fill('a quiet password')
      await seat.page.locator('button[type=submit]').click()
      const people = seat.page.locator('nav a[href="/app/people"]')
      await people.waitFor()
      const before = await versionOf(seat.page)
      await settled(seat.page)
      await restart(next.webDist)
      await seat.page.locator('nav a[href="/app/chats"]').waitFor()
      const seen = await watchText(seat.page)
      await people.click()
      await seat.page.getByText(words).waitFor()
      expect(await seen()).not.toMatch(/TypeError|undefined|Something went wrong/)
      await seat.shoot(`part-gone-${locale}`)
      await seat.expectAccessible()
      expect(await versionOf(seat.page)).toBe(before)
      await seat.page.getByRole('button', { name: reload }).click()
      await seat.page.getByRole('heading', { level: 1 }).waitFor()
      expect(await versionOf(seat.page)).not.toBe(before)
      expect(new URL(seat.page.url()).pathname).toBe('/app/people')
      expect(seat.complaints.splice(0)).toEqual([expect.stringMatching(/^PartMissingError: A part of the app/u)])
      await restart()
    }
  })

  it('that floats is told above the screen, which stays', async () => {
    const seat = await takeSeat()
    await seat.withoutWorker()
    await seat.signUp('gone-float', 'Gone Float')
    await settled(seat.page)
    await restart(next.webDist)
    await seat.page.getByRole('button', { name: /^Bell/ }).click()
    await seat.page.getByText('This could not be loaded. The server may have a newer version.').waitFor()
    await seat.page.getByRole('heading', { name: 'Chats' }).waitFor()
    await seat.shoot('part-gone-float')
    await seat.page.getByRole('button', { name: 'Reload' }).click()
    await seat.page.getByRole('button', { name: /^Bell/ }).click()
    await seat.page.getByRole('dialog', { name: 'Notifications' }).waitFor()
  })
})

/** Everything that stood on the page from now on. */
async function watchText(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    new MutationObserver(() => seen.push(document.body.innerText)).observe(document, { childList: true, subtree: true })
  })
  return () => page.evaluate(() => (window as unknown as { seen: string[] }).seen.join('\n'))
}

describe('the files of a build', { tags: ['browser'], timeout: 120_000 }, () => {
  it('belong together: a build that is not whole leaves the old one in place', async () => {
    const { ana } = await pair('mixed')
    const before = await versionOf(ana.page)
    await using broken = await copyBuild(next)
    await rm(join(broken.webDist, 'assets'), { recursive: true })
    await restart(broken.webDist)
    await lookForUpdate(ana.page)
    const gaveUp = () =>
      ana.page.evaluate(async () => {
        const registration = await navigator.serviceWorker.getRegistration()
        return registration?.installing === null && registration.waiting === null
      })
    await expect.poll(gaveUp, { timeout: 30_000 }).toBe(true)
    await ana.page.reload()
    await ana.page.getByText('hello').first().waitFor()
    expect(await versionOf(ana.page)).toBe(before)
    expect(await strip(ana.page).count()).toBe(0)
  })
})

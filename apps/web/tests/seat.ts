/** Somebody at a browser of their own: what the journeys do, in the words of those who do it. */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import axe, { type AxeResults, type ElementContext, type RunOptions } from 'axe-core'
import { type Browser, type BrowserContext, type CDPSession, chromium, type Locator, type Page } from 'playwright-core'
import { expect } from 'vitest'

/** The browser as people have it. */
export const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
/** The same engine without windows, profiles and whatever else is around a page. */
const quickPath = '/usr/bin/chromium-headless-shell'
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** As people have it: for what is measured, and for what a browser does around a page. */
export function launchWholeBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: chromiumFlags })
}

/** For what a page does: in the engine alone, where it is there, it costs half as much. */
export function launchBrowser(): Promise<Browser> {
  const quick = process.env['CHROMIUM'] === undefined && existsSync(quickPath)
  return chromium.launch({ executablePath: quick ? quickPath : executablePath, args: chromiumFlags })
}

export const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const

export interface SeatOptions {
  readonly url: string
  readonly size?: keyof typeof sizes
  readonly theme?: 'light' | 'dark'
  readonly locale?: string
}

export const password = 'a quiet password'
const shots = join(import.meta.dirname, '../test-results')
/** By `npm test -- --pictures`. */
const picturesAreWanted = process.env['RECADO_TEST_PICTURES'] === 'on'

/** Without what takes most of its time and is not looked at. */
const onlyViolations = { resultTypes: ['violations' as const], preload: false, iframes: false, elementRef: false }

/** What a browser says when the line is cut; everything else it complains about fails the test. */
const expectedNoise =
  /net::ERR_|WebSocket connection to|WebSocket is already in|Failed to load resource: the server responded with a status of 4/

/** In the page: what was asked for before has been laid out, and what listens to a change of the window has heard of it. */
async function untilPainted(): Promise<void> {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame)
}

interface Audit {
  readonly within: string | null
  readonly options: RunOptions
}

/** In the page: what breaks a rule so that somebody is shut out, as it would be searched for. */
async function findSerious({ within, options }: Audit): Promise<string[]> {
  const { axe } = window as unknown as { axe: { run(on: ElementContext, how: RunOptions): Promise<AxeResults> } }
  const { violations } = await axe.run(within ?? document, options)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' | ')}`)
}

export class Seat {
  readonly context: BrowserContext
  readonly page: Page
  readonly url: string
  /** Errors, and what the content policy refused. */
  readonly complaints: string[] = []
  #tools: CDPSession | null = null

  private constructor(context: BrowserContext, page: Page, url: string) {
    this.context = context
    this.page = page
    this.url = url
    this.#listen(page)
  }

  static async take(browser: Browser, { url, size = 'desktop', theme = 'light', locale = 'en-GB' }: SeatOptions) {
    const phone = size === 'phone'
    const context = await browser.newContext({
      viewport: sizes[size],
      colorScheme: theme,
      locale,
      timezoneId: 'America/Sao_Paulo',
      isMobile: phone,
      hasTouch: phone,
      reducedMotion: 'reduce',
    })
    return Seat.at(context, url)
  }

  /** In a browser that is there already. */
  static async at(context: BrowserContext, url: string): Promise<Seat> {
    context.setDefaultTimeout(15_000)
    return new Seat(context, context.pages()[0] ?? (await context.newPage()), url)
  }

  async anotherTab(path = '/app/chats'): Promise<Page> {
    const page = await this.context.newPage()
    this.#listen(page)
    await page.goto(this.url + path)
    return page
  }

  async signUp(username: string, displayName: string): Promise<void> {
    const { page } = this
    await page.goto(`${this.url}/app/sign-up`)
    await page.getByLabel('Your name').fill(displayName)
    await page.getByLabel('Username').fill(username)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign up' }).click()
    await page.getByRole('heading', { name: 'Chats' }).waitFor()
  }

  async signIn(login: string, secret = password): Promise<void> {
    const { page } = this
    await page.goto(`${this.url}/app/sign-in`)
    await page.locator('input[name=login]').fill(login)
    await page.locator('input[name=password]').fill(secret)
    await page.locator('button[type=submit]').click()
  }

  async writeTo(username: string): Promise<void> {
    const { page } = this
    const before = (await this.field.count()) > 0 ? await this.field.elementHandle() : null
    await page.getByRole('button', { name: 'New chat' }).click()
    await page.getByLabel('To', { exact: true }).fill(username)
    await page.getByRole('button', { name: `@${username}` }).click()
    // The chat before is there until the next one is.
    await before?.waitForElementState('hidden')
    await this.field.waitFor()
    await page.getByRole('dialog', { name: 'New chat' }).waitFor({ state: 'detached' })
  }

  async open(name: string): Promise<void> {
    await this.row(name).click()
    await this.page.getByRole('heading', { level: 1, name }).waitFor()
  }

  async send(text: string): Promise<void> {
    await this.field.fill(text)
    await this.field.press('Enter')
    await this.message(text).waitFor()
  }

  get field(): Locator {
    return this.page.getByRole('combobox', { name: 'Message' })
  }

  row(name: string): Locator {
    const list = this.page.getByRole('region', { name: 'Chats' })
    return list.getByRole('link').filter({ has: this.page.getByText(name, { exact: true }) })
  }

  message(text: string, page = this.page): Locator {
    return page.getByRole('article').filter({ hasText: text })
  }

  /** The texts of the messages on screen, oldest first. */
  async texts(): Promise<readonly string[]> {
    return this.page.locator('article [id$="-what"]').allInnerTexts()
  }

  /** Waits until a message of one's own got so far. */
  async seesProgress(text: string, progress: string): Promise<void> {
    await this.message(text).locator(`[data-progress="${progress}"]`).waitFor()
  }

  /**
   * Waits until what is there now is painted, and keeps a picture of it where pictures are wanted. By the browser's own
   * tools, which take half the time of `page.screenshot()`.
   */
  async shoot(name: string): Promise<void> {
    await this.page.evaluate(untilPainted)
    if (!picturesAreWanted) return
    this.#tools ??= await this.context.newCDPSession(this.page)
    const { data } = await this.#tools.send('Page.captureScreenshot', { optimizeForSpeed: true })
    await mkdir(shots, { recursive: true })
    await writeFile(join(shots, `${name}.png`), data, 'base64')
  }

  /** Waits until what is loaded after the first screen listens, to keys and to what calls: it then asks for this part. */
  async hearsEverything(): Promise<void> {
    await this.page.waitForFunction(() =>
      performance.getEntriesByType('resource').some(({ name }) => /\/compose-host-/u.test(name)),
    )
  }

  /** Waits until this browser could start the app without a network. */
  async keepsTheApp(): Promise<void> {
    await this.page.evaluate(async () => {
      const { serviceWorker } = navigator
      const { active } = await serviceWorker.ready
      const until = async (target: EventTarget | null, change: string, holds: () => boolean) => {
        while (!holds()) await new Promise(resolve => target?.addEventListener(change, resolve, { once: true }))
      }
      await until(active, 'statechange', () => active?.state === 'activated')
      await until(serviceWorker, 'controllerchange', () => serviceWorker.controller !== null)
    })
  }

  /** As on plain `http://`, where browsers give no service worker. Before the first page. */
  async withoutWorker(): Promise<void> {
    await this.context.addInitScript(() => {
      Object.defineProperty(ServiceWorkerContainer.prototype, 'register', {
        value: () => Promise.reject(new DOMException('Not here.', 'SecurityError')),
      })
    })
  }

  /** No serious violation of the accessibility rules, or of some of them, on what is shown now, or on a part of it. */
  async expectAccessible(within?: string, rules?: string[]): Promise<void> {
    const options = { ...onlyViolations, ...(rules && { runOnly: { type: 'rule' as const, values: rules } }) }
    // Once for each document: reading axe takes longer than most of what it does.
    if (!(await this.page.evaluate(() => 'axe' in window))) await this.page.evaluate(axe.source)
    const serious = await this.page.evaluate(findSerious, { within: within ?? null, options })
    expect(serious).toEqual([])
  }

  expectNoComplaints(): void {
    expect(this.complaints).toEqual([])
  }

  #listen(page: Page): void {
    page.on('pageerror', error => this.complaints.push(error.stack ?? error.message))
    page.on('console', message => {
      const complaint = message.type() === 'error' || message.type() === 'warning'
      if (complaint && !expectedNoise.test(message.text())) this.complaints.push(message.text())
    })
  }
}

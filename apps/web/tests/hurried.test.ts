/** People who do not wait: what they type while something opens or closes goes where they meant it. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'
import type { Seat } from './seat.ts'

const { sitAndWrite } = receiveGuests()

/** With movements, which take their time, as most people have them. */
async function sitWithMovements(mark: string): Promise<Seat> {
  const seat = await sitAndWrite(mark)
  await seat.page.emulateMedia({ reducedMotion: 'no-preference' })
  await seat.send('hello')
  await seat.hearsEverything()
  return seat
}

const finder = (page: Page) => page.getByRole('combobox', { name: /^Find/ })
const anyDialog = (page: Page) => page.getByRole('dialog')

/** In the page, without a pause between the keys: as fast as hands that do not look. */
async function pressAll(page: Page, keys: readonly string[]): Promise<void> {
  await page.evaluate(all => {
    for (const combo of all) {
      const key = combo.replace('Control+', '')
      const more = { ctrlKey: combo !== key, code: /^[a-z]$/u.test(key) ? `Key${key.toUpperCase()}` : '' }
      const press = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
      const taken = !document.activeElement?.dispatchEvent(press)
      if (!taken && key.length === 1) document.execCommand('insertText', false, key)
    }
  }, keys)
}

describe('what is typed while something opens', { tags: ['browser'], timeout: 90_000 }, () => {
  it('is searched for, and neither written into the message nor sent', async () => {
    const seat = await sitWithMovements('opens')
    const { page } = seat
    await seat.field.fill('half a sen')
    for (const message of ['first', 'again']) {
      await pressAll(page, ['Control+k', ...'peoqp', 'Backspace', 'Backspace', 'p'])
      await finder(page).waitFor()
      await expect.poll(() => finder(page).inputValue(), { message }).toBe('peop')
      // Behind a dialog it has no role.
      expect(await page.locator('main textarea').inputValue()).toBe('half a sen')
      await page.keyboard.press('Escape')
      await anyDialog(page).waitFor({ state: 'detached' })
    }
    await pressAll(page, ['Control+k', ...'people', 'Enter'])
    await page.getByRole('heading', { level: 1, name: 'People' }).waitFor()
    await page.goBack()
    await expect.poll(() => seat.field.inputValue()).toBe('half a sen')
    expect(await seat.texts()).toEqual(['hello'])
  })

  it('is whom a new chat is looked for with, and no command of a list', async () => {
    const seat = await sitWithMovements('new')
    const { page } = seat
    await seat.row('Bo new').focus()
    await pressAll(page, ['c', ...'empu'])
    await expect.poll(() => page.getByLabel('To', { exact: true }).inputValue()).toBe('empu')
    expect(await page.getByRole('img', { name: /Pinned|Muted/ }).count()).toBe(0)
  })

  it('ends with Esc, which takes back the opening and nothing else', async () => {
    const seat = await sitWithMovements('esc')
    const { page } = seat
    const address = page.url()
    await pressAll(page, ['Control+k', 'a', 'Escape', ...'so'])
    await expect.poll(() => seat.field.inputValue()).toBe('so')
    await anyDialog(page).waitFor({ state: 'detached' })
    expect(page.url()).toBe(address)
  })
})

describe('one who writes in a hurry', { tags: ['browser'], timeout: 90_000 }, () => {
  it('sends two messages though the first was not stored yet, and none of them twice', async () => {
    const seat = await sitWithMovements('twice')
    await seat.field.focus()
    await pressAll(seat.page, [...'one', 'Enter', 'Enter', ...'two', 'Enter', ...'thr'])
    await seat.message('two').waitFor()
    await expect.poll(() => seat.texts()).toEqual(['hello', 'one', 'two'])
    await expect.poll(() => seat.field.inputValue()).toBe('thr')
  })
})

describe('one who searches and leaves in a hurry', { tags: ['browser'], timeout: 90_000 }, () => {
  it('opens the first chat found with Enter, goes down into the list, and leaves step by step', async () => {
    const seat = await sitWithMovements('steps')
    const { page } = seat
    const address = page.url()
    await page.goto(`${seat.url}/app/chats`)
    const search = page.getByRole('searchbox', { name: 'Find a chat' })
    await search.fill('bo st')
    await search.press('ArrowDown')
    await expect.poll(() => seat.row('Bo steps').evaluate(row => row === document.activeElement)).toBe(true)
    await search.press('Enter')
    await seat.field.waitFor()
    expect(page.url()).toBe(address)
    await page.getByRole('heading', { level: 1, name: 'Bo steps' }).click()
    const details = page.getByRole('complementary', { name: 'Details' })
    await details.waitFor()
    await seat.field.press('Escape')
    await details.waitFor({ state: 'detached' })
    expect(page.url()).toBe(address)
    await seat.field.press('Escape')
    await seat.field.waitFor({ state: 'detached' })
  })

  it('keeps the focus in what lies over the app when the window shrinks below the details', async () => {
    const { page } = await sitWithMovements('shrinks')
    await page.keyboard.press('Control+.')
    await page.getByRole('complementary', { name: 'Details' }).waitFor()
    await page.keyboard.press('Control+k')
    await finder(page).waitFor()
    for (const width of [1_000, 390, 1_440]) {
      await page.setViewportSize({ width, height: 700 })
      await page.keyboard.type('o')
    }
    await expect.poll(() => finder(page).inputValue()).toBe('ooo')
  })
})

describe('what closes', { tags: ['browser'], timeout: 90_000 }, () => {
  it('gives the focus back before it has left with a movement', async () => {
    const seat = await sitWithMovements('closes')
    const { page } = seat
    await page.keyboard.press('Control+k')
    await finder(page).waitFor()
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.activeElement instanceof HTMLTextAreaElement)
    await page.keyboard.type('on we go')
    expect(await seat.field.inputValue()).toBe('on we go')
  })

  it.each(['Control+k', 'Control+/'])('opens again by %s however soon', async key => {
    const seat = await sitWithMovements(key === 'Control+k' ? 'palette' : 'keys')
    const { page } = seat
    for (const pauseMs of [0, 1, 2, 3, 5, 8, 20, 60]) {
      await page.keyboard.press(key)
      await anyDialog(page).waitFor()
      await page.evaluate(pressAgain, { key: key.slice(-1), pauseMs })
      await page.waitForFunction(() => document.activeElement?.closest('[role=dialog][data-open]') != null)
      // It stays: nothing that closed before takes the focus from it.
      await page.waitForFunction(() => document.getAnimations().length === 0)
      expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog][data-open]') != null)).toBe(true)
      await page.keyboard.press('Escape')
      await anyDialog(page).waitFor({ state: 'detached' })
    }
  })
})

/** In the page, where the pause is as short as it says. */
async function pressAgain({ key, pauseMs }: { key: string; pauseMs: number }): Promise<void> {
  const press = (more: KeyboardEventInit) =>
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...more }))
  press({ key: 'Escape' })
  while (document.querySelector('[role=dialog][data-open]')) await Promise.resolve()
  if (pauseMs > 0) await new Promise(resolve => setTimeout(resolve, pauseMs))
  press({ key, ctrlKey: true, code: key === 'k' ? 'KeyK' : '' })
}

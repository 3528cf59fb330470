/** Menus: opened by keys they begin at their first entry, they stay within the window, and the chat's own leads to a date. */
import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'
import type { Seat } from './seat.ts'

const { sitAndWrite } = receiveGuests()

const menu = (page: Page) => page.getByRole('menu')
const firstEntry = (page: Page) => page.getByRole('menuitem').first()

async function expectFocus(target: Locator): Promise<void> {
  await target.waitFor()
  await expect.poll(() => target.evaluate(element => element === document.activeElement)).toBe(true)
}

async function close(page: Page): Promise<void> {
  await page.keyboard.press('Escape')
  await menu(page).waitFor({ state: 'detached' })
}

/** What of the menu lies outside of the window, in pixels. */
function outside(page: Page): Promise<number> {
  return menu(page).evaluate(element => {
    const { left, top, right, bottom } = element.getBoundingClientRect()
    return Math.max(0, -left, -top, right - window.innerWidth, bottom - window.innerHeight)
  })
}

describe('a menu', { tags: ['browser'], timeout: 90_000 }, () => {
  it('begins at its first entry by keys, and chooses none under a pointer', async () => {
    const seat = await sitAndWrite('menu')
    const { page } = seat
    await seat.send('hello')
    await seat.seesProgress('hello', 'delivered')
    const row = seat.row('Bo menu')
    const message = seat.message('hello')
    const more = page.getByRole('button', { name: 'Menu of this chat' })

    for (const key of ['ContextMenu', 'Shift+F10']) {
      await row.focus()
      await page.keyboard.press(key)
      await expectFocus(firstEntry(page))
      await close(page)
      await expectFocus(row)
    }
    await message.focus()
    await page.keyboard.press('ContextMenu')
    await expectFocus(firstEntry(page))
    await page.keyboard.press('End')
    await expectFocus(page.getByRole('menuitem').last())
    await close(page)
    for (const key of ['Enter', 'ArrowDown']) {
      await more.focus()
      await page.keyboard.press(key)
      await expectFocus(page.getByRole('menuitem', { name: 'Go to a date' }))
      await close(page)
      await expectFocus(more)
    }

    await row.click({ button: 'right' })
    await expectFocus(menu(page))
    await close(page)
    await message.locator('[id$="-what"]').click({ button: 'right' })
    await expectFocus(menu(page))
    await close(page)
    await more.click()
    await expectFocus(menu(page))
    await close(page)
  })

  it('stays wholly within a window that shrinks', async () => {
    const seat = await sitAndWrite('shrink')
    await seat.send('hello')
    // What is still on its way has no menu.
    await seat.seesProgress('hello', 'delivered')
    for (const open of [openAtMessage, openOfChat, openInList]) {
      await seat.page.setViewportSize({ width: 1440, height: 900 })
      await open(seat)
      await menu(seat.page).waitFor()
      for (const size of [
        { width: 900, height: 420 },
        { width: 600, height: 300 },
        { width: 320, height: 240 },
      ]) {
        await seat.page.setViewportSize(size)
        await expect.poll(() => outside(seat.page)).toBe(0)
      }
      await seat.shoot(`menu in a small window, ${open.name}`)
      await close(seat.page)
    }
  })
})

const openAtMessage = (seat: Seat) => seat.message('hello').locator('[id$="-what"]').click({ button: 'right' })
const openOfChat = ({ page }: Seat) => page.getByRole('button', { name: 'Menu of this chat' }).click()
const openInList = (seat: Seat) => seat.row('Bo shrink').click({ button: 'right' })

describe('the menu of a chat', { tags: ['browser'], timeout: 90_000 }, () => {
  it('C3: leads to a date, and does for the chat what the list does', async () => {
    const seat = await sitAndWrite('chat', { size: 'phone' })
    const { page } = seat
    await seat.field.fill('hello')
    await page.getByRole('button', { name: 'Send' }).tap()
    await seat.message('hello').waitFor()
    const more = page.getByRole('button', { name: 'Menu of this chat' })
    await more.tap()
    await page.getByRole('menuitem', { name: 'Go to a date' }).tap()
    const calendar = page.getByRole('dialog', { name: 'Go to a date' })
    await calendar.getByRole('button', { name: 'To the beginning' }).tap()
    await calendar.waitFor({ state: 'detached' })
    await seat.message('hello').waitFor()
    await more.tap()
    await page.getByRole('menuitem', { name: 'Mute for good' }).tap()
    await page.getByText('Bo chat is muted.').waitFor()
    await more.tap()
    await page.getByRole('menuitem', { name: 'Unmute' }).waitFor()
  })
})

describe('the bell', { tags: ['browser'], timeout: 90_000 }, () => {
  it('opens with what it has to tell, not empty', async () => {
    const { page } = await sitAndWrite('bell')
    await page.evaluate(rememberFirstWords)
    await page.getByRole('button', { name: /Bell/ }).click()
    await page.getByRole('dialog', { name: 'Notifications' }).waitFor()
    expect(await page.evaluate(() => document.body.dataset['firstWords'])).toMatch(/^Notifications.*Nothing new\./u)
  })
})

/** In the page: what the first dialog said at the moment in which it came. */
function rememberFirstWords(): void {
  const observer = new MutationObserver(() => {
    const dialog = document.querySelector('[role=dialog]')
    if (!dialog) return
    document.body.dataset['firstWords'] = dialog.textContent ?? ''
    observer.disconnect()
  })
  observer.observe(document.body, { childList: true, subtree: true })
}

describe('what lies on top', { tags: ['browser'], timeout: 90_000 }, () => {
  it('stays when it opens in the moment in which something else closes, and going back closes it', async () => {
    const { page } = await sitAndWrite('again')
    const address = page.url()
    for (const pauseMs of [0, 1, 2, 3, 5, 8]) {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: /^Find/ }).waitFor()
      await expect.poll(() => onTop(page)).not.toBeNull()
      const left = await onTop(page)
      await page.evaluate(closeAndOpen, pauseMs)
      await page.getByRole('dialog', { name: 'Keyboard' }).getByRole('heading', { level: 3 }).first().waitFor()
      // Its entry is there once the browser has left that of the other.
      await expect.poll(async () => [null, left].includes(await onTop(page))).toBe(false)
      await page.goBack()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(page.url()).toBe(address)
    }
  })
})

/** What the history's entry says lies on top. */
const onTop = (page: Page): Promise<string | null> => page.evaluate(() => history.state?.overlays?.at(-1) ?? null)

/** In the page, where the pause is as short as it says. What closes has the keys until it has closed. */
async function closeAndOpen(pauseMs: number): Promise<void> {
  const press = (key: string) => {
    const more = { bubbles: true, cancelable: true, shiftKey: key === '?' }
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, ...more }))
  }
  press('Escape')
  while (document.querySelector('[role=dialog][data-open]')) await Promise.resolve()
  if (pauseMs > 0) await new Promise(resolve => setTimeout(resolve, pauseMs))
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  press('?')
}

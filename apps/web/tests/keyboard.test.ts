/** By keyboard alone, from signing up to signing out: nothing needs a pointer, and the focus is never lost on the way. */
import { type Client, createNodeClient } from '@recado/client'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { keyIds, keyTable } from '../src/keys/key-table.ts'
import { password, type Seat } from './seat.ts'
import { setTable, type Table } from './table.ts'

let table: Table
let bo: Client
let seat: Seat
let page: Page
beforeAll(async () => {
  table = await setTable()
  bo = createNodeClient({ url: table.url })
  await bo.signUp({ username: 'bo-key', password, displayName: 'Bo Key' })
}, 120_000)
afterAll(async () => {
  await bo?.close()
  await table?.[Symbol.asyncDispose]()
})
afterEach(async () => {
  await seat.context.close()
  seat.expectNoComplaints()
})

async function signUpByKeys(username: string, displayName: string): Promise<void> {
  seat = await table.seat()
  ;({ page } = seat)
  await page.goto(`${table.url}/app/sign-up`)
  await expectFocus(page.getByLabel('Your name'))
  await page.keyboard.type(displayName)
  await tabTo(page.getByLabel('Username'))
  await page.keyboard.type(username)
  await tabTo(page.getByLabel('Password', { exact: true }))
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Chats' }).waitFor()
}

/** Goes on with Tab until something has the focus. */
async function tabTo(target: Locator, key = 'Tab'): Promise<void> {
  await target.waitFor()
  for (let step = 0; step < 100; step += 1) {
    if (await hasFocus(target)) return
    await page.keyboard.press(key)
    expect(await focusIsLost(), `after ${key}`).toBe(false)
  }
  throw new Error(`The key ${key} never comes to ${target}.`)
}

function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate(element => element === document.activeElement)
}

async function expectFocus(target: Locator): Promise<void> {
  await target.waitFor()
  await expect.poll(() => hasFocus(target)).toBe(true)
}

/** Tab itself may leave the page for the browser's own controls: then the document has no focus at all. */
function focusIsLost(): Promise<boolean> {
  return page.evaluate(() => document.hasFocus() && document.activeElement === document.body)
}

async function expectFocusSomewhere(): Promise<void> {
  await expect.poll(focusIsLost).toBe(false)
}

async function writeToBo(): Promise<void> {
  await page.keyboard.press('c')
  await expectFocus(page.getByLabel('To', { exact: true }))
  await page.keyboard.type('bo-key')
  await tabTo(page.getByRole('button', { name: '@bo-key' }))
  await page.keyboard.press('Enter')
  await expectFocus(seat.field)
}

async function say(text: string): Promise<void> {
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
  await seat.seesProgress(text, 'delivered')
}

async function answer(body: string): Promise<void> {
  const [view] = bo.getSnapshot().conversations
  if (!view) throw new Error('Bo was written to.')
  await bo.send({ conversationId: view.id, body })
}

/** Everything that live regions say from now on. */
async function listen(): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const said: string[] = []
    Object.assign(window, { said })
    new MutationObserver(records => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement
        const region = element?.closest('[aria-live=polite], [aria-live=assertive], [role=status], [role=alert]')
        const words = region?.textContent?.trim()
        if (words) said.push(words)
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true })
  })
  return () => page.evaluate(() => (window as unknown as { said: string[] }).said)
}

describe('by keyboard alone', { tags: ['browser'], timeout: 180_000 }, () => {
  it('one signs up, talks, reacts, deletes, and hears each message once', async () => {
    await signUpByKeys('ana-key', 'Ana Key')
    await writeToBo()
    await say('Are you there?')
    await vi.waitUntil(() => bo.getSnapshot().conversations.length > 0)
    const heard = await listen()
    await answer('Yes, since nine.')
    await seat.message('since nine').waitFor()
    await expect.poll(heard).toContain('Bo Key: Yes, since nine.')
    expect((await heard()).filter(words => words.includes('since nine'))).toHaveLength(1)

    // Read as who, what, when.
    await page.getByRole('article', { name: /^Bo Key Yes, since nine\. .*\d+:\d\d/ }).waitFor()

    await tabTo(seat.message('since nine'), 'Shift+Tab')
    await tabTo(seat.message('since nine').getByRole('button', { name: 'React', exact: true }))
    await page.keyboard.press('Enter')
    const panel = page.getByRole('dialog', { name: 'React' })
    await expect.poll(() => panel.evaluate(element => element.contains(document.activeElement))).toBe(true)
    await tabTo(panel.getByRole('button', { name: '👍' }))
    await page.keyboard.press('Enter')
    await seat
      .message('since nine')
      .getByRole('button', { name: /👍 by 1 person/ })
      .waitFor()
    await expectFocusSomewhere()

    await tabTo(seat.message('Are you there?'), 'Shift+Tab')
    await tabTo(seat.message('Are you there?').getByRole('button', { name: 'More' }))
    await page.keyboard.press('Enter')
    await expectFocus(page.getByRole('menuitem').first())
    await page.keyboard.press('End')
    await expectFocus(page.getByRole('menuitem', { name: 'Delete for everybody' }))
    await page.keyboard.press('Enter')
    await expectFocus(seat.message('Message deleted'))
  })

  it('one makes a group, looks at people, leaves and comes back, and signs out', async () => {
    await signUpByKeys('cy-key', 'Cy Key')
    await page.keyboard.press('Control+k')
    await expectFocus(page.getByRole('combobox'))
    await page.keyboard.type('new group')
    await page.getByRole('option', { name: 'New group', exact: true }).waitFor()
    await page.keyboard.press('Enter')
    await expectFocus(page.getByLabel('Name of the group'))
    await page.keyboard.type('Key ring')
    await tabTo(page.getByLabel('Members'))
    await page.keyboard.type('bo-key')
    await tabTo(page.getByRole('button', { name: '@bo-key' }))
    await page.keyboard.press('Enter')
    await tabTo(page.getByRole('button', { name: 'Create group' }))
    await page.keyboard.press('Enter')
    await expectFocus(seat.field)

    await page.keyboard.press('Control+.')
    const details = page.getByRole('complementary', { name: 'Details' })
    await tabTo(details.getByRole('button', { name: 'Rename the group' }))
    await page.keyboard.press('Enter')
    await expectFocus(page.getByLabel('Name of the group'))
    await page.keyboard.press('Escape')
    await expectFocus(details.getByRole('button', { name: 'Rename the group' }))
    await tabTo(details.getByRole('button', { name: 'Profile of Bo Key' }))
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Profile' }).waitFor()
    await page.keyboard.press('Escape')
    await expectFocus(details.getByRole('button', { name: 'Profile of Bo Key' }))

    await tabTo(details.getByRole('button', { name: 'Leave the group' }))
    await page.keyboard.press('Enter')
    await page.getByText('You left Key ring.').waitFor()
    await details.waitFor({ state: 'detached' })
    await expectFocusSomewhere()
    expect(await seat.row('Key ring').count()).toBe(0)
    await page.keyboard.press('F6')
    await tabTo(page.getByRole('button', { name: 'Undo' }))
    await page.keyboard.press('Enter')
    await seat.row('Key ring').waitFor()
    await expectFocusSomewhere()

    await seat.row('Key ring').focus()
    await page.keyboard.press('e')
    await page.getByText('Key ring is archived.').waitFor()
    await expectFocusSomewhere()

    await page.keyboard.press('Control+,')
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    await tabTo(page.getByRole('radio', { name: 'Like the system' }))
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark')
    await tabTo(page.getByRole('button', { name: 'Sign out', exact: true }))
    await page.keyboard.press('Enter')
    await expectFocus(page.getByLabel('Username or e-mail'))
  })

  it('one skips the rail and the list, and finds the way back from wherever', async () => {
    await signUpByKeys('dee-key', 'Dee Key')
    await writeToBo()
    await page.reload()
    await expectFocus(seat.field)
    await page.getByRole('button', { name: 'Skip to the content' }).focus()
    await expect
      .poll(() => page.getByRole('button', { name: 'Skip to the content' }).evaluate(one => one.clientWidth))
      .toBeGreaterThan(44)
    await seat.shoot('skip-link')
    await page.keyboard.press('Enter')
    await expectFocus(page.getByRole('main'))
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true)
  })
})

describe('the help', { tags: ['browser'], timeout: 90_000 }, () => {
  it('names every key that does something everywhere, and each that it names does something', async () => {
    await signUpByKeys('eve-key', 'Eve Key')
    await writeToBo()
    await say('hello')
    const pressed = await page.evaluate(pressAll)
    const named = keyIds.filter(id => keyTable[id].place === 'everywhere').flatMap(id => keyTable[id].combos)
    // Without a notice there is none to go to, without a chat before or after this one none either; Esc is for what is open.
    const idle = ['F6', 'Alt+ArrowUp', 'Alt+ArrowDown', 'Escape']
    expect(pressed.toSorted()).toEqual(named.filter(combo => !idle.includes(combo)).toSorted())
  })
})

/** In the page: presses every key with everything that may be held, and says which of them the app took. */
async function pressAll(): Promise<readonly string[]> {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const functions = Array.from({ length: 12 }, (_, index) => `F${index + 1}`)
  const names = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown', 'Insert']
  const signs = [...'./?0123456789;-=[]']
  const keys = [...signs, ...letters, ...functions, ...names, 'Escape', 'Enter', ' ', 'Delete', ',']
  const rest = () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  const floats = () => document.querySelector('[role=dialog], [role=menu]') !== null
  const shows = () => floats() || document.querySelector('aside') !== null || document.activeElement !== document.body
  const until = async (holds: () => boolean) => {
    for (const end = Date.now() + 10_000; !holds() && Date.now() < end; ) await rest()
  }
  const took: string[] = []
  for (const key of keys) {
    // What Shift does to a sign is another sign.
    for (const held of ['', 'Mod+', 'Alt+', ...(/^[^\w ]$/u.test(key) ? [] : ['Mod+Shift+', 'Alt+Shift+'])]) {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      const press = new KeyboardEvent('keydown', {
        key: letters.includes(key) && !held.includes('Shift') ? key.toLowerCase() : key,
        ctrlKey: held.includes('Mod'),
        altKey: held.includes('Alt'),
        shiftKey: held.includes('Shift') || key === '?',
        bubbles: true,
        cancelable: true,
      })
      const place = location.pathname
      if (document.body.dispatchEvent(press)) continue
      took.push(held + key)
      await rest()
      // What opens may have to be loaded first.
      await until(() => shows() || location.pathname !== place)
      const back = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true })
      document.activeElement?.dispatchEvent(back)
      await rest()
      await until(() => !floats())
    }
  }
  return took
}

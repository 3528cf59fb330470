/** A conversation of some length: where it opens, how it pages, where links lead, and reading it by keyboard alone. */
import { type Client, createNodeClient } from '@recado/client'
import type { Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { password, type Seat } from './seat.ts'
import { setTable, type Table } from './table.ts'

const count = 400
let table: Table
let seat: Seat
let conversationId: number

beforeAll(async () => {
  table = await setTable()
  conversationId = await writeMuch(table.url)
}, 120_000)
afterAll(() => table?.[Symbol.asyncDispose]())
afterEach(async () => {
  await seat.context.close()
  seat.expectNoComplaints()
})

/** Marta writes many messages to Nuno, of very different lengths, while he is away. */
async function writeMuch(url: string): Promise<number> {
  await using marta = createNodeClient({ url })
  await using nuno = createNodeClient({ url, receipts: 'none' })
  await marta.signUp({ username: 'marta', password, displayName: 'Marta' })
  await nuno.signUp({ username: 'nuno', password, displayName: 'Nuno' })
  const peer = nuno.getSnapshot().me
  if (!peer) throw new Error('Signing up signs in.')
  const { id } = await marta.openDirect(peer.id)
  for (let number = 1; number <= count; number += 1) {
    await marta.send({ conversationId: id, body: `Letter ${number}. ${'More of it. '.repeat((number * 7) % 40)}` })
  }
  await allSent(marta)
  return id
}

async function allSent(client: Client): Promise<void> {
  await vi.waitUntil(() => client.getSnapshot().outbox.waiting === 0, { timeout: 60_000 })
}

async function sitDown(username: string, path = '/app/chats'): Promise<void> {
  seat = await table.seat()
  await seat.signIn(username)
  await seat.page.getByRole('heading', { name: 'Chats' }).waitFor()
  await seat.page.goto(table.url + path)
}

const chat = () => `/app/chats/${conversationId}`
/** A full stop ends the number, so that 1 is not found in 10. */
const letter = (number: number) => seat.message(`Letter ${number}.`)

/** Whether somebody looking at the screen sees it. */
function isInView(message: Locator): Promise<boolean> {
  return message.evaluate(element => {
    const { top, bottom } = element.getBoundingClientRect()
    return bottom > 0 && top < window.innerHeight
  })
}

describe('a long conversation', { tags: ['browser'], timeout: 90_000 }, () => {
  it('opens for its author at the newest message and pages back without a jump', async () => {
    await sitDown('marta', chat())
    await letter(count).waitFor()
    await expect.poll(() => isInView(letter(count))).toBe(true)
    const list = seat.page.getByTestId('messages')
    for (const wanted of [380, 340, 300]) {
      await list.hover()
      await expect
        .poll(
          async () => {
            await seat.page.mouse.wheel(0, -600)
            return letter(wanted).count()
          },
          { timeout: 20_000, interval: 30 },
        )
        .toBe(1)
    }
    await seat.page.getByRole('button', { name: 'Go to the newest message' }).click()
    await letter(count).waitFor()
  })

  it('opens for its reader at the first unread message, which counts as read only from there', async () => {
    await sitDown('nuno')
    await seat
      .row('Marta')
      .getByRole('img', { name: `${count} unread` })
      .waitFor()
    await seat.open('Marta')
    await letter(1).waitFor()
    await seat.page.getByText('New', { exact: true }).waitFor()
    await expect
      .poll(() =>
        seat
          .row('Marta')
          .getByRole('img', { name: /unread/ })
          .getAttribute('aria-label'),
      )
      .not.toBe(`${count} unread`)
    expect(
      await seat
        .row('Marta')
        .getByRole('img', { name: /unread/ })
        .count(),
    ).toBe(1)
    await seat.page.getByRole('button', { name: 'Go to the newest message' }).click()
    await letter(count).waitFor()
    await seat
      .row('Marta')
      .getByRole('img', { name: /unread/ })
      .waitFor({ state: 'detached' })
  })

  it('shows the message that a link points at', async () => {
    await sitDown('marta')
    await seat.page.goto(`${table.url}${chat()}?at=121`)
    await seat.page.locator('article[data-sequence="121"]').waitFor()
    await expect.poll(() => isInView(seat.page.locator('article[data-sequence="121"]'))).toBe(true)
  })
})

describe('by keyboard alone', { tags: ['browser'], timeout: 90_000 }, () => {
  it('one reads, answers, edits and leaves again', async () => {
    await sitDown('marta')
    const { page } = seat
    await seat.row('Nuno').focus()
    await page.keyboard.press('Enter')
    await letter(count).waitFor()
    await expect.poll(() => seat.field.evaluate(element => element === document.activeElement)).toBe(true)

    await letter(count).focus()
    await page.keyboard.press('ArrowUp')
    await expect.poll(() => letter(count - 1).evaluate(element => element === document.activeElement)).toBe(true)
    await page.getByRole('button', { name: 'Reply' }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('typed by keyboard')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('in two lines')
    await page.keyboard.press('Enter')
    await seat
      .message('typed by keyboard')
      .getByRole('button', { name: new RegExp(`Letter ${count - 1}`) })
      .waitFor()

    await page.locator('article[data-sequence]').filter({ hasText: 'typed by keyboard' }).waitFor()
    await page.keyboard.press('ArrowUp')
    await page.getByText('Editing', { exact: true }).waitFor()
    await page.keyboard.type(', and more')
    await page.keyboard.press('Escape')
    await page.getByText('Editing', { exact: true }).waitFor({ state: 'detached' })
    await page.keyboard.press('ArrowUp')
    await expect.poll(() => seat.field.inputValue()).toBe('typed by keyboard\nin two lines, and more')
    await page.keyboard.press('Enter')
    await seat.message('and more').getByText('edited').waitFor()

    await seat.field.fill('a draft that stays')
    await page.keyboard.press('Escape')
    await page.getByText('Choose a chat to go on').waitFor()
    await seat.row('Nuno').getByText('a draft that stays').waitFor()
  })
})

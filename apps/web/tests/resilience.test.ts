/** Lost lines, reloads, several tabs, ended sessions: nothing that was written is lost, and nothing is shown twice. */
import { describe, expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'
import { password, type Seat } from './seat.ts'

const table = receiveGuests()

/** Ana on a line that can be cut, and Bo, in a chat of theirs. */
async function pairOnLine(mark: string) {
  const { seat: ana, line } = await table.seatOnLine()
  const bo = await table.seat()
  await Promise.all([ana.signUp(`ana-${mark}`, `Ana ${mark}`), bo.signUp(`bo-${mark}`, `Bo ${mark}`)])
  await ana.writeTo(`bo-${mark}`)
  await ana.send('hello')
  await bo.open(`Ana ${mark}`)
  await ana.seesProgress('hello', 'read')
  return { ana, bo, line }
}

/** Ana alone, on her chats. */
async function anaAlone(mark: string): Promise<Seat> {
  return table.sit(`ana-${mark}`, `Ana ${mark}`)
}

describe('a lost line', { tags: ['browser'], timeout: 90_000 }, () => {
  it('is said calmly, queues what is written, and sends it in order on return', async () => {
    const { ana, bo, line } = await pairOnLine('cut')
    line.cut()
    await ana.page.getByText(/^Offline/).waitFor()
    for (const text of ['one', 'two', 'three']) {
      await ana.send(text)
      await ana.seesProgress(text, 'waiting')
    }
    await bo.send('meanwhile')
    await bo.seesProgress('meanwhile', 'sent')
    expect(await ana.texts()).toEqual(['hello', 'one', 'two', 'three'])

    line.mend()
    await bo.message('three').waitFor()
    const order = ['hello', 'meanwhile', 'one', 'two', 'three']
    await expect.poll(() => ana.texts(), { timeout: 15_000 }).toEqual(order)
    expect(await bo.texts()).toEqual(order)
    await ana.seesProgress('three', 'read')
    await ana.page.getByText(/^Offline/).waitFor({ state: 'detached' })
  })

  it('keeps what was not sent when the tab is closed, and sends it from the next one', async () => {
    const { ana, bo, line } = await pairOnLine('closed')
    line.cut()
    await ana.send('written in the tunnel')
    await ana.seesProgress('written in the tunnel', 'waiting')
    await ana.page.close()
    line.mend()
    const tab = await ana.anotherTab()
    await bo.message('written in the tunnel').waitFor()
    await tab.getByText('You: written in the tunnel').waitFor()
    expect(await bo.message('written in the tunnel').count()).toBe(1)
  })
})

describe('a reload', { tags: ['browser'], timeout: 90_000 }, () => {
  it('keeps the sign-in, the messages, what was half written, and the open chat', async () => {
    const { ana } = await pairOnLine('reload')
    await ana.field.fill('half a sen')
    await ana.page.reload()
    await ana.message('hello').waitFor()
    await expect.poll(() => ana.field.inputValue()).toBe('half a sen')
    await ana.seesProgress('hello', 'read')
  })

  it('keeps the edit of a message, and the draft under it', async () => {
    const { ana, bo } = await pairOnLine('edit')
    await ana.field.press('ArrowUp')
    await ana.field.pressSequentially(' again, B')
    await ana.page.reload()
    await ana.page.getByRole('button', { name: 'Stop editing' }).waitFor()
    await expect.poll(() => ana.field.inputValue()).toBe('hello again, B')
    await ana.field.press('Escape')
    await expect.poll(() => ana.field.inputValue()).toBe('')
    await ana.field.pressSequentially('a draft')
    await ana.message('hello').hover()
    await ana.page.getByRole('button', { name: 'More' }).click()
    await ana.page.getByRole('menuitem', { name: 'Edit', exact: true }).click()
    await expect.poll(() => ana.field.inputValue()).toBe('hello again, B')
    await ana.page.reload()
    await expect.poll(() => ana.field.inputValue()).toBe('hello again, B')
    await ana.field.pressSequentially('o')
    await ana.field.press('Enter')
    await bo.message('hello again, Bo').getByText('edited').waitFor()
    await expect.poll(() => ana.field.inputValue()).toBe('a draft')
    await ana.page.reload()
    await expect.poll(() => ana.field.inputValue()).toBe('a draft')
  })

  it('keeps the theme and the language that were chosen', async () => {
    const ana = await anaAlone('choice')
    await ana.page.getByRole('link', { name: 'Settings' }).click()
    await ana.page.getByText('Dark', { exact: true }).click()
    await ana.page.getByText('Português (Brasil)').click()
    await ana.page.getByRole('heading', { name: 'Ajustes' }).waitFor()
    await ana.page.reload()
    await ana.page.getByRole('heading', { name: 'Ajustes' }).waitFor()
    const root = ana.page.locator('html')
    expect(await root.getAttribute('data-theme')).toBe('dark')
    expect(await root.getAttribute('lang')).toBe('pt-BR')
  })
})

describe('a draft', { tags: ['browser'], timeout: 120_000 }, () => {
  it('and an edit stay with their account over a reload, signing out, and whoever signs in next', async () => {
    const { ana, bo } = await pairOnLine('own')
    const { page } = ana
    await table.sit('cleo-own', 'Cleo own')
    await bo.send('come and see')
    await ana.message('come and see').waitFor()
    await ana.field.press('ArrowUp')
    await ana.field.pressSequentially(', edited by Ana')
    await ana.field.press('Escape')
    await ana.field.pressSequentially('a secret of Ana')
    await page.reload()
    await expect.poll(() => ana.field.inputValue()).toBe('a secret of Ana')

    // Ended from elsewhere, it is hers again once she is back.
    const other = await table.seat({ size: 'phone' })
    await other.signIn('ana-own')
    await other.page.getByRole('link', { name: 'Settings' }).click()
    await other.page.getByRole('button', { name: 'End', exact: true }).first().click()
    await page.getByText('Your session was ended. Sign in again to go on.').waitFor()
    await ana.signIn('cleo-own')
    await page.getByRole('heading', { name: 'Chats' }).waitFor()
    await ana.writeTo('bo-own')
    await ana.send('hello from Cleo')
    expect(await ana.field.inputValue()).toBe('')
    // What is still on its way cannot be edited.
    await ana.seesProgress('hello from Cleo', 'delivered')
    await ana.field.press('ArrowUp')
    await expect.poll(() => ana.field.inputValue()).toBe('hello from Cleo')
    await ana.field.press('Escape')
    await ana.field.pressSequentially('a secret of Cleo')
    await signOut(ana)
    await expect.poll(() => kept(ana)).not.toContain('Cleo')

    await ana.signIn('ana-own')
    await page.getByText('a secret of Ana').waitFor()
    await ana.open('Bo own')
    await expect.poll(() => ana.field.inputValue()).toBe('a secret of Ana')
    await ana.message('come and see').waitFor()
    await ana.field.fill('')
    await ana.field.press('ArrowUp')
    await expect.poll(() => ana.field.inputValue()).toBe('hello, edited by Ana')
    await signOut(ana)
    await expect.poll(() => kept(ana)).not.toMatch(/secret|edited by/u)
    await ana.signIn('ana-own')
    await ana.open('Bo own')
    await ana.field.waitFor()
    expect(await ana.field.inputValue()).toBe('')
  })
})

async function signOut({ page }: Seat): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
}

/** All that the page's own storages hold. */
function kept({ page }: Seat): Promise<string> {
  return page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
}

describe('a second tab', { tags: ['browser'], timeout: 90_000 }, () => {
  it('is signed in, shows the same, and each message once in both', async () => {
    const { ana, bo } = await pairOnLine('tabs')
    const tab = await ana.anotherTab(new URL(ana.page.url()).pathname)
    await ana.message('hello', tab).waitFor()
    await ana.page.bringToFront()
    await ana.send('from the first tab')
    await ana.message('from the first tab', tab).waitFor()
    await tab.bringToFront()
    await tab.getByRole('combobox', { name: 'Message' }).fill('from the second tab')
    await tab.getByRole('combobox', { name: 'Message' }).press('Enter')
    await bo.message('from the second tab').waitFor()
    const order = ['hello', 'from the first tab', 'from the second tab']
    expect(await bo.texts()).toEqual(order)
    await expect.poll(() => ana.texts()).toEqual(order)
    await expect.poll(() => tab.locator('article [id$="-what"]').allInnerTexts()).toEqual(order)
  })

  it('is signed out together with the first', async () => {
    const ana = await anaAlone('leave')
    const tab = await ana.anotherTab()
    await tab.getByRole('heading', { name: 'Chats' }).waitFor()
    await ana.page.getByRole('link', { name: 'Settings' }).click()
    await ana.page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await ana.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await tab.getByRole('heading', { name: 'Sign in' }).waitFor()
    await ana.page.reload()
    await ana.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })
})

describe('signing in', { tags: ['browser'], timeout: 90_000 }, () => {
  it('is refused in words, the same for a wrong name and a wrong password', async () => {
    const ana = await anaAlone('refuse')
    const guest = await table.seat()
    for (const [login, secret] of [
      ['ana-refuse', 'not the password'],
      ['nobody-refuse', password],
    ] as const) {
      await guest.signIn(login, secret)
      await guest.page.getByText('The name or the password is wrong.').waitFor()
    }
    await guest.page.goto(`${guest.url}/app/sign-up`)
    await guest.page.getByLabel('Your name').fill('Another Ana')
    await guest.page.getByLabel('Username').fill('ana-refuse')
    await guest.page.getByLabel('Password', { exact: true }).fill(password)
    await guest.page.getByRole('button', { name: 'Show password' }).click()
    expect(await guest.page.locator('input[name=password]').getAttribute('type')).toBe('text')
    await guest.page.getByRole('button', { name: 'Sign up' }).click()
    await guest.page.getByText('This username is taken. Choose another one.').waitFor()
    ana.expectNoComplaints()
  })

  it('on another device is seen, and ended from the first', async () => {
    const ana = await anaAlone('device')
    const phone = await table.seat({ size: 'phone' })
    await phone.signIn('ana-device')
    await phone.page.getByRole('heading', { name: 'Chats' }).waitFor()
    await ana.page.getByRole('link', { name: 'Settings' }).click()
    await ana.page.getByRole('button', { name: 'End', exact: true }).click()
    await phone.page.getByText('Your session was ended. Sign in again to go on.').waitFor()
  })
})

/** The palette, the keys of the app, and going back: by keyboard, by the browser's buttons, and by touch. */
import { describe, expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'
import type { Seat } from './seat.ts'

const { meet, seat, sit, sitAndWrite } = receiveGuests()

const title = 'Find anything, do anything'

function palette({ page }: Seat) {
  return page.getByRole('combobox', { name: title })
}

async function opens(seat: Seat, query: string, option: RegExp): Promise<void> {
  await seat.page.keyboard.press('Control+k')
  await palette(seat).fill(query)
  await seat.page.getByRole('option', { name: option, selected: true }).waitFor()
}

describe('the palette', { tags: ['browser'], timeout: 90_000 }, () => {
  it('finds a person of the server, a chat and a command by the keyboard alone, and leaves the draft alone', async () => {
    const [ana] = await Promise.all([sit('ana-find', 'Ana Find'), meet('joao-find', 'João Figueiredo')])
    const { page } = ana
    await opens(ana, 'figueir', /João Figueiredo/)
    await page.keyboard.press('Enter')
    await ana.field.waitFor()
    await page.getByRole('heading', { level: 1, name: 'João Figueiredo' }).waitFor()

    await ana.field.pressSequentially('half a sen')
    await page.keyboard.press('Control+k')
    await expect.poll(() => palette(ana).evaluate(field => field === document.activeElement)).toBe(true)
    await page.keyboard.press('Escape')
    await palette(ana).waitFor({ state: 'detached' })
    await expect.poll(() => ana.field.evaluate(field => field === document.activeElement)).toBe(true)
    expect(await ana.field.inputValue()).toBe('half a sen')

    await opens(ana, 'dark', /Theme: dark/)
    await page.keyboard.press('Enter')
    await page.locator('html[data-theme=dark]').waitFor()
    await opens(ana, 'peop', /People/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'People' }).waitFor()
    await opens(ana, 'JOAO', /João Figueiredo/)
    await page.keyboard.press('Enter')
    await ana.field.waitFor()
    expect(await ana.field.inputValue()).toBe('half a sen')
  })

  it('leads to a person, however late the browser steps back from the palette', async () => {
    const ana = await seat()
    await ana.page.addInitScript(() => {
      const back = window.history.back.bind(window.history)
      window.history.back = () => {
        document.documentElement.setAttribute('data-stepping-back', '')
        setTimeout(back, 1_000)
      }
      window.addEventListener('popstate', () => document.documentElement.removeAttribute('data-stepping-back'))
    })
    await Promise.all([ana.signUp('ana-late', 'Ana Late'), meet('lia-late', 'Lia Late')])
    await opens(ana, 'lia', /Lia Late/)
    await ana.page.keyboard.press('Enter')
    // A server that answers before the app has told the browser leaves nothing to step back from.
    await ana.page.getByRole('heading', { level: 1, name: 'Lia Late' }).waitFor()
    await ana.page.locator('html:not([data-stepping-back])').waitFor()
    await ana.send('still here')
    await ana.page.goBack()
    await ana.page.getByRole('heading', { level: 1, name: 'Lia Late' }).waitFor({ state: 'detached' })
  })

  it('shows the words of a message without their mark-up, with what was found marked in them', async () => {
    const ana = await sitAndWrite('words')
    const { page } = ana
    await ana.field.fill('The **warm white** one, _not_ the [other](https://example.org/paper)')
    await ana.field.press('Enter')
    await ana.seesProgress('warm white', 'delivered')
    await opens(ana, 'white one', /The warm white one, not the other \(example\.org\)/)
    const option = page.getByRole('option', { selected: true })
    expect(await option.locator('mark').allInnerTexts()).toEqual(['white', 'one'])
  })

  it('is a combobox whose focus stays in the field while the arrows choose', async () => {
    const ana = await sit('ana-combo', 'Ana Combo')
    const { page } = ana
    await page.keyboard.press('Control+k')
    const field = palette(ana)
    await field.waitFor()
    await expect.poll(() => field.evaluate(element => element === document.activeElement)).toBe(true)
    const first = await field.getAttribute('aria-activedescendant')
    await page.keyboard.press('ArrowDown')
    const second = await field.getAttribute('aria-activedescendant')
    expect(second).not.toBe(first)
    expect(await page.locator(`[id="${second}"]`).getAttribute('aria-selected')).toBe('true')
    expect(await field.evaluate(element => element === document.activeElement)).toBe(true)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    expect(await page.getByRole('option').last().getAttribute('aria-selected')).toBe('true')
    await ana.expectAccessible()
    await field.fill('nothing is called so')
    await page.getByText('Nothing by this name').waitFor()
    await ana.expectAccessible()
  })

  it('closes by Back, and going somewhere from it leaves nothing to go back through', async () => {
    const ana = await sit('ana-back', 'Ana Back', { size: 'phone' })
    const { page } = ana
    await page.getByRole('button', { name: title }).tap()
    await palette(ana).waitFor()
    await expect.poll(() => page.evaluate(() => history.state?.overlays?.length)).toBe(1)
    await page.goBack()
    await palette(ana).waitFor({ state: 'detached' })
    expect(new URL(page.url()).pathname).toBe('/app/chats')

    await page.getByRole('button', { name: title }).tap()
    await palette(ana).fill('settings')
    await page.getByRole('option', { name: 'Settings', exact: true }).tap()
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'Chats' }).waitFor()
    await palette(ana).waitFor({ state: 'detached' })
  })
})

describe('the keys', { tags: ['browser'], timeout: 90_000 }, () => {
  it('are all shown by ?, which is only a sign while somebody types', async () => {
    const [ana] = await Promise.all([sit('ana-keys', 'Ana Keys'), meet('bo-keys', 'Bo Keys')])
    const { page } = ana
    await ana.writeTo('bo-keys')
    await ana.field.pressSequentially('why?c/')
    expect(await ana.field.inputValue()).toBe('why?c/')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('Control+/')
    const help = page.getByRole('dialog', { name: 'Keyboard' })
    await help.getByText('Find anything, do anything').waitFor()
    await ana.expectAccessible()
    await page.keyboard.press('Escape')
    await help.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'People' }).focus()
    await page.keyboard.press('?')
    await help.waitFor()
    await page.keyboard.press('c')
    expect(await page.getByRole('dialog').count()).toBe(1)
  })

  it('open chats one after the other, a new chat, the details and the settings', async () => {
    const [ana] = await Promise.all([
      sit('ana-step', 'Ana Step'),
      meet('bo-step', 'Bo Step'),
      meet('cy-step', 'Cy Step'),
    ])
    const { page } = ana
    await ana.writeTo('bo-step')
    await ana.send('first')
    await ana.writeTo('cy-step')
    await ana.send('second')
    await page.keyboard.press('Alt+ArrowDown')
    await page.getByRole('heading', { level: 1, name: 'Bo Step' }).waitFor()
    await page.keyboard.press('Alt+ArrowUp')
    await page.getByRole('heading', { level: 1, name: 'Cy Step' }).waitFor()
    await page.keyboard.press('Control+.')
    await page.getByRole('complementary', { name: 'Details' }).waitFor()
    await page.keyboard.press('Control+.')
    await page.getByRole('complementary', { name: 'Details' }).waitFor({ state: 'detached' })
    await page.keyboard.press('Control+,')
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    await page.keyboard.press('c')
    await page.getByRole('dialog', { name: 'New chat' }).waitFor()
    await page.goBack()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
  })
})

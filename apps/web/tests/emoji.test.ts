/** C9: emoji by name, by looking, and as reactions, by keys and by touch. */
import { describe, expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'
import type { Seat } from './seat.ts'

const table = receiveGuests()
const { meet, sit, sitAndWrite } = table

const finder = (seat: Seat) => seat.page.getByRole('combobox', { name: 'Find an emoji' })

describe('an emoji by its name', { tags: ['browser'], timeout: 90_000 }, () => {
  it('C9: is offered while its name is written, taken by a key, and comes with its second colon', async () => {
    const seat = await sitAndWrite('name')
    await seat.field.pressSequentially('Well done :tad')
    const option = seat.page.getByRole('option', { name: ':tada:' })
    await option.waitFor()
    expect(await option.getAttribute('aria-selected')).toBe('true')
    await seat.expectAccessible('form')
    await seat.field.press('Tab')
    expect(await seat.field.inputValue()).toBe('Well done 🎉 ')
    await seat.field.pressSequentially('and :heart: at 12:30: yes')
    expect(await seat.field.inputValue()).toBe('Well done 🎉 and ❤️ at 12:30: yes')
    await seat.field.press('ControlOrMeta+z')
    expect(await seat.field.inputValue()).not.toContain(' yes')

    await seat.field.fill('')
    await seat.field.pressSequentially(':cat')
    await seat.page.getByRole('option').first().waitFor()
    await seat.field.press('Escape')
    await seat.page.getByRole('option').first().waitFor({ state: 'detached' })
    expect(await seat.field.inputValue()).toBe(':cat')
    await seat.field.press('Enter')
    await seat.message(':cat').waitFor()
  })

  it.each([
    ['pt-BR', ':coração_verm', '❤️'],
    ['es-MX', ':corazón_roj', '❤️'],
  ])('C9: is known by its name in %s', async (locale, typed, emoji) => {
    const seat = await sit(`poly-${locale.toLowerCase()}`, 'Poly')
    await meet(`peer-${locale.toLowerCase()}`, 'Peer')
    await seat.writeTo(`peer-${locale.toLowerCase()}`)
    const address = seat.page.url()
    const { page } = await signInAgain(locale)
    await page.goto(address)
    const field = page.getByRole('combobox').first()
    await field.pressSequentially(typed)
    await page.getByRole('option', { name: /:heart:/ }).waitFor()
    await field.press('Enter')
    expect(await field.inputValue()).toBe(`${emoji} `)
  })

  async function signInAgain(locale: string): Promise<Seat> {
    const seat = await table.seat({ locale })
    await seat.signIn(`poly-${locale.toLowerCase()}`)
    await seat.page.locator('[data-chat]').first().waitFor()
    return seat
  }
})

describe('the picker', { tags: ['browser'], timeout: 90_000 }, () => {
  it('C9: is searched and walked through by keys, remembers what was used, and keeps the tone', async () => {
    const seat = await sitAndWrite('keys')
    const { page } = seat
    await seat.field.pressSequentially('Hi  there')
    for (let step = 0; step < 6; step++) await seat.field.press('ArrowLeft')
    await page.getByRole('button', { name: 'Emoji', exact: true }).click()
    await finder(seat).waitFor()
    await page.getByRole('gridcell', { name: 'grinning face', exact: true }).waitFor()
    await seat.shoot('emoji-picker-desktop-light')
    await seat.expectAccessible('[role=dialog]')
    const announced = () => finder(seat).getAttribute('aria-activedescendant')
    expect(await announced()).toBeNull()
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'PageDown']) await page.keyboard.press(key)
    const id = await announced()
    expect(await page.locator(`[id="${id}"]`).getAttribute('aria-selected')).toBe('true')
    await finder(seat).fill('waving')
    await page.getByRole('gridcell', { name: 'waving hand' }).waitFor()
    await page.getByRole('button', { name: 'Skin tone: no tone' }).click()
    await page.getByRole('button', { name: 'medium dark' }).click()
    await finder(seat).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await seat.field.inputValue()).toBe('Hi 👋🏾 there')
    await seat.field.pressSequentially('!')
    expect(await seat.field.inputValue()).toBe('Hi 👋🏾! there')
    await seat.field.press('ControlOrMeta+z')
    await seat.field.press('ControlOrMeta+z')
    expect(await seat.field.inputValue()).toBe('Hi  there')

    await page.reload()
    await page.getByRole('button', { name: 'Emoji', exact: true }).click()
    await page.getByText('Used lately').waitFor()
    expect(await page.getByRole('gridcell').first().innerText()).toBe('👋🏾')
    await page.getByRole('button', { name: 'Flags' }).click()
    await page.getByRole('gridcell', { name: 'chequered flag' }).waitFor()
    await finder(seat).fill('nothing is called so')
    await page.getByText('No emoji by this name').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await seat.field.evaluate(element => element === document.activeElement)).toBe(true)
  })

  it('C9: gives several by touch without the keyboard, and one to three alone are large', async () => {
    const seat = await sitAndWrite('touch', { size: 'phone', theme: 'dark' })
    const { page } = seat
    await page.getByRole('button', { name: 'Emoji', exact: true }).tap()
    await page.getByRole('gridcell', { name: 'grinning face', exact: true }).tap()
    await page.getByRole('gridcell', { name: 'beaming face with smiling eyes' }).tap()
    await seat.shoot('emoji-picker-phone-dark')
    await seat.expectAccessible('[role=dialog]')
    expect(await seat.field.evaluate(element => element === document.activeElement)).toBe(false)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Send' }).tap()
    await seat.message('😀😁').waitFor()
    const sizeOf = (text: string) =>
      seat
        .message(text)
        .locator('[id$="-what"] p')
        .evaluate(element => Number.parseFloat(getComputedStyle(element).fontSize))
    expect(await sizeOf('😀😁')).toBeGreaterThan(30)
    await seat.field.fill('👩🏽‍🚀 🇧🇷 ❤️')
    await page.getByRole('button', { name: 'Send' }).tap()
    await seat.message('👩🏽‍🚀').waitFor()
    await seat.field.fill('four 😀😁😂🤣')
    await page.getByRole('button', { name: 'Send' }).tap()
    await seat.message('four').waitFor()
    expect(await sizeOf('👩🏽‍🚀')).toBeGreaterThan(30)
    expect(await sizeOf('four')).toBeLessThan(20)
  })
})

describe('a reaction out of all emoji', { tags: ['browser'], timeout: 90_000 }, () => {
  it('C7: is left from the toolbar by mouse and from the menu by touch', async () => {
    const ana = await sitAndWrite('react')
    await ana.send('The paper came')
    await ana.message('The paper came').hover()
    await ana.page.getByRole('button', { name: 'React', exact: true }).click()
    await ana.page.getByRole('button', { name: 'More reactions' }).click()
    await finder(ana).fill('scroll')
    await ana.page.getByRole('gridcell', { name: 'scroll', exact: true }).click()
    await ana.page.getByRole('button', { name: '📜 by 1 person: You' }).waitFor()

    const phone = await table.seat({ size: 'phone' })
    await phone.signIn('bo-react')
    await phone.open('Ana react')
    await phone.message('The paper came').locator('[id$="-what"]').click({ button: 'right' })
    await phone.page.getByRole('menuitem', { name: 'More reactions' }).tap()
    await phone.page.getByRole('gridcell', { name: 'grinning face', exact: true }).waitFor()
    await phone.shoot('emoji-react-phone-light')
    await phone.expectAccessible('[role=dialog]')
    await phone.page.getByRole('gridcell', { name: 'grinning face', exact: true }).tap()
    await ana.page.getByRole('button', { name: '😀 by 1 person: Bo react' }).waitFor()
  })
})

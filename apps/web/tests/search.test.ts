/** C11: everything one may see is searched, by words and operators, and what was found leads to its place; offline too. */
import { createPerson, newKey } from '@recado/testkit'
import { describe, expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'

const { seatOnLine } = receiveGuests()

describe('the search', { tags: ['browser'], timeout: 120_000 }, () => {
  it.each([
    { size: 'desktop', theme: 'light' },
    { size: 'phone', theme: 'dark' },
  ] as const)('finds chat and mail together on a $size, and what this device keeps without a network', async look => {
    const { seat: ana, line } = await seatOnLine(look)
    const { page, url } = ana
    await ana.signUp(`ana-${look.size}`, 'Ana Martins')
    const bo = await createPerson({ url })
    const { items } = await bo.call('people.search', { query: `ana-${look.size}` })
    const accountId = items[0]?.id
    if (accountId === undefined) throw new Error('Ana is not there')
    const { id: conversationId } = await bo.call('conversation.open', { accountId })
    const say = (body: string) => bo.call('message.send', { conversationId, clientMessageId: newKey(), body })
    await say('The **façade** of quay four is painted')
    for (let index = 0; index < 30; index++) await say(`line ${index}`)
    const letter = { clientMessageId: newKey(), to: [{ accountId }], subject: 'Facade of the terminal' }
    await bo.call('mail.send', { ...letter, text: 'The scaffold goes up on Monday.' })

    await page.getByRole('button', { name: 'Find anything, do anything' }).first().click()
    await page.getByRole('combobox', { name: 'Find anything, do anything' }).fill('facade')
    await page.getByRole('option', { name: /Search messages and mails for “facade”/ }).click()
    const field = page.getByRole('searchbox', { name: 'Search messages and mails' })
    expect(await field.inputValue()).toBe('facade')
    const results = page.getByRole('main').getByRole('listitem').getByRole('link')
    // Words are kept a moment after they were written: whoever waits asks again, as typing does.
    const count = async () => {
      await field.fill('facad')
      await field.fill('facade')
      await page.getByRole('main').locator('[aria-busy=false]').waitFor()
      return await results.count()
    }
    await expect.poll(count, { timeout: 30_000 }).toBe(2)
    await page.getByRole('heading', { name: 'Facade of the terminal' }).waitFor()
    expect(await results.filter({ hasText: 'of quay four' }).locator('mark').allInnerTexts()).toEqual(['façade'])
    await ana.shoot(`search, ${look.size}, ${look.theme}`)
    await ana.expectAccessible()

    await page.getByRole('button', { name: 'in:chat' }).click()
    expect(await field.inputValue()).toBe('facade in:chat')
    await expect.poll(() => results.count()).toBe(1)
    await field.fill('facade from:nobody-at-all')
    await page.getByText('There is nobody and nothing by this name: from:nobody-at-all').waitFor()
    await field.fill('zeppelin')
    await page.getByText('Nothing with these words.').waitFor()

    await field.fill('facade from:person in:chat')
    await results.first().click()
    await ana.message('of quay four').waitFor()
    expect(new URL(page.url()).searchParams.get('at')).not.toBe(null)
    await page.goBack()
    expect(await field.inputValue()).toBe('facade from:person in:chat')

    await line.cut()
    await page.getByText('This is what your device keeps').waitFor()
    await expect.poll(() => results.count()).toBe(1)
    await field.fill('facade')
    await expect.poll(() => results.count()).toBe(2)
    await field.fill('facade is:starred')
    await page.getByText('This needs a connection: is:starred').waitFor()
    await ana.expectAccessible()
    await line.mend()
    await page.getByText('Nothing with these words.').waitFor()
  })
})

/** Who is here, live; who somebody is, from wherever one meets them; and what was said, found again. */
import { describe, expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'

const { meet, sit } = receiveGuests()

describe('people', { tags: ['browser'], timeout: 90_000 }, () => {
  it('P1: stand in the strip while they are online, and leave it when they sign out', async () => {
    const [ana, bo] = await Promise.all([sit('ana-strip', 'Ana Strip'), sit('bo-strip', 'Bo Strip')])
    await ana.writeTo('bo-strip')
    await ana.send('are you there?')
    const strip = ana.page.getByRole('navigation', { name: 'Online now' })
    await strip.getByRole('button', { name: 'Write to Bo Strip' }).waitFor()
    await ana.page.getByRole('link', { name: 'People' }).click()
    await ana.page.getByRole('link', { name: 'Chats', exact: true }).click()
    await strip.getByRole('button', { name: 'Write to Bo Strip' }).click()
    await ana.page.getByRole('heading', { level: 1, name: 'Bo Strip' }).waitFor()
    await bo.page.goto(`${bo.url}/app/settings`)
    await bo.page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await bo.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await strip.waitFor({ state: 'detached' })
  })

  it('have a profile wherever one meets them, which leads to the chat and back to where one was', async () => {
    const [ana, bo] = await Promise.all([sit('ana-card', 'Ana Card'), sit('bo-card', 'Bo Card')])
    const { page } = ana
    await page.getByRole('link', { name: 'People' }).click()
    await page.getByLabel('Find somebody').fill('bo-card')
    await page.getByRole('button', { name: 'Profile of Bo Card' }).click()
    const card = page.getByRole('dialog', { name: 'Profile' })
    await card.getByText('@bo-card').waitFor()
    await card.getByText('online', { exact: true }).waitFor()
    await ana.expectAccessible()
    await page.keyboard.press('Escape')
    await card.waitFor({ state: 'detached' })
    const trigger = page.getByRole('button', { name: 'Profile of Bo Card' })
    await expect.poll(() => trigger.evaluate(element => element === document.activeElement)).toBe(true)
    await trigger.press('Enter')
    await card.getByRole('button', { name: 'Write a message' }).press('Enter')
    await ana.field.waitFor()
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'People' }).waitFor()
    expect(await card.count()).toBe(0)
    await bo.page.getByText('No messages yet').waitFor()
  })

  it('find what was said on this device by the palette, and come to its place', async () => {
    const [ana] = await Promise.all([sit('ana-said', 'Ana Said'), meet('bo-said', 'Bo Said')])
    const { page } = ana
    await ana.writeTo('bo-said')
    await ana.send('A reunião é na quinta')
    await ana.seesProgress('A reunião', 'delivered')
    await page.getByRole('link', { name: 'People' }).click()
    await page.getByRole('heading', { level: 1, name: 'People' }).waitFor()
    await page.keyboard.press('Control+k')
    // Until it is there, the field for messages is the only one of its kind.
    await page.getByRole('combobox', { name: /^Find/ }).fill('reuniao quint')
    const hit = page.getByRole('group', { name: 'Messages on this device' }).getByRole('option')
    await hit.getByText('quint').waitFor()
    await ana.expectAccessible()
    await page.keyboard.press('Enter')
    await ana.message('A reunião é na quinta').waitFor()
    expect(new URL(page.url()).searchParams.get('at')).not.toBeNull()
  })
})

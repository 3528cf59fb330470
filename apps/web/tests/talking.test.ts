/** Two people and a group, live: what the core is for, through the browser. */
import { describe, expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'
import type { Seat } from './seat.ts'

const { sit } = receiveGuests()

async function pair(mark: string): Promise<readonly [Seat, Seat]> {
  const [ana, bo] = await Promise.all([sit(`ana-${mark}`, `Ana ${mark}`), sit(`bo-${mark}`, `Bo ${mark}`)])
  await ana.writeTo(`bo-${mark}`)
  return [ana, bo]
}

describe('two people', { tags: ['browser'], timeout: 90_000 }, () => {
  it('talk live: presence, typing, and how far each message got', async () => {
    const [ana, bo] = await pair('talk')
    await ana.page.getByText('online', { exact: true }).first().waitFor()
    await ana.send('Did the letter arrive?')
    await ana.seesProgress('Did the letter arrive?', 'delivered')
    await bo.row('Ana talk').getByRole('img', { name: '1 unread' }).waitFor()
    expect(await bo.page.title()).toBe('(1) Recado')

    await bo.open('Ana talk')
    await ana.seesProgress('Did the letter arrive?', 'read')
    await bo.row('Ana talk').getByRole('img', { name: '1 unread' }).waitFor({ state: 'detached' })
    await bo.field.pressSequentially('This mor')
    await ana.page.locator('main').getByText('typing…').waitFor()
    await bo.field.press('Enter')
    await ana.message('This mor').waitFor()
    await ana.page.locator('main').getByText('typing…').waitFor({ state: 'detached' })
    await bo.seesProgress('This mor', 'read')
    expect(await ana.texts()).toEqual(['Did the letter arrive?', 'This mor'])
  })

  it('see what changes: an answer with its quote, an edit, a reaction, a deletion that can be undone', async () => {
    const [ana, bo] = await pair('change')
    await ana.send('The paper is white')
    await bo.open('Ana change')
    await bo.message('The paper is white').hover()
    await bo.page.getByRole('button', { name: 'Reply' }).click()
    await bo.send('Warm white?')
    await ana
      .message('Warm white?')
      .getByRole('button', { name: /The paper is white/ })
      .waitFor()

    await ana.field.press('ArrowUp')
    await ana.field.fill('The paper is warm white')
    await ana.field.press('Enter')
    await bo.message('The paper is warm white').getByText('edited').waitFor()

    await bo.message('edited').hover()
    await bo.page.getByRole('button', { name: 'React' }).click()
    await bo.page.getByRole('button', { name: '👍' }).click()
    await ana.page.getByRole('button', { name: '👍 by 1 person: Bo change' }).waitFor()

    await ana.message('edited').hover()
    await ana.page.getByRole('button', { name: 'More' }).click()
    await ana.page.getByRole('menuitem', { name: 'Delete for everybody' }).click()
    await ana.message('Message deleted').waitFor()
    await ana.page.getByRole('button', { name: 'Undo' }).click()
    await ana.message('edited').waitFor()
    await bo.message('edited').waitFor()
  })

  it('write what looks like mark-up, and it stays text', async () => {
    const [ana, bo] = await pair('<i>x</i>')
    const hostile = '<img src=x onerror=alert(1)> https://example.org/\u202Egpj.exe'
    await ana.field.fill(hostile)
    await ana.field.press('Enter')
    await bo.open('Ana <i>x</i>')
    await bo.message('<img src=x onerror=alert(1)>').waitFor()
    expect(await bo.page.locator('article a').getAttribute('href')).toBe('https://example.org/')
    expect(await bo.page.locator('article img').count()).toBe(0)
  })
})

describe('a group of three', { tags: ['browser'], timeout: 90_000 }, () => {
  it('talks, mentions, rings the bell, and tells nothing more to who was removed', async () => {
    const [ana, bo, cleo] = await Promise.all([
      sit('ana-three', 'Ana Three'),
      sit('bo-three', 'Bo Three'),
      sit('cleo-three', 'Cleo Three'),
    ])
    await makeGroup(ana, 'Letter desk', ['bo-three', 'cleo-three'])
    await ana.field.pressSequentially('Look here, @bo')
    await ana.page.getByRole('option', { name: /Bo Three/ }).waitFor()
    await ana.field.press('Enter')
    await ana.field.press('Enter')
    await ana.message('Look here, @bo-three').waitFor()

    await bo.page.getByRole('button', { name: /Bell/ }).getByRole('img', { name: '2 notifications' }).waitFor()
    await bo.page.getByRole('button', { name: /Bell/ }).click()
    await bo.page.getByRole('link', { name: /Ana Three mentioned you in Letter desk/ }).click()
    await bo.message('Look here, @bo-three').waitFor()
    await bo.page.getByRole('img', { name: /notification/ }).waitFor({ state: 'detached' })
    await cleo.open('Letter desk')
    await cleo.message('Look here').waitFor()

    await ana.seesProgress('Look here', 'read')
    await ana
      .message('Look here')
      .getByRole('button', { name: /Read by 2 people/ })
      .click()
    await ana.page.getByRole('dialog', { name: 'Who has it' }).getByText('Cleo Three').waitFor()
    await ana.page.keyboard.press('Escape')

    await ana.page.getByRole('button', { name: 'Details' }).click()
    await ana.page.getByRole('button', { name: 'Actions for Cleo Three' }).click()
    await ana.page.getByRole('menuitem', { name: 'Remove from the group' }).click()
    await ana.page.getByText('2 members').waitFor()
    await cleo.page.getByText('Nobody has left you a message yet').waitFor()
    await ana.send('Now we are two')
    await bo.message('Now we are two').waitFor()
    expect(await cleo.page.getByText('Now we are two').count()).toBe(0)
  })
})

async function makeGroup(seat: Seat, name: string, usernames: readonly string[]): Promise<void> {
  const { page } = seat
  await page.getByRole('button', { name: 'New chat' }).click()
  await page.getByRole('button', { name: 'New group' }).click()
  await page.getByLabel('Name of the group').fill(name)
  for (const username of usernames) {
    await page.getByLabel('Members').fill(username)
    await page.getByRole('button', { name: `@${username}` }).click()
  }
  await page.getByRole('button', { name: 'Create group' }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
}

/** What one does with messages beyond writing them: pin, save, forward, look closer, and all of it without a network. */
import { describe, expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'
import type { Seat } from './seat.ts'

const table = receiveGuests()
const { meet, sit } = table

async function choose(seat: Seat, text: string, entry: string): Promise<void> {
  const message = seat.message(text).first()
  await message.locator('[id$="-what"]').hover()
  await message.getByRole('button', { name: 'More' }).click()
  await seat.page.getByRole('menuitem', { name: entry, exact: true }).click()
  // Until it has left, it takes the focus.
  await seat.page.getByRole('menu').waitFor({ state: 'detached' })
}

const bar = (seat: Seat) => seat.page.getByRole('region', { name: 'Pinned messages' })

describe('marks of messages', { tags: ['browser'], timeout: 120_000 }, () => {
  it('C7: a pin is on the bar of both, steps through, lists in the details, and goes live', async () => {
    const [ana, bo] = await Promise.all([sit('ana-pin', 'Ana Pin'), sit('bo-pin', 'Bo Pin')])
    await ana.writeTo('bo-pin')
    await ana.send('The first thing to keep')
    await ana.send('The second thing to keep')
    await choose(ana, 'The first thing', 'Pin')
    await bar(ana).getByText('The first thing to keep').waitFor()
    await bo.open('Ana Pin')
    await bar(bo).getByText('The first thing to keep').waitFor()
    await choose(bo, 'The second thing', 'Pin')
    await bar(ana).getByText('Pinned message 1 of 2').waitFor()
    await bar(ana).getByRole('button', { name: 'The second thing to keep' }).click()
    await bar(ana).getByText('Pinned message 2 of 2').waitFor()
    await ana.expectAccessible('main')
    await bar(ana).getByRole('button', { name: 'All pinned messages' }).click()
    const details = ana.page.getByRole('complementary', { name: 'Details' })
    await details.getByRole('button', { name: 'Unpin' }).nth(1).waitFor()
    await details.getByRole('button', { name: 'Unpin' }).first().click()
    await bar(bo).getByText('Pinned message 1').waitFor({ state: 'detached' })
    await choose(ana, 'The first thing', 'Delete for everybody')
    await ana.page.getByText('Message deleted for everybody.').waitFor()
    await ana.page.getByRole('button', { name: 'Undo' }).click()
    await ana.message('The first thing to keep').waitFor()
    await bar(ana).getByText('The first thing to keep').waitFor()
  })

  it('C7: a saved message is found again, also by another tab, and leads to its place', async () => {
    const [ana] = await Promise.all([sit('ana-save', 'Ana Save'), meet('bo-save', 'Bo Save')])
    await ana.writeTo('bo-save')
    await ana.send('Worth remembering')
    const other = await ana.anotherTab('/app/saved')
    await other.getByText('What you save is kept here for you alone.').waitFor()
    await choose(ana, 'Worth remembering', 'Save')
    await ana.message('Worth remembering').getByText('Saved').waitFor({ state: 'attached' })
    await other.getByRole('link', { name: 'Worth remembering' }).click()
    await other.locator('.animate-flash').getByText('Worth remembering').waitFor()
    await ana.page.getByRole('link', { name: 'Saved messages' }).click()
    await ana.page.getByRole('heading', { name: 'Saved messages' }).waitFor()
    await ana.expectAccessible('main')
    await ana.page.getByRole('button', { name: 'Remove from saved' }).click()
    await ana.page.getByText('What you save is kept here for you alone.').waitFor()
  })
})

describe('forwarding, looking closer, and no network', { tags: ['browser'], timeout: 120_000 }, () => {
  it('C7: a message is forwarded to a chat and to somebody new, and says who first wrote it', async () => {
    const [ana, bo, cy] = await Promise.all([
      sit('ana-fwd', 'Ana Forward'),
      sit('bo-fwd', 'Bo Forward'),
      sit('cy-fwd', 'Cy Forward'),
    ])
    await ana.writeTo('bo-fwd')
    await ana.send('To be passed on')
    await bo.open('Ana Forward')
    await choose(bo, 'To be passed on', 'Forward')
    const dialog = bo.page.getByRole('dialog', { name: 'Forward message' })
    await dialog.getByRole('button', { name: 'Ana Forward' }).click()
    await dialog.getByLabel('To').fill('cy-fwd')
    await dialog.getByRole('button', { name: 'Cy Forward' }).click()
    await bo.expectAccessible('[role=dialog][aria-labelledby]')
    await dialog
      .getByRole('button', { name: /^Forward/ })
      .last()
      .click()
    await bo.page.getByText('Forwarded.').waitFor()
    await cy.open('Bo Forward')
    await cy.message('To be passed on').getByText('Forwarded from Ana Forward').waitFor()
    await ana.message('To be passed on').getByText('Forwarded from you').waitFor()
  })

  it('C7: who reacted, and what was edited, is there to see', async () => {
    const [ana, bo] = await Promise.all([sit('ana-look', 'Ana Look'), sit('bo-look', 'Bo Look')])
    await ana.writeTo('bo-look')
    await ana.send('As it was')
    await bo.open('Ana Look')
    await bo.message('As it was').hover()
    await bo.page.getByRole('button', { name: 'React' }).click()
    await bo.page.getByRole('button', { name: '👍' }).click()
    await choose(ana, 'As it was', 'Edit')
    await ana.field.fill('As it is')
    await ana.field.press('Enter')
    await ana.message('As it is').getByText('edited').waitFor()
    await choose(ana, 'As it is', 'Who reacted')
    await ana.page.getByRole('dialog', { name: 'Reactions' }).getByText('Bo Look').waitFor()
    await ana.page.keyboard.press('Escape')
    await choose(ana, 'As it is', 'Edit history')
    const history = ana.page.getByRole('dialog', { name: 'Edit history' })
    await history.getByText('As it was').waitFor()
    expect(await history.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringContaining('As it is'),
      expect.stringContaining('As it was'),
    ])
  })

  it('S2: what is done without a network shows at once, can be taken back, and is done on return', async () => {
    const { seat: ana, line } = await table.seatOnLine()
    await ana.signUp('ana-away', 'Ana Away')
    const bo = await sit('bo-away', 'Bo Away')
    await ana.writeTo('bo-away')
    await ana.send('To be changed')
    await ana.send('To stay')
    await ana.seesProgress('To stay', 'delivered')
    await bo.open('Ana Away')
    // The menu is loaded when it is first opened.
    await ana.message('To stay').locator('[id$="-what"]').hover()
    await ana.message('To stay').getByRole('button', { name: 'More' }).click()
    await ana.page.getByRole('menuitem', { name: 'Pin' }).waitFor()
    await ana.page.keyboard.press('Escape')
    await ana.keepsTheApp()
    line.cut()
    await choose(ana, 'To be changed', 'Edit')
    await ana.field.fill('Changed while away')
    await ana.field.press('Enter')
    await ana.message('Changed while away').getByText('Edit waits to be sent.').waitFor()
    await choose(ana, 'To stay', 'Pin')
    await ana.message('To stay').getByText('Pinning waits to be sent.').waitFor()
    await ana.message('To stay').getByRole('button', { name: 'Take back' }).click()
    await bar(ana).waitFor({ state: 'detached' })
    line.mend()
    await bo.message('Changed while away').waitFor()
    await ana.page.getByText('Edit waits to be sent.').waitFor({ state: 'detached' })
    expect(await bar(bo).count()).toBe(0)
  })
})

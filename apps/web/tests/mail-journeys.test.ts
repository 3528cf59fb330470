/** Mail between people, live, through the browser: written, sent, read, answered, filed. */
import { createGroup, createPerson } from '@recado/testkit'
import { expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'
import { MailDesk, mailTo, outMs } from './mail-desk.ts'

const { seat } = receiveGuests()

const journey = { tags: ['browser'], timeout: 240_000 }

it(
  'M1 M6: is written with names completed, arrives live, and shows its author how far it got with each',
  journey,
  async () => {
    const [ana, bo] = [await MailDesk.take(await seat()), await MailDesk.take(await seat())]
    const cy = await createPerson(ana.person)
    const group = await createGroup(ana.person, [bo.person, cy], 'Harbour')
    await ana.goTo('inbox')
    await ana.page.getByText('Your inbox is empty.').waitFor()
    await ana.page.keyboard.press('c')
    await ana.addTo('To', bo.person.username)
    await ana.addTo('To', 'Harbour')
    await ana.write('Quay 4', 'The crane is back.')
    await ana.page.keyboard.press('Control+b')
    await ana.page.keyboard.type(' At last.')
    const plan = { name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('Quay 4: the crane') }
    await ana.letter.locator('input[type=file]').setInputFiles(plan)
    await ana.letter.getByRole('button', { name: 'Remove plan.txt' }).waitFor()
    await ana.text.click()
    await ana.send()
    await ana.notice('Mail sent.').waitFor()

    // Bo reads chats, and is told.
    await bo.page.getByRole('link', { name: /1 unread mail/ }).click({ timeout: outMs })
    await bo.row('Quay 4').getByRole('img', { name: 'Unread' }).waitFor()
    await ana.goTo('sent')
    await ana.row('Quay 4').getByText('1 delivered · 1 sent').waitFor({ timeout: outMs })

    await bo.row('Quay 4').getByRole('link').click()
    const frame = bo.page.frameLocator('iframe')
    expect(await frame.locator('strong').innerText()).toBe(' At last.')
    await bo.page.getByRole('link', { name: /plan\.txt/ }).waitFor()
    await bo.row('Quay 4').getByRole('img', { name: 'Unread' }).waitFor({ state: 'detached' })
    await ana.row('Quay 4').getByText('1 read · 1 sent').waitFor()
    await ana.row('Quay 4').getByRole('link').click()
    const card = ana.page.getByRole('article')
    await card.locator('[data-status=read]').filter({ hasText: bo.person.username }).waitFor()
    // The group stands as the group; whom it reached shows on demand.
    await card.getByRole('button', { name: 'Harbour' }).click()
    await ana.page.getByRole('dialog', { name: 'Harbour' }).getByText(cy.username).waitFor()
    expect(group).toBeGreaterThan(0)
    await ana.seat.expectAccessible()
  },
)

it(
  'M1: is sent to nobody while one name is not known; a draft survives a reload, what is discarded comes back',
  journey,
  async () => {
    const ana = await MailDesk.take(await seat())
    const cy = await createPerson(ana.person)
    await ana.goTo('inbox')
    await ana.page.getByRole('button', { name: 'Write a mail' }).first().click()
    await ana.addTo('To', cy.username)
    await ana.letter.getByRole('combobox', { name: 'To', exact: true }).fill('Nobody Atall')
    await ana.page.keyboard.press('Enter')
    await ana.write('Half sent', 'Never.')
    await ana.page.keyboard.press('Control+Enter')
    await ana.letter.getByText('Nothing was sent: Nobody Atall is not known here.').waitFor()
    expect(await ana.letter.locator('[data-recipient=unknown]').innerText()).toContain('Nobody Atall')
    expect((await ana.person.call('mailbox.list', { folder: 'sent' })).items).toEqual([])
    await ana.seat.expectAccessible()

    await ana.letter.getByRole('status').filter({ hasText: 'Saved' }).waitFor()
    await ana.page.reload()
    await ana.goTo('drafts')
    await ana.page.getByRole('button', { name: /Half sent/ }).click()
    expect(await ana.text.innerText()).toBe('Never.')
    // Open twice, both show what either writes.
    const other = await ana.seat.anotherTab('/app/mail/drafts')
    await other.getByRole('button', { name: /Half sent/ }).click()
    await other.getByRole('textbox', { name: 'Text of the mail' }).click()
    await other.keyboard.press('Control+End')
    await other.keyboard.type(' Or later.')
    await expect.poll(() => ana.text.innerText(), { timeout: outMs }).toBe('Never. Or later.')
    for (let typed = 0; typed < ' Or later.'.length; typed += 1) await other.keyboard.press('Backspace')
    await expect.poll(() => ana.text.innerText(), { timeout: outMs }).toBe('Never.')
    await other.close()
    await ana.letter.getByRole('button', { name: 'Discard the draft' }).click()
    await ana.page.getByText('No drafts.').waitFor()
    await ana.undo('Draft discarded.')
    expect(await ana.text.innerText()).toBe('Never.')
    await ana.letter.getByRole('button', { name: 'Take out Nobody Atall' }).click()
    await ana.text.click()
    await ana.send()

    // Undone within its ten seconds, it is the draft that it was; put off, it waits where it can be seen.
    await ana.undo('Mail sent.')
    await ana.text.waitFor()
    expect(await ana.text.innerText()).toBe('Never.')
    await ana.letter.getByRole('button', { name: 'Send later' }).click()
    await ana.page.getByRole('button', { name: /Tomorrow/ }).click()
    await ana.letter.waitFor({ state: 'detached' })
    await ana.goTo('unsent')
    await ana
      .row('Half sent')
      .getByText(/Goes out/)
      .waitFor()
    await ana.row('Half sent').getByRole('link').click()
    await ana.page.getByRole('button', { name: 'Take back and edit' }).click()
    expect(await ana.text.innerText()).toBe('Never.')
    expect((await cy.call('mailbox.list', { folder: 'inbox' })).items).toEqual([])
  },
)

it('M2 M4: is answered to all, filed by keys and many at once, and everything can be undone', journey, async () => {
  const ana = await MailDesk.take(await seat())
  const [bo, cy] = [await createPerson(ana.person), await createPerson(ana.person)]
  for (const subject of ['One', 'Two', 'Three', 'Four']) {
    await mailTo(bo, [ana.person, cy], { subject, cc: [{ accountId: bo.id }] })
  }
  await ana.goTo('inbox')
  for (const subject of ['One', 'Two', 'Three', 'Four']) await ana.row(subject).waitFor({ timeout: outMs })
  // The order in which they arrived is the order of the list.
  const subjects = async () => ana.page.locator('[data-mail] a').evaluateAll(rows => rows.map(row => row.textContent))
  const order = (await subjects()).map(text => ['One', 'Two', 'Three', 'Four'].find(one => text?.includes(one)) ?? '')
  const [first = '', second = '', third = '', fourth = ''] = order
  await ana.page.keyboard.press('j')
  await ana.page.getByRole('heading', { level: 1, name: first }).waitFor()
  await ana.page.keyboard.press('j')
  await ana.page.getByRole('heading', { level: 1, name: second }).waitFor()
  await ana.page.keyboard.press('k')
  await ana.page.getByRole('heading', { level: 1, name: first }).waitFor()

  await ana.page.keyboard.press('a')
  await ana.text.waitFor()
  const recipients = ana.letter.locator('[data-recipient=known]')
  await expect.poll(() => recipients.allInnerTexts(), { timeout: outMs }).toEqual([bo.username, cy.username])
  expect(await ana.letter.getByRole('textbox', { name: 'Subject' }).inputValue()).toBe(`Re: ${first}`)
  expect(await ana.text.innerText()).toContain('The crane is back.')
  await expect.poll(() => ana.text.evaluate(field => field === document.activeElement)).toBe(true)
  await ana.page.keyboard.press('Escape')
  await ana.letter.waitFor({ state: 'detached' })

  // Filing one leads to the next.
  await ana.page.keyboard.press('e')
  await ana.page.getByRole('heading', { level: 1, name: second }).waitFor()
  await ana.row(first).waitFor({ state: 'detached' })
  await ana.undo('Mail archived.')
  await ana.row(first).waitFor()
  // A notice that is leaving still has the keys.
  await ana.notice('Mail archived.').waitFor({ state: 'detached' })
  await ana.page.keyboard.press('u')
  await ana.row(second).getByRole('img', { name: 'Unread' }).waitFor()

  await ana.row(second).getByRole('checkbox').click()
  await ana
    .row(fourth)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] })
  await ana.page.getByText('3 chosen').waitFor()
  await ana.page.keyboard.press('#')
  await ana.row(third).waitFor({ state: 'detached' })
  await ana.undo('3 mails are in the trash.')
  await ana.row(third).waitFor()
  await ana.row(fourth).waitFor()

  await ana.row(third).getByRole('button', { name: 'Give a star' }).click()
  await ana.row(third).getByRole('link').click()
  await ana.page.getByRole('button', { name: 'Snooze' }).click()
  // On a Sunday it is the same as next week.
  await ana.page.getByRole('button', { name: /Tomorrow/ }).click()
  await ana.row(third).waitFor({ state: 'detached' })
  const snoozed = async () => (await ana.person.call('mailbox.list', { folder: 'snoozed' })).items.length
  await expect.poll(snoozed, { timeout: outMs }).toBe(1)
  await ana.goTo('starred')
  await ana.row(third).waitFor()
  await ana.goTo('snoozed')
  await ana
    .row(third)
    .getByText(/Comes back/)
    .waitFor()

  // Chats and mails together.
  const chat = (await cy.call('conversation.open', { accountId: ana.person.id })).id
  await cy.call('message.send', { conversationId: chat, clientMessageId: 'one', body: 'And a word beside it' })
  await ana.page
    .getByRole('link', { name: /^Inbox/ })
    .first()
    .click()
  await ana.page.locator('[data-row]').filter({ hasText: 'And a word beside it' }).waitFor()
  await expect.poll(() => ana.page.locator('[data-row]').count(), { timeout: outMs }).toBe(4)
  await ana.page.getByRole('button', { name: 'Chats' }).click()
  await expect.poll(() => ana.page.locator('[data-row]').count(), { timeout: outMs }).toBe(1)
  await ana.seat.expectAccessible()
})

it('is read and written with a thumb', journey, async () => {
  const ana = await MailDesk.take(await seat({ size: 'phone', theme: 'dark' }))
  const bo = await createPerson(ana.person)
  await mailTo(bo, [ana.person], { subject: 'On the way' })
  await ana.page.getByRole('link', { name: /1 unread mail/ }).click({ timeout: outMs })
  await ana.row('On the way').getByRole('link').click()
  await ana.page.getByRole('heading', { level: 1, name: 'On the way' }).waitFor()
  await ana.page.getByRole('button', { name: 'Reply', exact: true }).last().click()
  await ana.text.click()
  await ana.page.keyboard.type('Got it.')
  await ana.seat.expectAccessible()
  // The way back of the phone closes the letter and keeps it.
  await ana.page.goBack()
  await ana.letter.waitFor({ state: 'detached' })
  await ana.page.getByRole('heading', { level: 1, name: 'On the way' }).waitFor()
  await ana.page.getByRole('button', { name: 'Back to the list' }).click()
  await ana.page.getByRole('button', { name: 'Inbox' }).click()
  await ana.page.getByRole('link', { name: /Drafts/ }).click()
  await ana.page.getByRole('button', { name: /Re: On the way/ }).click()
  expect(await ana.text.innerText()).toContain('Got it.')
  await ana.letter.getByRole('button', { name: 'Send', exact: true }).click()
  await ana.letter.waitFor({ state: 'detached' })
  await expect
    .poll(async () => (await bo.call('mailbox.list', { folder: 'inbox' })).items.length, { timeout: outMs })
    .toBe(1)
})

it(
  'M1: goes on by itself where the browser takes the storage away, with the letter that is open',
  journey,
  async () => {
    const [ana, bo] = [await MailDesk.take(await seat()), await MailDesk.take(await seat())]
    await ana.goTo('inbox')
    await ana.page.getByText('Your inbox is empty.').waitFor()
    await ana.page.keyboard.press('c')
    await ana.write('Half written', 'The crane is')
    await ana.letter.getByRole('status').filter({ hasText: 'Saved' }).waitFor()
    await ana.page.evaluate(async () => {
      for (const { name = '' } of await indexedDB.databases()) if (/\d$/u.test(name)) indexedDB.deleteDatabase(name)
    })
    await mailTo(bo.person, [ana.person], { subject: 'Arrives all the same' })
    await ana.row('Arrives all the same').waitFor({ timeout: outMs })
    await ana.text.click()
    await ana.page.keyboard.press('Control+End')
    await ana.page.keyboard.type(' back.')
    const preview = async () => (await ana.person.call('draft.list', {})).items.map(draft => draft.preview)
    await expect.poll(preview, { timeout: outMs }).toEqual(['The crane is back.'])
  },
)

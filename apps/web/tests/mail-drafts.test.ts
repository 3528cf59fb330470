/** M1: one draft on two devices, through the browser: words and files of both. */
import { createPerson } from '@recado/testkit'
import { expect, it } from 'vitest'
import { receiveGuests } from './guests.ts'
import { MailDesk, outMs } from './mail-desk.ts'
import type { Seat } from './seat.ts'

const { seat } = receiveGuests()

const journey = { tags: ['browser'], timeout: 240_000 }
const patience = { timeout: outMs }

/** A red square, as a picture. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mM4YaCAFTEMLQkAhF1GAXXF8boAAAAASUVORK5CYII='

interface Desk {
  readonly at: Seat
  readonly letter: ReturnType<Seat['page']['locator']>
  readonly text: ReturnType<Seat['page']['locator']>
}

function deskAt(at: Seat): Desk {
  const letter = at.page.getByRole('dialog', { name: 'Write a mail' })
  return { at, letter, text: letter.getByRole('textbox', { name: 'Text of the mail' }) }
}

function choose({ letter }: Desk, name: string, buffer: Buffer, mimeType = 'text/plain'): Promise<void> {
  return letter.locator('input[type=file]').setInputFiles({ name, mimeType, buffer })
}

function files({ letter }: Desk): Promise<string[]> {
  return letter.getByRole('list', { name: 'Files' }).locator('bdi').allInnerTexts()
}

/** At the end of a line of the letter. */
async function typeAt({ at, text }: Desk, line: number, words: string): Promise<void> {
  await text.locator('p').nth(line).click()
  await at.page.keyboard.press('End')
  await at.page.keyboard.type(words, { delay: 30 })
}

it('has what is typed and chosen on both, without a word or a file lost', journey, async () => {
  const [ana, phone] = [await MailDesk.take(await seat()), await seat({ size: 'phone', theme: 'dark' })]
  await phone.signIn(ana.person.username, 'correct horse battery')
  await phone.page.getByRole('heading', { name: 'Chats' }).waitFor()
  await ana.goTo('drafts')
  await ana.page.keyboard.press('c')
  await ana.write('Two desks', 'First line.')
  await ana.page.keyboard.press('Enter')
  await ana.page.keyboard.type('Second line.')
  const [one, other] = [deskAt(ana.seat), deskAt(phone)]
  await choose(one, 'square.png', Buffer.from(picture, 'base64'), 'image/png')
  await one.letter.getByRole('status').filter({ hasText: 'Saved' }).waitFor(patience)

  await phone.page.goto(`${phone.url}/app/mail/drafts`)
  await phone.page.getByRole('button', { name: /Two desks/ }).click(patience)
  await expect.poll(() => files(other), patience).toEqual(['square.png'])
  // Its picture is served to whoever writes the draft.
  const shown = () => other.letter.locator('li img').evaluate(image => (image as HTMLImageElement).naturalWidth)
  await expect.poll(shown, patience).toBe(8)

  // Both type and choose at once.
  await Promise.all([typeAt(one, 0, ' Written at the desk.'), typeAt(other, 1, ' Written on the way.')])
  await Promise.all([choose(one, 'desk.txt', Buffer.from('desk')), choose(other, 'way.txt', Buffer.from('way'))])
  const whole = 'First line. Written at the desk.|Second line. Written on the way.'
  for (const desk of [one, other]) {
    await expect.poll(async () => (await desk.text.locator('p').allInnerTexts()).join('|'), patience).toBe(whole)
    await expect.poll(async () => (await files(desk)).sort(), patience).toEqual(['desk.txt', 'square.png', 'way.txt'])
  }
  await ana.seat.shoot('mail, draft with files, desktop, light')
  await phone.shoot('mail, draft with files, phone, dark')
  await phone.expectAccessible()
  await ana.seat.expectAccessible()

  // Taken out here, it is gone there; what is left goes out from the other device.
  await one.letter.getByRole('button', { name: 'Remove desk.txt' }).click()
  await expect.poll(async () => (await files(other)).sort(), patience).toEqual(['square.png', 'way.txt'])
  const drafts = await ana.person.call('draft.list', {})
  expect(drafts.items.map(({ subject }) => subject)).toEqual(['Two desks'])
  await other.letter.getByRole('combobox', { name: 'To', exact: true }).fill(ana.person.username)
  await phone.page.keyboard.press('Enter')
  await other.letter.getByRole('button', { name: 'Send', exact: true }).click()
  await other.letter.waitFor({ state: 'detached' })
  const sent = async () => (await ana.person.call('mailbox.list', { folder: 'sent' })).items
  await expect.poll(async () => (await sent()).map(mail => mail.attachmentCount), patience).toEqual([2])
  await one.letter.getByText('This draft is not there any more: it was sent or discarded.').waitFor(patience)
  for (const at of [ana.seat, phone]) at.expectNoComplaints()
})

it('keeps a file that was chosen without a network over a reload, and says why one cannot go up', journey, async () => {
  const ana = await MailDesk.take(await seat())
  const peer = await createPerson(ana.person)
  await ana.seat.keepsTheApp()
  await ana.goTo('drafts')
  await ana.page.keyboard.press('c')
  await ana.write('From the train', 'With a plan.')
  const desk = deskAt(ana.seat)
  await desk.letter.getByRole('status').filter({ hasText: 'Saved' }).waitFor(patience)
  await ana.seat.context.setOffline(true)
  // A socket that is open takes long to find out.
  await ana.page.reload()
  const kept = { name: /From the train/ }
  await ana.page.getByRole('button', kept).click(patience)
  await choose(desk, 'plan.txt', Buffer.from('Quay 4'))
  await desk.letter.getByText('Goes up later').waitFor(patience)
  await desk.letter.getByRole('status').filter({ hasText: 'Kept on this device' }).waitFor()
  await ana.seat.shoot('mail, file waits, desktop, light')
  // What another tab shows of it is stored.
  const tab = await ana.seat.anotherTab('/app/mail/drafts')
  await tab.getByRole('button', kept).click(patience)
  await tab.getByText('Goes up later').waitFor(patience)
  await tab.close()
  await ana.page.reload()
  await ana.page.getByRole('button', kept).click(patience)
  await desk.letter.getByText('Goes up later').waitFor(patience)
  await ana.seat.context.setOffline(false)
  const there = async () =>
    (await ana.person.call('draft.list', {})).items.map(draft => draft.attachments.map(file => file.name))
  await expect.poll(there, patience).toEqual([['plan.txt']])

  await choose(desk, 'broken.png', Buffer.from('89504e470d0a1a0a', 'hex'), 'image/png')
  await desk.letter.getByText('A file could not be taken. Leave it out, or choose another one.').waitFor(patience)
  await ana.seat.shoot('mail, file refused, desktop, light')
  await ana.seat.expectAccessible()
  await ana.addTo('To', peer.username)
  await desk.letter.getByRole('button', { name: 'Send', exact: true }).click()
  await desk.letter
    .getByText('Nothing was sent: broken.png could not be taken. Leave it out, or choose another one.')
    .waitFor()
  await desk.letter.getByRole('button', { name: 'Remove broken.png' }).click()
  await desk.letter.getByRole('button', { name: 'Send', exact: true }).click()
  await desk.letter.waitFor({ state: 'detached' })
  const sent = async () => (await ana.person.call('mailbox.list', { folder: 'sent' })).items
  await expect.poll(async () => (await sent()).map(mail => mail.attachmentCount), patience).toEqual([1])
})

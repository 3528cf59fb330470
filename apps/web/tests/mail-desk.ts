/** Somebody at their mail, in the words of those who read and write it. */
import type { MailHeader, OperationInput } from '@recado/protocol'
import { createPerson, newKey, type Person } from '@recado/testkit'
import type { Locator } from 'playwright-core'
import type { Seat } from './seat.ts'

/** A mail is held for ten seconds before it goes out; a busy machine takes longer. */
export const outMs = 60_000

export class MailDesk {
  readonly seat: Seat
  readonly person: Person

  private constructor(seat: Seat, person: Person) {
    this.seat = seat
    this.person = person
  }

  /** An account of its own, signed in at a seat, at its mail. */
  static async take(seat: Seat): Promise<MailDesk> {
    const person = await createPerson({ url: seat.url })
    await seat.signIn(person.username, 'correct horse battery')
    await seat.page.getByRole('heading', { name: 'Chats' }).waitFor()
    return new MailDesk(seat, person)
  }

  get page() {
    return this.seat.page
  }

  get letter(): Locator {
    return this.page.getByRole('dialog', { name: 'Write a mail' })
  }

  get text(): Locator {
    return this.letter.getByRole('textbox', { name: 'Text of the mail' })
  }

  async goTo(place: string): Promise<void> {
    await this.page.goto(`${this.seat.url}/app/mail/${place}`)
    await this.page.getByRole('region', { name: 'Mail' }).waitFor()
  }

  row(subject: string): Locator {
    return this.page.locator('[data-mail]').filter({ hasText: subject })
  }

  notice(text: string): Locator {
    return this.page.getByRole('dialog').filter({ hasText: text })
  }

  async undo(notice: string): Promise<void> {
    await this.notice(notice).getByRole('button', { name: 'Undo' }).click()
  }

  /** Names somebody by the list that completes names. */
  async addTo(field: 'To' | 'Cc', name: string): Promise<void> {
    await this.letter.getByRole('combobox', { name: field, exact: true }).fill(name)
    await this.letter.getByRole('option').filter({ hasText: name }).first().waitFor()
    await this.page.keyboard.press('Enter')
    await this.letter.locator('[data-recipient=known]').filter({ hasText: name }).waitFor()
  }

  async write(subject: string, text: string): Promise<void> {
    await this.letter.getByRole('textbox', { name: 'Subject' }).fill(subject)
    await this.text.click()
    await this.page.keyboard.type(text)
  }

  async send(): Promise<void> {
    await this.page.keyboard.press('Control+Enter')
    await this.letter.waitFor({ state: 'detached' })
  }
}

/** Writes a mail past the screens, without the ten seconds. */
export async function mailTo(
  author: Person,
  to: readonly Person[],
  rest: Partial<OperationInput<'mail.send'>> = {},
): Promise<MailHeader> {
  return author.call('mail.send', {
    clientMessageId: newKey(),
    to: to.map(({ id }) => ({ accountId: id })),
    subject: 'Quay 4',
    ...(rest.html === undefined && { text: 'The crane is back.' }),
    ...rest,
  })
}

/** What an event of an account's own stream says to clients of the mail API; nothing for most of them. */
import type { AccountId, EventFrame, StreamEvent } from '@recado/protocol'
import type { Context } from '../../context.ts'
import type { Frame } from '../../gateway/frame.ts'

type People = Pick<Context['store']['accounts'], 'findPeople'>

export interface Told {
  readonly sequence: number
  readonly text: string | null
}

/** Renders each event once, for all connections of its account. */
export class Teller {
  readonly #people: People
  readonly #told = new WeakMap<Frame, Promise<Told>>()

  constructor(people: People) {
    this.#people = people
  }

  /** Of a frame that carries an event. */
  tellFrame(frame: Frame): Promise<Told> {
    let told = this.#told.get(frame)
    if (told === undefined) {
      const { event }: EventFrame = JSON.parse(frame.text)
      told = this.tell(event)
      this.#told.set(frame, told)
    }
    return told
  }

  async tell(event: StreamEvent): Promise<Told> {
    const value = await this.#valueOf(event)
    return { sequence: event.sequence, text: value === null ? null : JSON.stringify(value) }
  }

  async #valueOf(event: StreamEvent): Promise<object | null> {
    switch (event.kind) {
      case 'mail.arrived': {
        const { mail, unread } = event.data
        const message = {
          id: mail.id,
          sender_id: mail.authorId,
          sender_username: await this.#usernameOf(mail.authorId),
          title: mail.subject,
          timestamp: mail.sentAt ?? mail.createdAt,
          unread_count: unread.count,
        }
        return { event: 'new_message', message }
      }
      case 'mailbox.changed':
        if (event.data.marked === undefined) return null
        return { event: 'unread_count_updated', unread_count: event.data.unread.count }
      default:
        return null
    }
  }

  async #usernameOf(id: AccountId): Promise<string> {
    const [person] = await this.#people.findPeople([id])
    return person?.username ?? ''
  }
}

/**
 * What people do with mail while everything fails around them: they write to people and to groups, take some of it back, and
 * read what came. Each asks again with the same key until there is an answer, through every death of the own program, as a
 * program does that keeps what it wants.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { ProblemError } from '@recado/client'
import type {
  ConversationId,
  MailId,
  OperationInput,
  OperationName,
  OperationOutput,
  ProblemCode,
} from '@recado/protocol'
import type { Letter, Reading } from './evidence.ts'
import type { Person } from './person.ts'
import type { SeededRandom } from './random.ts'

export interface PostOptions {
  readonly people: readonly Person[]
  /** Of all who write. */
  readonly writers: readonly Person[]
  /** Groups that all who write are in, and whose members do not change. */
  readonly groups: readonly ConversationId[]
  readonly random: SeededRandom
}

const writeEveryMs = 600
const readEveryMs = 900
const askAgainMs = 150
/** An answer that takes longer is asked for again: its connection may have died in silence. */
const answerWithinMs = 5_000
const undoSeconds = 2
/** Answers that will not be another one the next time. */
const refusals: ReadonlySet<ProblemCode> = new Set(['invalid-input', 'unknown-recipient', 'not-found', 'limit-reached'])

export class Post {
  readonly letters: Letter[] = []
  readonly readings: Reading[] = []
  readonly #options: PostOptions
  readonly #loops: readonly Promise<void>[]
  #state: 'running' | 'stopped' = 'running'
  #written = 0

  constructor(options: PostOptions) {
    this.#options = options
    const { people, writers, random } = options
    this.#loops = [
      ...writers.map(person => this.#write(person, random.fork())),
      ...people.map(person => this.#read(person, random.fork())),
    ]
  }

  /** Nothing new is begun from here on; what is under way is asked for until it is answered. */
  async stop(): Promise<void> {
    this.#state = 'stopped'
    await Promise.all(this.#loops)
  }

  async #write(person: Person, random: SeededRandom): Promise<void> {
    const { people, groups } = this.#options
    while (this.#state === 'running') {
      await delay(random.integer(writeEveryMs / 2, writeEveryMs * 2))
      const accounts = random.chance(0.7) ? [random.pick(people).accountId, random.pick(people).accountId] : []
      const named = random.chance(0.4) || accounts.length === 0 ? [random.pick(groups)] : []
      const hold = random.chance(0.3) ? { undoSeconds } : {}
      const subject = `${person.name} ${++this.#written}`
      const letter: Letter = {
        subject,
        authorId: person.accountId,
        accounts: [...new Set(accounts)],
        groups: named,
        mailId: null,
        outcome: 'unanswered',
        takenBack: 'no',
      }
      this.letters.push(letter)
      const to = [
        ...letter.accounts.map(accountId => ({ accountId: accountId as Person['accountId'] })),
        ...named.map(conversationId => ({ conversationId })),
      ]
      const input = { clientMessageId: randomUUID(), to, subject, text: subject, ...hold }
      const answer = await ask(person, 'mail.send', input)
      letter.outcome = answer === 'refused' ? 'refused' : 'acknowledged'
      if (answer === 'refused') continue
      letter.mailId = answer.id
      if (random.chance(0.2)) await this.#takeBack(person, letter, answer.id)
    }
  }

  async #takeBack(person: Person, letter: Letter, mailId: MailId): Promise<void> {
    const answer = await ask(person, 'mail.cancel', { mailId, key: randomUUID() })
    if (answer !== 'refused') letter.takenBack = 'yes'
  }

  async #read(person: Person, random: SeededRandom): Promise<void> {
    while (this.#state === 'running') {
      await delay(random.integer(readEveryMs / 2, readEveryMs * 2))
      const page = await ask(person, 'mailbox.list', { folder: 'received', only: 'unread', limit: 10 })
      if (page === 'refused' || page.items.length === 0) continue
      const mailIds = page.items.map(item => item.id)
      const answer = await ask(person, 'mailbox.update', { mailIds, key: randomUUID(), read: true })
      if (answer === 'refused') continue
      for (const mailId of mailIds) this.readings.push({ accountId: person.accountId, mailId })
    }
  }
}

/** Asks until there is an answer, by whichever life of the program there is; a refusal for good is one too. */
async function ask<Name extends OperationName>(
  person: Person,
  operation: Name,
  input: OperationInput<Name>,
): Promise<OperationOutput<Name> | 'refused'> {
  for (;;) {
    const patience = new AbortController()
    const tooLong = delay(answerWithinMs, 'again' as const, { signal: patience.signal }).catch(() => 'again' as const)
    const answer = await Promise.race([tryOnce(person, operation, input), tooLong])
    patience.abort()
    if (answer !== 'again') return answer
    await delay(askAgainMs)
  }
}

async function tryOnce<Name extends OperationName>(
  person: Person,
  operation: Name,
  input: OperationInput<Name>,
): Promise<OperationOutput<Name> | 'refused' | 'again'> {
  try {
    return await person.client.call(operation, input)
  } catch (error) {
    return error instanceof ProblemError && refusals.has(error.code) ? 'refused' : 'again'
  }
}

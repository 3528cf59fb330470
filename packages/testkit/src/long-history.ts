/**
 * A long past of one conversation, written past the server as sending message by message would have left it: messages of
 * very unequal heights, their reactions, and the head that they moved. While nobody is connected.
 */
import type { AccountId, ConversationId } from '@recado/protocol'
import type { Client } from 'pg'

export interface History {
  readonly conversationId: ConversationId
  /** They take turns, in runs of a few messages. */
  readonly authors: readonly AccountId[]
  readonly count: number
  /** Between one message and the next. */
  readonly everySeconds: number
}

const rowsPerStatement = 5_000
const words = 'it was late when the letter came and nobody had lit the lamp so she read it by the window'.split(' ')
const emojis = ['👍', '❤️', '🎉', '😂', '🙏', '👀', '✅', '🔥', '💡', '🚀', '🌱', '☕']

/** `numbers` begin at 1 with the message after the newest one there; each message begins with its number. */
export async function writeHistory(
  sql: Client,
  { conversationId, authors, count, everySeconds }: History,
): Promise<void> {
  await sql.query('begin')
  for (let first = 1; first <= count; first += rowsPerStatement) {
    const numbers = Array.from({ length: Math.min(rowsPerStatement, count - first + 1) }, (_, index) => first + index)
    await sql.query(
      `with past as (
         select h.sequence + p.number as sequence, h.ordinal + p.number as ordinal, p.author, p.body,
                now_micros() - ($5::bigint - p.number) * $6::bigint * 1000000 as micros
           from heads h cross join unnest($2::bigint[], $3::bigint[], $4::text[]) as p(number, author, body)
          where h.stream_id = $1
       )
       insert into messages (conversation_id, sequence, ordinal, id, author_id, client_key, fingerprint, body, created_micros)
       select $1, sequence, ordinal, nextval('message_ids'), author, 'past.' || sequence, md5(sequence::text), body, micros from past`,
      [
        conversationId,
        numbers,
        numbers.map(number => authorOf(authors, number)),
        numbers.map(bodyOf),
        count,
        everySeconds,
      ],
    )
  }
  await sql.query(
    `insert into reactions (conversation_id, sequence, account_id, emoji, micros)
     select $1, h.sequence + n, $2, e.emoji, h.micros
       from heads h, generate_series(1, $3::int) n, unnest($4::text[]) with ordinality as e(emoji, place)
      where h.stream_id = $1 and (n % 10 = 0 and e.place <= 2 or n % 200 = 0)`,
    [conversationId, authors[0], count, emojis],
  )
  await sql.query(
    `update heads set sequence = sequence + $2, ordinal = ordinal + $2, message_sequence = sequence + $2, micros = now_micros()
      where stream_id = $1`,
    [conversationId, count],
  )
  await sql.query(
    'update conversations set created_micros = least(created_micros, now_micros() - $2::bigint * $3 * 1000000) where id = $1',
    [conversationId, count, everySeconds],
  )
  await sql.query('commit')
  await sql.query('analyze')
}

function authorOf(authors: readonly AccountId[], number: number): AccountId | undefined {
  return authors[Math.floor(number / 3) % authors.length]
}

/** Mostly a line or two; now and then what makes a list of messages hard: a page of Markdown, code, a word without end. */
export function bodyOf(number: number): string {
  const start = `No ${number}.`
  if (number % 500 === 0) return `${start} ${'x'.repeat(10_000)}`
  if (number % 97 === 0) return `${start}\n\n${paragraphs(number, 12)}`
  if (number % 41 === 0)
    return `${start}\n\n\`\`\`ts\n${'const answer: number = 42 // lines of code\n'.repeat(1 + (number % 30))}\`\`\``
  if (number % 23 === 0) return `${start}\n\n${'- **one thing** of a list\n'.repeat(1 + (number % 9))}`
  if (number % 3 === 0) return `${start} Yes`
  return `${start} ${sentence(number, (number * 7) % 60)}`
}

function paragraphs(number: number, count: number): string {
  return Array.from({ length: count }, (_, index) => `${sentence(number + index, 40)}, _and so on_.`).join('\n\n')
}

function sentence(seed: number, length: number): string {
  return Array.from({ length }, (_, index) => words[(seed + index * 5) % words.length]).join(' ')
}

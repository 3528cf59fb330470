/**
 * The folded texts of stored messages, in memory: reading 100,000 messages from IndexedDB takes seconds, looking through
 * their texts takes milliseconds. It is filled by the first search and follows what is stored from then on.
 *
 * It is a hint: who finds something here looks at the stored message again, so what was deleted or left is never shown.
 * Bounded by characters; a conversation that does not fit is read from storage by each search.
 */
import { type ConversationId, targetOf } from '@recado/protocol'
import type { Cache } from '../cache/cache.ts'
import type { Change } from '../cache/changes.ts'
import type { CachedConversation } from '../cache/rows.ts'
import { fold } from './fold.ts'

/** About 50 MB where every character takes two bytes. */
const charactersKept = 24_000_000
/** A slice of reading: short enough that nobody feels it. */
const rowsAtOnce = 200

/** Texts of the messages from `from` through `through`, those without a body left out. */
interface Shard {
  readonly id: ConversationId
  readonly epoch: string
  from: number
  through: number
  sequences: number[]
  texts: string[]
  readonly edited: Set<number>
  characters: number
}

export interface Texts {
  readonly sequences: readonly number[]
  readonly texts: readonly string[]
}

/** Reads in its own transaction and gives others their turn before it resolves. */
export type ReadRows = <Result>(work: (cache: Cache) => Promise<Result>) => Promise<Result>

export class TextIndex {
  readonly #shards = new Map<ConversationId, Shard>()
  #characters = 0

  /** Edits change texts that are here already; what begins anew is read anew. */
  stored(changes: readonly Change[]): void {
    if (this.#shards.size === 0) return
    for (const change of changes) {
      if (change.kind === 'wipe') for (const id of this.#shards.keys()) this.#drop(id)
      else if (change.kind === 'reset' || change.kind === 'drop') this.#drop(change.conversationId)
      else if (change.kind === 'follow') {
        const edited = this.#shards.get(change.conversationId)?.edited
        for (const event of change.events) {
          const target = event.kind === 'message.created' ? null : targetOf(event)
          if (target !== null) edited?.add(target)
        }
      }
    }
  }

  /** Lets go of conversations that are not stored any more. */
  retain(present: ReadonlySet<ConversationId>): void {
    for (const id of this.#shards.keys()) if (!present.has(id)) this.#drop(id)
  }

  /**
   * The texts of one conversation as it is stored, a part at a time: one part where they are kept, many where they do not
   * fit. `row` is how much of it is stored.
   */
  async *texts(row: CachedConversation, read: ReadRows): AsyncGenerator<Texts> {
    const shard = this.#shardOf(row)
    if (shard && (await this.#complete(shard, row, read))) {
      yield shard
      return
    }
    this.#drop(row.conversation.id)
    for await (const part of readTexts(row, { from: row.from, through: row.cursor.sequence }, read)) yield part
  }

  #shardOf(row: CachedConversation): Shard | null {
    const { id } = row.conversation
    const known = this.#shards.get(id)
    const fits = known && known.epoch === row.cursor.epoch && row.from <= known.through + 1
    if (fits) return known
    this.#drop(id)
    if (this.#characters >= charactersKept) return null
    const empty: Shard = {
      id,
      epoch: row.cursor.epoch,
      from: row.cursor.sequence + 1,
      through: row.cursor.sequence,
      sequences: [],
      texts: [],
      edited: new Set(),
      characters: 0,
    }
    this.#shards.set(id, empty)
    return empty
  }

  /** Brings a shard up to what is stored; false if it does not fit. */
  async #complete(shard: Shard, row: CachedConversation, read: ReadRows): Promise<boolean> {
    const { id } = row.conversation
    const edited = [...shard.edited]
    shard.edited.clear()
    for (const sequence of edited) await this.#refresh(shard, [id, sequence], read)
    const older = { from: row.from, through: shard.from - 1 }
    const newer = { from: shard.through + 1, through: row.cursor.sequence }
    for (const [range, place] of [
      [older, 'before'],
      [newer, 'after'],
    ] as const) {
      const gathered: { sequences: number[]; texts: string[] } = { sequences: [], texts: [] }
      for await (const part of readTexts(row, range, read)) {
        gathered.sequences.push(...part.sequences)
        gathered.texts.push(...part.texts)
        this.#count(shard, lengthOf(part.texts))
        if (this.#characters > charactersKept || this.#shards.get(id) !== shard) return false
      }
      const [first, second] = place === 'before' ? [gathered, shard] : [shard, gathered]
      shard.sequences = [...first.sequences, ...second.sequences]
      shard.texts = [...first.texts, ...second.texts]
      if (place === 'before') shard.from = Math.min(shard.from, range.from)
      else shard.through = Math.max(shard.through, range.through)
    }
    return true
  }

  async #refresh(shard: Shard, key: readonly [ConversationId, number], read: ReadRows): Promise<void> {
    const index = shard.sequences.indexOf(key[1])
    if (index < 0) return
    const message = await read(cache => cache.read(['messages'], rows => rows.get('messages', key)))
    const text = fold(message?.body ?? '')
    this.#count(shard, text.length - (shard.texts[index]?.length ?? 0))
    shard.texts[index] = text
  }

  #count(shard: Shard, characters: number): void {
    if (this.#shards.get(shard.id) !== shard) return
    shard.characters += characters
    this.#characters += characters
  }

  #drop(id: ConversationId): void {
    this.#characters -= this.#shards.get(id)?.characters ?? 0
    this.#shards.delete(id)
  }
}

interface SequenceRange {
  readonly from: number
  readonly through: number
}

async function* readTexts(row: CachedConversation, range: SequenceRange, read: ReadRows): AsyncGenerator<Texts> {
  const { id } = row.conversation
  let { from } = range
  while (from <= range.through) {
    const slice = { from: [id, from], to: [id, range.through] } as const
    const messages = await read(cache =>
      cache.read(['messages'], rows => rows.list('messages', { range: slice, limit: rowsAtOnce })),
    )
    const sequences: number[] = []
    const texts: string[] = []
    for (const { sequence, body } of messages) {
      if (body === null) continue
      sequences.push(sequence)
      texts.push(fold(body))
    }
    yield { sequences, texts }
    const last = messages.at(-1)
    if (!last || messages.length < rowsAtOnce) return
    from = last.sequence + 1
  }
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0)
}

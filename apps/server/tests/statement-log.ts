/**
 * The statements that a client sends on one connection, read from the frontend messages of PostgreSQL's protocol
 * (version 3, documentation chapter "Message Formats"): simple queries, and each binding of a prepared statement.
 */
export class StatementLog {
  #rest: Buffer = Buffer.alloc(0)
  #started = false
  #unnamed = ''
  readonly #record: (statement: string) => void

  constructor(record: (statement: string) => void) {
    this.#record = record
  }

  read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk])
    // Only the startup message has no type in front of its length.
    for (let offset = this.#started ? 1 : 0; this.#rest.length >= offset + 4; offset = 1) {
      const end = offset + this.#rest.readInt32BE(offset)
      if (this.#rest.length < end) return
      if (this.#started) this.#message(String.fromCharCode(this.#rest[0] ?? 0), this.#rest.subarray(offset + 4, end))
      this.#started = true
      this.#rest = this.#rest.subarray(end)
    }
  }

  #message(type: string, body: Buffer): void {
    const [first = '', second = ''] = body.toString('latin1').split('\0', 2)
    if (type === 'Q') this.#record(first)
    if (type === 'P' && first === '') this.#unnamed = second
    if (type === 'B') this.#record(second === '' ? this.#unnamed : second)
  }
}

/**
 * What of mail is there from the start: events are stored with the cursor that moves past them, whether or not anybody
 * looks at mails. The rest is loaded when mail first appears, or is asked for.
 */
import type { StreamEvent } from '@recado/protocol'
import type { Parts } from '../engine/parts.ts'
import type { MailClient } from './mail-api.ts'
import type { MailHost, MailPart } from './mail-part.ts'

export class LazyMail {
  /** Null until it is loaded. */
  part: MailPart | null = null
  readonly #parts: Parts
  #loading: Promise<MailPart> | null = null
  #state: 'running' | 'stopped' = 'running'

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Resolves when what this device keeps can be shown. */
  async open(host: MailHost): Promise<MailClient> {
    const part = await this.#load()
    await part.open(host)
    return part
  }

  /** What cannot be loaded now is loaded when mail appears again. */
  wanted(): void {
    this.#load().catch(() => undefined)
  }

  applied(event: StreamEvent): void {
    if ('draftId' in event.data) this.part?.applied(event)
    if (!('mail' in event.data)) return
    const { model, writer } = this.#parts.core
    writer.add({ kind: 'mails', epoch: model.epoch ?? '', items: [event.data.mail] })
    if (this.part) this.part.applied(event)
    else this.wanted()
  }

  /** Events were skipped: what is known of lists does not hold any more. */
  startOver(): void {
    const { model, writer } = this.#parts.core
    writer.add({ kind: 'mails', epoch: model.epoch ?? '', items: [], over: true })
    this.part?.startOver()
  }

  /** Also what is only being loaded. */
  stop(): void {
    this.#state = 'stopped'
    this.part?.stop()
  }

  #load(): Promise<MailPart> {
    this.#loading ??= this.#import()
    return this.#loading
  }

  async #import(): Promise<MailPart> {
    try {
      const { MailPart } = await import('./mail-part.ts')
      this.part = new MailPart(this.#parts)
      if (this.#state === 'stopped') this.part.stop()
      return this.part
    } catch (error) {
      this.#loading = null
      throw error
    }
  }
}

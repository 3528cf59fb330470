/**
 * Brings the files of drafts up, one after another: by the tab that sends what waits, of all that share this device's storage. What
 * is taken out, discarded or on its way as a mail is let go of; a file that the server refuses says why in its draft.
 */
import type { Attachment } from '@recado/protocol'
import { takenBack } from '../engine/core.ts'
import type { Cancel } from '../ports.ts'
import type { MailContext } from './context.ts'
import type { Draft } from './draft.ts'
import { arrived, begun, refused } from './draft-files.ts'
import type { LocalAttachment } from './mail-api.ts'

/** After an upload that was cut off. */
const pauseMs = 2_000

interface Current {
  readonly draft: Draft
  readonly id: string
  readonly control: AbortController
  /** Going up, or there and being noted. */
  at: 'upload' | 'note'
  uploaded: number
  attachment: Attachment | null
}

export class DraftUploads {
  readonly #context: MailContext
  readonly #drafts: () => Iterable<Draft>
  #current: Current | null = null
  #pause: Cancel | null = null

  constructor(context: MailContext, drafts: () => Iterable<Draft>) {
    this.#context = context
    this.#drafts = drafts
  }

  /** How many bytes of it the server has. */
  uploadedOf(draft: Draft, id: string): number {
    const current = this.#current
    return current?.draft === draft && current.id === id ? current.uploaded : 0
  }

  /** Something changed: a file, a draft, the connection, whose turn it is. */
  look(): void {
    const current = this.#current
    if (current) this.#holdOn(current)
    else if (!this.#pause) this.#next()
  }

  #holdOn({ draft, id, control, at }: Current): void {
    if (at === 'note' || control.signal.aborted) return
    if (!draft.filesToUpload().some(file => file.id === id)) control.abort(takenBack)
    else if (!this.#may() || draft.isSending) control.abort()
  }

  #may(): boolean {
    return this.#context.core.online() && this.#context.outbox.sends
  }

  #next(): void {
    if (!this.#may()) return
    for (const draft of this.#drafts()) {
      const [file] = draft.isSending ? [] : draft.filesToUpload()
      if (!file) continue
      this.#begin(draft, file)
      return
    }
  }

  #begin(draft: Draft, { id, name, blob }: LocalAttachment): void {
    const { core } = this.#context
    const control = new AbortController()
    const current: Current = { draft, id, control, at: 'upload', uploaded: 0, attachment: null }
    this.#current = current
    const work = core.upload({
      files: [{ name, blob, mediaId: draft.row?.uploads?.[id]?.mediaId ?? null }],
      signal: control.signal,
      note: async ([noted]) => {
        if (noted?.mediaId) draft.step(begun(id, noted.mediaId))
      },
      progress: bytes => {
        current.uploaded = bytes
        draft.changed()
      },
      ready: (_, attachment) => {
        current.attachment = attachment
      },
    })
    void core.guard(work).then(outcome => {
      if (outcome === undefined) return
      if (outcome === 'later') return this.#rest()
      current.at = 'note'
      const step = outcome === 'there' ? current.attachment && arrived(id, current.attachment) : refused(id, outcome)
      // Looked for the next once this one is noted: till then it looks as if it had to go up.
      if (step) draft.step(step, () => this.#over())
      else this.#over()
    })
  }

  #rest(): void {
    this.#current = null
    this.#pause = this.#context.core.clock.setTimer(pauseMs, () => {
      this.#pause = null
      this.look()
    })
  }

  #over(): void {
    this.#current = null
    this.look()
  }
}

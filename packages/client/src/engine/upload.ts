/**
 * Uploads the files of what waits in the outbox, or of a draft, by tus 1.0.0, in parts that fit the line. What was begun is noted
 * with the message, so that a restart goes on where the server got to; what the server has forgotten begins anew.
 */
import type { Attachment, Media, MediaId, Problem } from '@recado/protocol'
import { createProblem } from '@recado/protocol'
import type { QueuedFile } from '../cache/rows.ts'
import type { Ports } from '../ports.ts'
import { ProblemError } from '../problem-error.ts'
import { takenBack, type UploadWork } from './core.ts'

type UploadPorts = Pick<Ports, 'transport' | 'clock'>
type AccessToken = (need: 'any' | 'fresh') => Promise<string>

/** A part should take about as long: short enough to show progress and lose little, long enough to be worth a request. */
const partMs = 1_500
const smallestPart = 64 * 1024
const largestPart = 16 * 1024 * 1024
/** The server ends requests that take longer. */
const answerWithinMs = 28_000
/** How often an answer that a file is still looked at is taken before trying again later. */
const inspections = 12

export async function upload(
  ports: UploadPorts,
  accessToken: AccessToken,
  work: UploadWork,
): Promise<'there' | 'later' | Problem> {
  const one = new Upload(ports, accessToken, work)
  try {
    return await one.run()
  } catch (error) {
    if (work.signal.reason === takenBack) await one.giveUp().catch(() => undefined)
    if (error instanceof ProblemError && isFinal(error.problem)) return error.problem
    // No answer, a server that is busy, or a sign-in that is being renewed.
    return 'later'
  }
}

/** An upload that was given up meanwhile, by what its file belonged to before, begins anew. */
function isFinal({ code, retry }: Problem): boolean {
  return retry === 'never' && code !== 'not-found'
}

class Upload {
  readonly #ports: UploadPorts
  readonly #accessToken: AccessToken
  readonly #work: UploadWork
  #files: readonly QueuedFile[]
  #partBytes = smallestPart * 4
  /** Of the files before the one under way. */
  #before = 0

  constructor(ports: UploadPorts, accessToken: AccessToken, work: UploadWork) {
    this.#ports = ports
    this.#accessToken = accessToken
    this.#work = work
    this.#files = work.files
  }

  async run(): Promise<'there' | 'later' | Problem> {
    for (let index = 0; index < this.#files.length; index++) {
      const file = this.#files[index] as QueuedFile
      const { id, offset } = (file.mediaId && (await this.#find(file.mediaId))) ?? (await this.#begin(index, file))
      await this.#send(id, file.blob, offset)
      const outcome = await this.#inspected(id)
      if (outcome === 'later' || 'code' in outcome) return outcome
      this.#work.ready?.({ ...file, mediaId: id }, outcome)
      this.#before += file.blob.size
    }
    return 'there'
  }

  /** What the server has of it counts for this account until it is told. */
  async giveUp(): Promise<void> {
    const token = await this.#accessToken('any')
    const headers = { 'tus-resumable': '1.0.0', authorization: `Bearer ${token}` }
    for (const { mediaId } of this.#files) {
      if (mediaId) await this.#ports.transport.media?.(mediaId, { method: 'DELETE', headers })
    }
  }

  /** How far an earlier upload got; null if the server has forgotten it. */
  async #find(id: MediaId): Promise<{ readonly id: MediaId; readonly offset: number } | null> {
    const response = await this.#request(id, 'HEAD')
    if (response.status === 404) return null
    return { id, offset: offsetIn(await requireDone(response)) }
  }

  async #begin(index: number, { name, blob }: QueuedFile): Promise<{ readonly id: MediaId; readonly offset: number }> {
    const headers = { 'upload-length': String(blob.size), 'upload-metadata': `filename ${base64(name)}` }
    const response = await requireDone(await this.#request('', 'POST', { headers }))
    const id = (response.headers.get('location') ?? '').split('/').pop() as MediaId
    this.#files = this.#files.map((file, at) => (at === index ? { ...file, mediaId: id } : file))
    await this.#work.note(this.#files)
    return { id, offset: 0 }
  }

  async #send(id: MediaId, blob: Blob, from: number): Promise<void> {
    const { clock } = this.#ports
    for (let offset = from; ; ) {
      this.#work.progress(this.#before + offset)
      if (offset >= blob.size) return
      const headers = { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }
      const since = clock.now()
      const body = blob.slice(offset, offset + this.#partBytes)
      offset = offsetIn(await requireDone(await this.#request(id, 'PATCH', { headers, body })))
      const speed = this.#partBytes / Math.max(clock.now() - since, 1)
      this.#partBytes = Math.min(Math.max(Math.round(speed * partMs), smallestPart), largestPart)
    }
  }

  async #inspected(id: MediaId): Promise<Attachment | 'later' | Problem> {
    for (let asked = 0; asked < inspections; asked++) {
      const reply = await this.#ports.transport.request('media.get', { mediaId: id }, await this.#accessToken('any'))
      if ('problem' in reply) throw new ProblemError(reply.problem)
      const media: Media = reply.result
      if (media.state === 'ready') return media.attachment
      if (media.state === 'refused') return createProblem('attachment-unavailable', { detail: media.reason })
      if (media.state === 'uploading') return 'later'
      await new Promise<void>(resolve => this.#ports.clock.setTimer(500, resolve))
    }
    return 'later'
  }

  async #request(path: string, method: string, more: RequestInit & { headers?: Record<string, string> } = {}) {
    const { transport } = this.#ports
    if (!transport.media) throw new ProblemError(createProblem('attachment-unavailable'))
    const ask = async (need: 'any' | 'fresh') => {
      const headers = {
        ...more.headers,
        'tus-resumable': '1.0.0',
        authorization: `Bearer ${await this.#accessToken(need)}`,
      }
      const signal = AbortSignal.any([this.#work.signal, AbortSignal.timeout(answerWithinMs)])
      return await transport.media?.(path, { ...more, method, headers, signal })
    }
    const first = await ask('any')
    const response = first?.status === 401 ? await ask('fresh') : first
    if (!response) throw new Error('there was no answer')
    return response
  }
}

function offsetIn({ headers }: Response): number {
  return Number(headers.get('upload-offset'))
}

/** Raises `ProblemError`; an upload that is elsewhere than was thought is asked about again. */
async function requireDone(response: Response): Promise<Response> {
  if (response.ok) return response
  const problem = (await response.json()) as Problem
  if (problem.code === 'offset-mismatch' || response.status === 401) throw new Error('the upload continues elsewhere')
  throw new ProblemError(problem)
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}

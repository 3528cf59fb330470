/**
 * Contents in an object storage that speaks S3, Amazon's or another's. Requests are signed by AWS Signature Version 4; the
 * hash that it asks for is the name of the content, so the storage refuses what was damaged on its way.
 */
import { openAsBlob } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { AwsV4Signer } from 'aws4fetch'
import { Refusal } from '../problem.ts'
import type { Contents } from './contents.ts'
import type { S3Address } from './s3-address.ts'

/** SHA-256 of nothing. */
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const answerWithinMs = 10_000
/** What a slow line takes for a file comes on top. */
const slowestBytesPerMs = 100
const attempts = 3
const firstPauseMs = 200

interface Asking {
  readonly method: 'HEAD' | 'GET' | 'PUT' | 'DELETE'
  readonly hash: string
  readonly headers?: Readonly<Record<string, string>>
  readonly content?: Blob
}

/** What the storage said no to. Its words may hold the address, but never the key. */
export class StorageRefused extends Error {
  override readonly name = 'StorageRefused'
  readonly status: number

  constructor({ method, hash }: Asking, status: number, words: string) {
    super(`the object storage answered ${status} to ${method} ${hash}: ${words.slice(0, 500)}`)
    this.status = status
  }
}

export function createS3Contents(address: S3Address): Contents {
  return {
    async isStored(hash) {
      const { status } = await insist(address, { method: 'HEAD', hash })
      return status !== 404
    },
    async put(hash, file) {
      const { size } = await stat(file)
      const content = await openAsBlob(file)
      await insist(address, { method: 'PUT', hash, content, headers: { 'content-length': String(size) } })
      await rm(file, { force: true })
    },
    async read(hash, { from, to }) {
      const headers = { range: `bytes=${from}-${to}` }
      const { status, body } = await insist(address, { method: 'GET', hash, headers }).catch(error => {
        const refused = error instanceof StorageRefused && error.status < 500
        throw refused ? error : new Refusal('unavailable', {}, { cause: error })
      })
      if (status === 404 || body === null) throw new Error(`there is no content ${hash}`)
      return Readable.fromWeb(body as ReadableStream)
    },
    async remove(hash) {
      await insist(address, { method: 'DELETE', hash })
    },
  }
}

/** Whether this key may write there: stores a content of no bytes. */
export async function tryStorage(address: S3Address): Promise<void> {
  await insist(address, { method: 'PUT', hash: emptyHash, content: new Blob([]), headers: { 'content-length': '0' } })
}

/** All of these may be done twice. Resolves to what was answered, which is good or says that nothing is there. */
async function insist(address: S3Address, asking: Asking): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await ask(address, asking).catch((error: unknown) => {
      if (attempt === attempts) throw error
      return null
    })
    // Whoever stores something and hears this has no such bucket.
    if (outcome?.ok || (outcome?.status === 404 && asking.method !== 'PUT')) return outcome
    if (outcome !== null && (attempt === attempts || outcome.status < 500)) {
      throw new StorageRefused(asking, outcome.status, await outcome.text())
    }
    await outcome?.body?.cancel()
    await new Promise(resolve => setTimeout(resolve, firstPauseMs * 2 ** (attempt - 1)))
  }
}

/** Until the answer begins; a body is read for as long as its reader takes. */
async function ask(address: S3Address, { method, hash, headers = {}, content }: Asking): Promise<Response> {
  const { folder, region, accessKeyId, secretAccessKey } = address
  const payload = content === undefined ? emptyHash : hash
  const signer = new AwsV4Signer({
    method,
    url: `${folder}${requireHash(hash)}`,
    headers: { ...headers, 'x-amz-content-sha256': payload },
    accessKeyId,
    secretAccessKey,
    region,
    service: 's3',
  })
  const signed = await signer.sign()
  const patience = new AbortController()
  const timer = setTimeout(
    () => patience.abort(new Error('the object storage does not answer')),
    answerWithinMs + (content?.size ?? 0) / slowestBytesPerMs,
  )
  try {
    return await fetch(signed.url, {
      method,
      headers: signed.headers,
      signal: patience.signal,
      ...(content && { body: content }),
    })
  } finally {
    clearTimeout(timer)
  }
}

/** A name that is no hash never becomes an address. */
function requireHash(hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error('this is no hash')
  return hash
}

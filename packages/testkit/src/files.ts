/** Files of a test server's people: uploaded in one part, and asked about until they were looked at. */
import type { Attachment, Media, MediaId } from '@recado/protocol'
import type { Person } from './people.ts'

const version = { 'tus-resumable': '1.0.0' }

/** A request to `/v1/media/` or below it, as a tus client sends it. */
export async function requestMedia(
  person: Pick<Person, 'token' | 'url'>,
  path: string,
  init: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> {
  const headers = { authorization: `Bearer ${person.token}`, ...version, ...init.headers }
  return await fetch(`${person.url}/v1/media/${path}`, { ...init, headers })
}

export async function createUpload(person: Person, name: string, length: number): Promise<MediaId> {
  const metadata = `filename ${Buffer.from(name).toString('base64')}`
  const headers = { 'upload-length': String(length), 'upload-metadata': metadata }
  const response = await requestMedia(person, '', { method: 'POST', headers })
  if (response.status !== 201) throw new Error(`creating an upload gave ${response.status}: ${await response.text()}`)
  return (response.headers.get('location') ?? '').split('/').at(-1) as MediaId
}

export async function sendPart(person: Person, id: MediaId, offset: number, body: Uint8Array): Promise<Response> {
  const headers = { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }
  return await requestMedia(person, id, { method: 'PATCH', headers, body: body as Uint8Array<ArrayBuffer> })
}

/** What became of it. */
export async function uploadFile(person: Person, name: string, content: Uint8Array): Promise<Media> {
  const id = await createUpload(person, name, content.length)
  const response = await sendPart(person, id, 0, content)
  if (response.status !== 204) throw new Error(`uploading gave ${response.status}: ${await response.text()}`)
  for (;;) {
    const media = await person.call('media.get', { mediaId: id })
    if (media.state !== 'inspecting') return media
  }
}

export async function uploadReady(person: Person, name: string, content: Uint8Array): Promise<Attachment> {
  const media = await uploadFile(person, name, content)
  if (media.state !== 'ready') throw new Error(`the file is not ready: ${JSON.stringify(media)}`)
  return media.attachment
}

/**
 * Resumable upload: tus 1.0.0 (https://tus.io/protocols/resumable-upload) with creation, expiration and termination, at
 * `/v1/media/` with a bearer token. Refusals are problems, as everywhere under `/v1/`.
 */
import type { IncomingMessage } from 'node:http'
import type { MediaId } from '@recado/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import type { UploadState } from '../../../media/uploads.ts'
import { refuse } from '../../../problem.ts'
import { authenticate } from '../operations.ts'

type TusContext = Pick<Context, 'tokens' | 'store' | 'media'>

const version = '1.0.0'
const extensions = 'creation,expiration,termination'
const bodyType = 'application/offset+octet-stream'
const longestMetadata = 4_096

export function addTusRoutes(app: FastifyInstance, { tokens, store, media: { uploads } }: TusContext): void {
  const accountOf = async (request: FastifyRequest) =>
    (await authenticate(request.headers, { tokens, store })).accountId
  app.removeAllContentTypeParsers()
  // The body is read by whoever stores it, as it comes.
  app.addContentTypeParser(bodyType, async (_request: FastifyRequest, body: IncomingMessage) => body)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('tus-resumable', version)
    if (request.method === 'OPTIONS' || request.headers['tus-resumable'] === version) return
    reply.header('tus-version', version)
    refuse('unsupported-version')
  })
  app.options('/', async (_request, reply) =>
    reply
      .headers({ 'tus-version': version, 'tus-extension': extensions, 'tus-max-size': uploads.fileBytes })
      .status(204)
      .send(),
  )
  app.post('/', async (request, reply) => {
    const accountId = await accountOf(request)
    const length = requireNumber(request, 'upload-length')
    if (length === 0) refuse('invalid-input', 'There is nothing in an empty file.')
    const id = await uploads.create(accountId, { name: nameIn(request), length })
    tell(reply, await uploads.state(id, accountId))
    return reply.header('location', `/v1/media/${id}`).status(201).send()
  })
  app.head<{ Params: { id: string } }>('/:id', async (request, reply) => {
    const state = await uploads.state(requireId(request.params.id), await accountOf(request))
    return tell(reply, state).header('upload-length', state.length).status(200).send()
  })
  app.patch<{ Params: { id: string }; Body: IncomingMessage | undefined }>('/:id', async (request, reply) => {
    const id = requireId(request.params.id)
    const accountId = await accountOf(request)
    const body = request.body ?? refuse('unsupported-type', `A part is sent as ${bodyType}.`)
    const offset = requireNumber(request, 'upload-offset')
    try {
      return tell(reply, await uploads.append({ id, accountId, offset, body }))
        .status(204)
        .send()
    } finally {
      // What was not read of a refused part would be taken for the next request.
      if (!body.readableEnded) reply.header('connection', 'close')
    }
  })
  app.delete<{ Params: { id: string } }>('/:id', async (request, reply) => {
    await uploads.cancel(requireId(request.params.id), await accountOf(request))
    return reply.status(204).send()
  })
}

function tell(reply: FastifyReply, { offset, expiresAtMs }: UploadState): FastifyReply {
  return reply.headers({ 'upload-offset': offset, 'upload-expires': new Date(expiresAtMs).toUTCString() })
}

export function requireId(text: string): MediaId {
  return /^[A-Za-z0-9_-]{22}$/.test(text) ? (text as MediaId) : refuse('not-found')
}

function requireNumber({ headers }: FastifyRequest, name: 'upload-length' | 'upload-offset'): number {
  const text = headers[name]
  const value = Number(text)
  if (typeof text === 'string' && /^\d{1,16}$/.test(text) && Number.isSafeInteger(value)) return value
  return refuse('invalid-input', `${name} is a number of bytes.`)
}

/** `Upload-Metadata` is pairs of a key and a value in Base64. */
function nameIn({ headers }: FastifyRequest): string {
  const metadata = headers['upload-metadata']
  if (metadata === undefined) return ''
  if (typeof metadata !== 'string' || metadata.length > longestMetadata) {
    return refuse('invalid-input', 'upload-metadata is too long.')
  }
  const pairs = metadata.split(',').map(pair => pair.trim().split(' '))
  const [, encoded = ''] = pairs.find(([key]) => key === 'filename') ?? []
  return Buffer.from(encoded, 'base64').toString('utf8')
}

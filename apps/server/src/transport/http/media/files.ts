/**
 * `GET /v1/media/<id>/<variant>`: a file for who may see a message that it hangs on, asked at each request. Nothing that is
 * served from here runs: a browser shows only what was found to be a picture, a sound, a film or plain text, sandboxed, and
 * is told of everything else to save it.
 */
import { pipeline } from 'node:stream/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { requireVariant } from '../../../access/media.ts'
import type { Context } from '../../../context.ts'
import type { ByteRange } from '../../../media/contents.ts'
import { servedAs } from '../../../media/served-types.ts'
import { refuse } from '../../../problem.ts'
import { requireReader } from '../addressed-reader.ts'
import { readRange } from './range.ts'
import { requireId } from './tus.ts'

type FilesContext = Pick<Context, 'tokens' | 'addressTokens' | 'store' | 'media' | 'logger'>
type FileRequest = FastifyRequest<{ Params: { id: string; variant: string }; Querystring: { token?: string } }>

const headers = {
  'cache-control': 'private, max-age=31536000, immutable',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
  'accept-ranges': 'bytes',
  vary: 'Origin, Authorization',
}

export function addFileRoutes(app: FastifyInstance, context: FilesContext): void {
  app.get('/:id/:variant', async (request: FileRequest, reply) => {
    const reader = await requireReader(request, context, 'files')
    const { variant } = request.params
    if (variant !== 'original' && variant !== 'preview') return refuse('not-found')
    const file = await requireVariant(context.store, reader, { id: requireId(request.params.id), variant })
    const etag = `"${file.hash.slice(0, 32)}"`
    const { type, disposition } = servedAs(file.type)
    reply.headers({ ...headers, etag, 'content-type': type, 'content-disposition': dispose(disposition, file.name) })
    if (request.headers['if-none-match'] === etag) return reply.status(304).send()
    const range = readRange(request.headers, { bytes: file.bytes, etag })
    if (range === 'unsatisfiable') {
      return reply
        .status(416)
        .header('content-range', `bytes */${file.bytes}`)
        .header('cache-control', 'no-store')
        .send()
    }
    if (range !== 'whole') {
      reply.status(206).header('content-range', `bytes ${range.from}-${range.to}/${file.bytes}`)
    }
    const wanted = range === 'whole' ? { from: 0, to: file.bytes - 1 } : range
    await sendContent(context, { request, reply, hash: file.hash, wanted })
  })
}

async function sendContent(
  { media, logger }: FilesContext,
  sending: { request: FastifyRequest; reply: FastifyReply; hash: string; wanted: ByteRange },
): Promise<void> {
  const { request, reply, hash, wanted } = sending
  reply.header('content-length', wanted.to - wanted.from + 1)
  const content = request.method === 'HEAD' ? null : await media.contents.read(hash, wanted)
  reply.hijack()
  reply.raw.writeHead(reply.statusCode, reply.getHeaders() as Record<string, string>)
  if (content === null) return void reply.raw.end()
  await pipeline(content, reply.raw).catch(error => {
    // Readers go away in the middle; only what the disk refuses is worth a word.
    if (!reply.raw.destroyed || content.errored !== null) logger.debug({ err: error }, 'a file was not sent to its end')
  })
}

/** RFC 6266: a name in ASCII for whoever reads nothing else, and the name itself. */
function dispose(disposition: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const whole = encodeURIComponent(name).replace(/['()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${disposition}; filename="${plain}"; filename*=UTF-8''${whole}`
}

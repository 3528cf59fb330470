/**
 * An object storage for tests: one bucket in memory, by the part of the S3 interface that Recado speaks. Signatures are
 * computed here once more, by AWS Signature Version 4 as it is documented, and without the library that signs.
 */
import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const [keyId, secret, region, bucket] = ['recado', 'not/a+secret', 'eu-test-1', 'files']

export interface ObjectStorage extends AsyncDisposable {
  /** For `RECADO_S3_URL`. */
  readonly url: string
  readonly objects: Map<string, Buffer>
  /** Answers the next requests so instead of doing what they ask; `hang` never answers. */
  readonly faults: (number | 'hang' | 'cut')[]
  requests: number
}

export async function startObjectStorage(): Promise<ObjectStorage> {
  const objects = new Map<string, Buffer>()
  const faults: ObjectStorage['faults'] = []
  const server = createServer((request, response) => {
    storage.requests += 1
    void answer(request, response).catch(() => response.destroy())
  })
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.concat(await request.toArray())
    const fault = faults.shift()
    if (fault === 'hang') return
    if (typeof fault === 'number') return void response.writeHead(fault).end('<Error><Code>SlowDown</Code></Error>')
    if (!isSigned(request) || request.headers['x-amz-content-sha256'] !== sha256(body)) {
      return void response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>')
    }
    const [, name, ...key] = (request.url ?? '').split('/')
    if (name !== bucket) return void response.writeHead(404).end('<Error><Code>NoSuchBucket</Code></Error>')
    perform({ request, response, objects, body, key: key.join('/'), cut: fault === 'cut' })
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const storage: ObjectStorage = {
    url: `http://${keyId}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${bucket}/of/recado?region=${region}`,
    objects,
    faults,
    requests: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return storage
}

interface Doing {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly objects: Map<string, Buffer>
  readonly body: Buffer
  readonly key: string
  readonly cut: boolean
}

function perform({ request, response, objects, body, key, cut }: Doing): void {
  const stored = objects.get(key)
  if (request.method === 'PUT') objects.set(key, body)
  else if (request.method === 'DELETE') objects.delete(key)
  else if (stored === undefined) return void response.writeHead(404).end()
  if (request.method !== 'GET') return void response.writeHead(request.method === 'DELETE' ? 204 : 200).end()
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  const part = (stored ?? body).subarray(Number(from), Number(to) + 1)
  response.writeHead(206, { 'content-length': part.length })
  if (!cut) return void response.end(part)
  response.write(part.subarray(0, part.length >> 1), () => response.destroy())
}

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** "Create a signed AWS API request", steps 1 to 4. */
function isSigned({ method, url = '', headers }: IncomingMessage): boolean {
  const [, scope = '', names = '', signature] =
    /Credential=[^/]+\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(headers.authorization ?? '') ?? []
  const signed = names.split(';')
  if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every(name => signed.includes(name))) return false
  const [path = '', query = ''] = url.split('?')
  const lines = signed.map(name => `${name}:${String(headers[name] ?? '').trim()}\n`).join('')
  const canonical = [method, path, query, lines, names, headers['x-amz-content-sha256']].join('\n')
  const [day = '', ...rest] = scope.split('/')
  if (rest.join('/') !== `${region}/s3/aws4_request`) return false
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const key = [day, ...rest].reduce<string | Buffer>(hmac, `AWS4${secret}`)
  return hmac(key, toSign).toString('hex') === signature
}

/** Operations over HTTP, as a program without the SDK calls them. */
import { Agent, request } from 'node:http'
import type { Ticket } from '../driver/job.ts'

const agent = new Agent({ keepAlive: true, maxSockets: 256 })

export interface Place {
  readonly port: number
  readonly pid: number
}

export function call<Result>(place: Place, caller: Ticket, operation: string, data: object): Promise<Result> {
  const body = JSON.stringify(data)
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        host: '127.0.0.1',
        port: place.port,
        path: `/v1/${operation}`,
        method: 'POST',
        agent,
        headers: {
          authorization: `Bearer ${caller.token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      response => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('end', () => {
          if (response.statusCode === 200) resolve(JSON.parse(text) as Result)
          else reject(new Error(`${operation} is refused: ${text}`))
        })
        response.on('error', reject)
      },
    )
    asking.on('error', reject)
    asking.end(body)
  })
}

export async function timeCall<Result>(
  ...request: Parameters<typeof call>
): Promise<{ readonly result: Result; readonly ms: number }> {
  const askedAt = performance.now()
  const result = await call<Result>(...request)
  return { result, ms: performance.now() - askedAt }
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

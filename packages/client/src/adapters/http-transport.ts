/** The network as browsers and Node have it: `WebSocket` and `fetch`. */
import type { OperationInput, OperationName, OperationOutput, Problem } from '@recado/protocol'
import type { HttpReply, Socket, SocketHandlers, Transport } from '../ports.ts'

/** Longer than the server may take for a commit under load, shorter than a person's patience. */
const answerWithinMs = 30_000

/** `url` is the server's origin, for example `https://chat.example.org`. */
export function createTransport(url: string): Transport {
  const base = new URL(url)
  const socketUrl = new URL('/v1/socket', base)
  socketUrl.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:'
  return {
    openSocket: handlers => openSocket(socketUrl, handlers),
    request: (operation, data, token) => post({ base, operation, data, token }),
    media: (path, request) => fetch(new URL(`/v1/media/${path}`, base), request),
  }
}

function openSocket(url: URL, handlers: SocketHandlers): Socket {
  const socket = new WebSocket(url)
  socket.onopen = () => handlers.opened()
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') handlers.message(data)
  }
  socket.onclose = ({ code }) => handlers.closed(code)
  return {
    send: text => socket.send(text),
    close: () => socket.close(),
  }
}

interface Post<Name extends OperationName> {
  readonly base: URL
  readonly operation: Name
  readonly data: OperationInput<Name>
  readonly token: string | null
}

async function post<Name extends OperationName>({
  base,
  operation,
  data,
  token,
}: Post<Name>): Promise<HttpReply<Name>> {
  const response = await fetch(new URL(`/v1/${operation}`, base), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(data),
    signal: AbortSignal.timeout(answerWithinMs),
  })
  const answer: unknown = await response.json()
  if (response.ok) return { result: answer as OperationOutput<Name> }
  if (isProblem(answer)) return { problem: answer }
  throw new Error(`The server answered ${response.status} with no problem.`)
}

/** Something between may answer with an error of its own, which says nothing about the request. */
function isProblem(answer: unknown): answer is Problem {
  return typeof answer === 'object' && answer !== null && 'code' in answer && 'retry' in answer
}

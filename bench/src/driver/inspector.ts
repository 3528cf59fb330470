/**
 * Brings a Node process's heap into the same state before each look at its memory, so that the difference is what
 * connections hold and not when V8 last grew or collected: without it the same server showed between 4 and 37 KB for a
 * connection. SIGUSR1 opens the process's
 * inspector on the port that it was started with.
 */
import { once } from 'node:events'
import { becomes } from './connect.ts'
import type { InspectedProcess } from './job.ts'

const opensWithinMs = 5_000

export async function openInspector({ pid, inspectorPort }: InspectedProcess): Promise<Inspector> {
  process.kill(pid, 'SIGUSR1')
  let address: string | null = null
  let asking = false
  const ask = async () => {
    asking = true
    address = await findAddress(inspectorPort)
    asking = false
  }
  const found = await becomes(() => {
    if (address === null && !asking) void ask()
    return address !== null
  }, opensWithinMs)
  if (!found || address === null) throw new Error('the inspector of the server does not open')
  const socket = new WebSocket(address)
  await once(socket, 'open')
  return new Inspector(socket)
}

async function findAddress(port: number): Promise<string | null> {
  try {
    const targets: unknown = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()
    const [first] = Array.isArray(targets) ? targets : []
    return typeof first?.webSocketDebuggerUrl === 'string' ? first.webSocketDebuggerUrl : null
  } catch {
    return null
  }
}

export class Inspector implements Disposable {
  readonly #socket: WebSocket

  constructor(socket: WebSocket) {
    this.#socket = socket
  }

  /** Allocates some hundred megabytes of garbage: afterwards V8's space for new objects is as large as it gets. */
  async fillNewSpace(): Promise<void> {
    const expression = 'const kept = []; for (let i = 0; i < 5e6; i++) kept[i & 1023] = { i, text: [i] }; kept.length'
    await this.#call('Runtime.evaluate', { expression: `{ ${expression} }` })
  }

  async collectGarbage(): Promise<void> {
    await this.#call('HeapProfiler.collectGarbage', {})
  }

  async #call(method: string, params: object): Promise<void> {
    this.#socket.send(JSON.stringify({ id: 1, method, params }))
    await once(this.#socket, 'message')
  }

  [Symbol.dispose](): void {
    this.#socket.close()
  }
}

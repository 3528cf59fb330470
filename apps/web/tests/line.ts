/** The line between a browser and its server: can be cut as a whole, and mended. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Line extends AsyncDisposable {
  readonly url: string
  /** Ends every connection, and lets no new one through. */
  cut(): void
  mend(): void
}

export async function startLine(target: string): Promise<Line> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let state: 'whole' | 'cut' = 'whole'
  const track = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A cut line ends with an error on both sides, which is what it is for.
    socket.on('error', () => socket.destroy())
  }
  const server = createServer(socket => {
    track(socket)
    if (state === 'cut') return socket.destroy()
    const upstream = connect({ host: hostname, port: Number(port) })
    track(upstream)
    socket.pipe(upstream).pipe(socket)
    socket.on('close', () => upstream.destroy())
    upstream.on('close', () => socket.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
  const end = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    cut() {
      state = 'cut'
      end()
    },
    mend() {
      state = 'whole'
    },
    async [Symbol.asyncDispose]() {
      end()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

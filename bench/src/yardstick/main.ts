/**
 * The yardstick's process: its own PostgreSQL, set up and started as Recado's is, its server, and an end when its
 * parent's channel closes.
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { startEmbeddedPostgres } from '@recado/server/store/embedded/embedded-postgres.ts'
import { connectDedicated, type DatabaseAddress } from '@recado/server/store/pool.ts'
import { pino } from 'pino'
import { Yardstick } from './server.ts'

export interface YardstickReady {
  readonly port: number
  readonly database: DatabaseAddress
}

const [folder, secret] = process.argv.slice(2)
if (!folder || !secret || !process.send) throw new Error('the yardstick is started by the benchmark')

const ended = Promise.withResolvers<void>()
process.on('disconnect', ended.resolve)
process.on('SIGTERM', ended.resolve)
// Ctrl-C reaches the whole group; the parent decides.
process.on('SIGINT', () => {})

const logger = pino({ level: 'silent' })
{
  await using postgres = await startEmbeddedPostgres({ dataDir: folder, logger })
  const connect = () => connectDedicated({ address: postgres.address, applicationName: 'yardstick', logger })
  const [writer, reader] = [await connect(), await connect()]
  const yardstick = new Yardstick({ secret, writer, reader, failed: ended.reject })
  await yardstick.prepare()
  yardstick.server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 })
  await once(yardstick.server, 'listening')
  const { port } = yardstick.server.address() as AddressInfo
  process.send({ port, database: postgres.address } satisfies YardstickReady)
  await ended.promise
  await Promise.all([writer.end(), reader.end()])
}
process.exit(0)

import type { Config } from './config.ts'

/** What the product will do and this version cannot. */
const notYet = 'mail to other servers, calls, push and several nodes: not built yet'

export interface StartBlockOptions {
  readonly config: Config
  readonly url: string
  readonly database: 'embedded' | 'external'
}

/** What a person reads after `npm start`: the address, where the data is, what is switched off. */
export function startBlock({ config, url, database }: StartBlockOptions): string {
  const address = config.publicUrl ?? url
  const data = database === 'embedded' ? config.dataDir : `${config.dataDir}, messages in the database of DATABASE_URL`
  const lines = [
    ['Address', address],
    ['Data', data],
    ['Switched off', notYet],
    ['Stop', 'Ctrl+C'],
  ]
  if (!isSecureOrigin(address)) {
    lines.push(['Note', 'browsers give this address no offline start, no shared sign-in and no passkeys: use HTTPS'])
  }
  const rows = lines.map(([name = '', value]) => `    ${name.padEnd(14)}${value}`)
  return `\n  Recado is ready\n\n${rows.join('\n')}\n\n`
}

function isSecureOrigin(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1'
}

import type { Config } from './config.ts'

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
    ['Switched off', switchedOff(config).join(', ')],
    ['Stop', 'Ctrl+C'],
  ]
  if (!isSecureOrigin(address)) {
    lines.push(['Note', 'browsers give this address no offline start, no shared sign-in and no passkeys: use HTTPS'])
  }
  const rows = lines.map(([name = '', value]) => `    ${name.padEnd(14)}${value}`)
  return `\n  Recado is ready\n\n${rows.join('\n')}\n\n`
}

function switchedOff(config: Config): string[] {
  return [
    config.natsUrl === undefined ? 'other nodes (NATS_URL)' : '',
    config.smtpUrl === undefined ? 'mail to other servers (RECADO_SMTP_URL)' : '',
    config.turnUrl === undefined ? 'call relay (RECADO_TURN_URL)' : '',
  ].filter(line => line !== '')
}

function isSecureOrigin(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1'
}

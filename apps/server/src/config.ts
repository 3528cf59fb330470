/**
 * All configuration, read from the environment once and never again: one frozen object with safe defaults and units in
 * its names. Whatever is wrong is reported together, each with what was given and what would do; an unknown `RECADO_*`
 * is wrong too, because a misspelt switch that is silently ignored is worse than a server that does not start.
 */
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { parseS3Address, type S3Address } from './media/s3-address.ts'

export type Role = 'web' | 'gateway' | 'jobs' | 'mail'

export interface Config {
  readonly port: number
  /** `undefined` is all interfaces. */
  readonly host: string | undefined
  /** Absolute. The embedded database, media and keys. */
  readonly dataDir: string
  /** The origin that people type; `undefined` is derived from each request. */
  readonly publicUrl: string | undefined
  readonly allowedOrigins: readonly string[]
  /** `undefined` is the embedded database. */
  readonly databaseUrl: string | undefined
  /** `undefined` is the bus in memory. */
  readonly natsUrl: string | undefined
  readonly roles: readonly Role[]
  readonly rateLimits: 'on' | 'off'
  /** Whether browsers keep the web app and start it without a network. */
  readonly offlineApp: 'on' | 'off'
  /** Addresses and networks in CIDR notation. */
  readonly trustedProxies: readonly string[]
  readonly accessTokenSeconds: number
  /** Bytes of one uploaded file. */
  readonly mediaFileBytes: number
  /** Bytes of all files of one account. */
  readonly mediaQuotaBytes: number
  /** Where the content of files lies; `undefined` is the data folder. */
  readonly s3: S3Address | undefined
  readonly mailDomain: string | undefined
  readonly smtpUrl: string | undefined
  readonly turnUrl: string | undefined
  /** Empty is the system's. */
  readonly dnsServers: readonly string[]
  readonly smtpOutPort: number
  /** Networks in CIDR notation that outgoing requests may reach although they are private. */
  readonly privateNetworksAllowed: readonly string[]
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly complaints: readonly string[]

  constructor(complaints: readonly string[]) {
    super(`the configuration is not usable:\n${complaints.map(complaint => `  ${complaint}`).join('\n')}`)
    this.complaints = complaints
  }
}

export type Environment = Readonly<Record<string, string | undefined>>

const roles = ['web', 'gateway', 'jobs', 'mail'] as const
const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
const megabyte = 1_000_000
const longestTokenMinutes = 24 * 60

export function readConfig(env: Environment): Config {
  const reader = new Reader(env)
  const config: Config = {
    port: reader.integer('RECADO_PORT', { fallback: 8080, from: 0, to: 65_535 }),
    host: reader.text('RECADO_HOST'),
    dataDir: resolve(reader.text('RECADO_DATA_DIR') ?? 'data'),
    publicUrl: reader.origin('RECADO_PUBLIC_URL'),
    allowedOrigins: reader.list('RECADO_ALLOWED_ORIGINS', parseOrigin, 'an origin like https://chat.example.org'),
    databaseUrl: reader.url('DATABASE_URL', ['postgres:', 'postgresql:']),
    natsUrl: reader.url('NATS_URL', ['nats:', 'tls:', 'ws:', 'wss:']),
    roles: reader.choices('RECADO_ROLES', roles),
    rateLimits: reader.choice('RECADO_RATE_LIMITS', ['on', 'off'], 'on'),
    offlineApp: reader.choice('RECADO_OFFLINE_APP', ['on', 'off'], 'on'),
    trustedProxies: reader.list('RECADO_TRUSTED_PROXIES', parseNetwork, 'an address or a network like 10.0.0.0/8'),
    accessTokenSeconds:
      60 * reader.integer('ACCESS_TOKEN_EXPIRE_MINUTES', { fallback: 30, from: 1, to: longestTokenMinutes }),
    mediaFileBytes: megabyte * reader.integer('RECADO_MEDIA_FILE_MB', { fallback: 200, from: 1, to: 100_000 }),
    mediaQuotaBytes: megabyte * reader.integer('RECADO_MEDIA_QUOTA_MB', { fallback: 5_000, from: 1, to: 10_000_000 }),
    s3: reader.secret('RECADO_S3_URL', parseS3Address, 'an address like https://KEY:SECRET@s3.example.org/bucket'),
    mailDomain: reader.text('RECADO_MAIL_DOMAIN'),
    smtpUrl: reader.url('RECADO_SMTP_URL', ['smtp:', 'smtps:']),
    turnUrl: reader.url('RECADO_TURN_URL', ['turn:', 'turns:']),
    dnsServers: reader.list('RECADO_DNS_SERVERS', parseDnsServer, 'an address like 9.9.9.9 or 127.0.0.1:5353'),
    smtpOutPort: reader.integer('RECADO_SMTP_OUT_PORT', { fallback: 25, from: 1, to: 65_535 }),
    privateNetworksAllowed: reader.list('RECADO_PRIVATE_NETWORKS_ALLOWED', parseNetwork, 'a network like 10.0.0.0/8'),
    logLevel: reader.choice('RECADO_LOG_LEVEL', logLevels, 'info'),
  }
  reader.requireNoComplaints()
  return Object.freeze(config)
}

interface IntegerRange {
  readonly fallback: number
  readonly from: number
  readonly to: number
}

/** Collects what is wrong, and remembers what was asked for: that is the list of known names. */
class Reader {
  readonly #env: Environment
  readonly #known = new Set<string>()
  readonly #complaints: string[] = []

  constructor(env: Environment) {
    this.#env = env
  }

  /** An empty value is as good as none: that is how compose files and service units leave a variable out. */
  text(name: string): string | undefined {
    this.#known.add(name)
    return this.#env[name]?.trim() || undefined
  }

  integer(name: string, range: IntegerRange): number {
    const text = this.text(name)
    if (text === undefined) return range.fallback
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= range.from && value <= range.to) return value
    return this.#refuse(name, text, `a whole number from ${range.from} to ${range.to}`, range.fallback)
  }

  choice<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const text = this.text(name)
    if (text === undefined) return fallback
    const chosen = allowed.find(value => value === text)
    return chosen ?? this.#refuse(name, text, `one of ${allowed.join(', ')}`, fallback)
  }

  /** None given is all of them. */
  choices<T extends string>(name: string, allowed: readonly T[]): readonly T[] {
    const parse = (text: string) => allowed.find(value => value === text)
    const chosen = this.list(name, parse, `some of ${allowed.join(', ')}`)
    return chosen.length === 0 ? Object.freeze([...allowed]) : chosen
  }

  list<T>(name: string, parse: (item: string) => T | undefined, expected: string): readonly T[] {
    const found = new Set<T>()
    for (const item of (this.text(name) ?? '').split(',')) {
      const text = item.trim()
      if (text === '') continue
      const value = parse(text)
      if (value === undefined) this.#refuse(name, text, expected, undefined)
      else found.add(value)
    }
    return Object.freeze([...found])
  }

  origin(name: string): string | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    return parseOrigin(text) ?? this.#refuse(name, text, 'an origin like https://chat.example.org', undefined)
  }

  url(name: string, protocols: readonly string[]): string | undefined {
    const parse = (text: string) => (protocols.includes(URL.parse(text)?.protocol ?? '') ? text : undefined)
    return this.secret(name, parse, `an address that begins with ${protocols.join(' or ')}`)
  }

  /** It may hold a password, so a complaint does not repeat it. */
  secret<T>(name: string, parse: (text: string) => T | undefined, expected: string): T | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    return parse(text) ?? this.#refuse(name, 'what was given', expected, undefined)
  }

  requireNoComplaints(): void {
    const unknown = Object.keys(this.#env).filter(name => name.startsWith('RECADO_') && !this.#known.has(name))
    const known = [...this.#known].filter(name => name.startsWith('RECADO_')).sort()
    for (const name of unknown) this.#complaints.push(`${name} is unknown; known are ${known.join(', ')}`)
    if (this.#complaints.length > 0) throw new ConfigurationError(this.#complaints)
  }

  #refuse<T>(name: string, given: string, expected: string, fallback: T): T {
    this.#complaints.push(`${name}: ${given} is not ${expected}`)
    return fallback
  }
}

function parseOrigin(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || !(url.protocol === 'http:' || url.protocol === 'https:')) return undefined
  return url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' ? url.origin : undefined
}

function parseNetwork(text: string): string | undefined {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return undefined
  if (bits === undefined) return text
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128) ? text : undefined
}

function parseDnsServer(text: string): string | undefined {
  if (isIP(text) !== 0) return text
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text)
  return match !== null && isIP(match[1] ?? match[2] ?? '') !== 0 ? text : undefined
}

import { isAbsolute } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigurationError, type Environment, readConfig } from './config.ts'

function complaintsAbout(env: Environment): readonly string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.complaints
    throw error
  }
  return []
}

test('an empty environment gives the defaults', () => {
  const config = readConfig({})
  expect(config).toMatchObject({
    port: 8080,
    host: undefined,
    databaseUrl: undefined,
    natsUrl: undefined,
    roles: ['web', 'gateway', 'jobs', 'mail'],
    rateLimits: 'on',
    offlineApp: 'on',
    allowedOrigins: [],
    trustedProxies: [],
    accessTokenSeconds: 1800,
    mediaFileBytes: 200_000_000,
    mediaQuotaBytes: 5_000_000_000,
    smtpOutPort: 25,
    logLevel: 'info',
  })
  expect(isAbsolute(config.dataDir)).toBe(true)
  expect(Object.isFrozen(config) && Object.isFrozen(config.roles)).toBe(true)
})

test('every variable is read', () => {
  const env = {
    RECADO_PORT: '9000',
    RECADO_HOST: '127.0.0.1',
    RECADO_DATA_DIR: '/var/lib/recado',
    RECADO_PUBLIC_URL: 'https://chat.example.org/',
    RECADO_ALLOWED_ORIGINS: 'https://a.example, http://b.example:81',
    DATABASE_URL: 'postgresql://somebody:secret@db/recado',
    NATS_URL: 'nats://bus:4222',
    RECADO_ROLES: 'gateway,jobs',
    RECADO_RATE_LIMITS: 'off',
    RECADO_OFFLINE_APP: 'off',
    RECADO_TRUSTED_PROXIES: '10.0.0.0/8,::1',
    ACCESS_TOKEN_EXPIRE_MINUTES: '5',
    RECADO_MEDIA_FILE_MB: '50',
    RECADO_MEDIA_QUOTA_MB: '1000',
    RECADO_MAIL_DOMAIN: 'example.org',
    RECADO_SMTP_URL: 'smtp://relay:587',
    RECADO_S3_URL: 'https://key:s%2Fcret@s3.example.org/bucket/files/?region=eu-west-1',
    RECADO_TURN_URL: 'turn:turn.example.org:3478',
    RECADO_DNS_SERVERS: '9.9.9.9,127.0.0.1:5353,[::1]:53',
    RECADO_SMTP_OUT_PORT: '2525',
    RECADO_PRIVATE_NETWORKS_ALLOWED: '192.168.0.0/16',
    RECADO_LOG_LEVEL: 'debug',
    PATH: '/usr/bin',
  }
  expect(readConfig(env)).toEqual({
    port: 9000,
    host: '127.0.0.1',
    dataDir: '/var/lib/recado',
    publicUrl: 'https://chat.example.org',
    allowedOrigins: ['https://a.example', 'http://b.example:81'],
    databaseUrl: 'postgresql://somebody:secret@db/recado',
    natsUrl: 'nats://bus:4222',
    roles: ['gateway', 'jobs'],
    rateLimits: 'off',
    offlineApp: 'off',
    trustedProxies: ['10.0.0.0/8', '::1'],
    accessTokenSeconds: 300,
    mediaFileBytes: 50_000_000,
    mediaQuotaBytes: 1_000_000_000,
    mailDomain: 'example.org',
    smtpUrl: 'smtp://relay:587',
    s3: {
      folder: 'https://s3.example.org/bucket/files/',
      region: 'eu-west-1',
      accessKeyId: 'key',
      secretAccessKey: 's/cret',
    },
    turnUrl: 'turn:turn.example.org:3478',
    dnsServers: ['9.9.9.9', '127.0.0.1:5353', '[::1]:53'],
    smtpOutPort: 2525,
    privateNetworksAllowed: ['192.168.0.0/16'],
    logLevel: 'debug',
  })
})

test('an unknown RECADO_ variable is refused, with the known ones named', () => {
  const [complaint, ...others] = complaintsAbout({ RECADO_PROT: '80', OTHER_PROT: '80' })
  expect(complaint).toMatch(/^RECADO_PROT is unknown; known are .*RECADO_PORT/)
  expect(others).toEqual([])
})

test.each([
  ['RECADO_PORT', '80a'],
  ['RECADO_PORT', '65536'],
  ['RECADO_PORT', '-1'],
  ['RECADO_PUBLIC_URL', 'chat.example.org'],
  ['RECADO_PUBLIC_URL', 'https://chat.example.org/below'],
  ['RECADO_ALLOWED_ORIGINS', 'https://a.example,*'],
  ['DATABASE_URL', 'mysql://db/recado'],
  ['NATS_URL', 'bus:4222'],
  ['RECADO_ROLES', 'gateway,jbos'],
  ['RECADO_RATE_LIMITS', 'no'],
  ['RECADO_OFFLINE_APP', 'no'],
  ['RECADO_TRUSTED_PROXIES', '10.0.0.0/33'],
  ['RECADO_TRUSTED_PROXIES', 'all'],
  ['ACCESS_TOKEN_EXPIRE_MINUTES', '0'],
  ['RECADO_MEDIA_FILE_MB', '0'],
  ['RECADO_DNS_SERVERS', 'dns.example.org'],
  ['RECADO_LOG_LEVEL', 'loud'],
])('%s=%s is refused by name', (name, value) => {
  const complaints = complaintsAbout({ [name]: value })
  expect(complaints).toHaveLength(1)
  expect(complaints[0]).toContain(name)
})

test('a complaint does not repeat an address that may hold a password', () => {
  expect(complaintsAbout({ DATABASE_URL: 'mysql://me:secret@db/recado' }).join()).not.toContain('secret')
})

test('all that is wrong is said at once, and empty is as good as absent', () => {
  expect(complaintsAbout({ RECADO_PORT: 'x', RECADO_ROLES: 'y', RECADO_HOST: '' })).toHaveLength(2)
})

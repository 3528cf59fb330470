import { expect, test } from 'vitest'
import { ConfigurationError, readConfig } from './config.ts'
import { refuseNotBuilt } from './not-built.ts'

test('a switch with nothing behind it is refused by name, and the rest is not', () => {
  expect(() => refuseNotBuilt(readConfig({ RECADO_PORT: '9000' }))).not.toThrow()
  const refusal = () => refuseNotBuilt(readConfig({ NATS_URL: 'nats://localhost:4222' }))
  expect(refusal).toThrow(ConfigurationError)
  expect(refusal).toThrow(/NATS_URL/)
})

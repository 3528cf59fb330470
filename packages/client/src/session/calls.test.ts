import { operationNames, operations } from '@recado/protocol'
import { expect, test } from 'vitest'
import { publicOperations, socketOperations } from './calls.ts'

test('which operations go where is what the contract says', () => {
  const over = (transport: string) => operationNames.filter(name => operations[name].transport === transport).sort()
  expect([...publicOperations].sort()).toEqual(over('http'))
  expect([...socketOperations].sort()).toEqual(over('socket'))
})

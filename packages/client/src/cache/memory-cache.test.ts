import { test } from 'vitest'
import { cacheContract } from './cache.contract.ts'
import { createMemoryCaches } from './memory-cache.ts'

for (const { name, run } of cacheContract) test(`memory: ${name}`, () => run(createMemoryCaches()))

import { createMemoryBus } from '@recado/server/bus/memory.ts'
import { systemClock } from '@recado/server/clock.ts'
import { silentLogger } from '../test-cluster.ts'
import { describeBus } from './bus-contract.ts'

describeBus('in memory', {
  open: async () => {
    const bus = createMemoryBus({ clock: systemClock, logger: silentLogger })
    return [bus, bus]
  },
})

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')

const collect: () => void = runInNewContext('gc')

/**
 * Before memory is measured: what is in use counts, not what waits to be collected. Twice, because the second time waits
 * until what the first found dead has been freed.
 */
export function collectGarbage(): void {
  collect()
  collect()
}

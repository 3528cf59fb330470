import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')

/** Before memory is measured: what is in use counts, not what waits to be collected. */
export const collectGarbage: () => void = runInNewContext('gc')

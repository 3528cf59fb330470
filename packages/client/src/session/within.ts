import type { Cancel, Clock } from '../ports.ts'

/** Waits for something to end, well or badly, but not for longer than this. */
export async function within(clock: Clock, patienceMs: number, work: Promise<unknown>): Promise<void> {
  let cancel: Cancel = () => undefined
  const patience = new Promise<void>(resolve => {
    cancel = clock.setTimer(patienceMs, resolve)
  })
  const ended = work.then(
    () => undefined,
    () => undefined,
  )
  await Promise.race([ended, patience])
  cancel()
}

/**
 * Never runs `work` beside itself: who asks while it runs gets the next run, together with all who ask until then. An older
 * reading of storage that ends later would undo what a newer one has found.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null
  const begin = () => {
    next = null
    running = work()
    return running
  }
  return () => {
    next ??= running.then(begin, begin)
    return next
  }
}

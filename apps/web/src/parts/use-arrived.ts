import { useSyncExternalStore } from 'react'

type Outcome<Value> = { readonly value: Value } | { readonly reason: unknown }

interface Followed<Value> {
  readonly subscribe: (changed: () => void) => () => void
  readonly read: () => Outcome<Value> | null
}

const followed = new WeakMap<Promise<unknown>, Followed<unknown>>()

/**
 * What a promise has brought, null until then; throws what it was rejected with. Not React's `use`: a promise that it has not
 * seen before makes it show a fallback though the value is there already, and a fallback stays for 300 ms at least.
 */
export function useArrived<Value>(promise: Promise<Value>): { readonly value: Value } | null {
  const { subscribe, read } = follow(promise)
  const outcome = useSyncExternalStore(subscribe, read)
  if (outcome && 'reason' in outcome) throw outcome.reason
  return outcome
}

function follow<Value>(promise: Promise<Value>): Followed<Value> {
  const known = followed.get(promise)
  // What is kept for a promise is of its own type.
  if (known) return known as Followed<Value>
  let outcome: Outcome<Value> | null = null
  const settled = promise.then(
    value => {
      outcome = { value }
    },
    (reason: unknown) => {
      outcome = { reason }
    },
  )
  const fresh: Followed<Value> = {
    subscribe(changed) {
      let subscribed = true
      void settled.then(() => subscribed && changed())
      return () => {
        subscribed = false
      }
    },
    read: () => outcome,
  }
  followed.set(promise, fresh)
  return fresh
}

import { useLingui } from '@lingui/react'
import { type ComponentType, use } from 'react'
import { joinWords } from '../i18n/part-words.ts'
import { PartMissingError } from './part-missing-error.ts'

/** What the router wants of a screen that is loaded when somebody goes there. */
export interface LazyScreen {
  (): React.ReactNode
  readonly preload: () => Promise<void>
}

/**
 * A screen that is loaded with the first visit. If it cannot be, the route's error component gets a `PartMissingError`. Not
 * the router's own, which loads the page again by itself: that ends what somebody writes, and offline the whole app.
 */
export function lazyScreen(load: () => Promise<ComponentType>): LazyScreen {
  let Screen: ComponentType | null = null
  let failure: PartMissingError | null = null
  let attempt: Promise<void> | null = null

  const forget = () => {
    failure = null
    attempt = null
  }
  /** Never rejects: who waits for it looks at what it left. */
  const start = () =>
    load().then(
      found => {
        Screen = found
      },
      (cause: unknown) => {
        failure = new PartMissingError(cause, forget)
      },
    )

  function LazilyLoaded() {
    const words = joinWords('later', useLingui().i18n)
    if (failure) throw failure
    if (!Screen) {
      attempt ??= start()
      use(attempt)
    }
    use(words)
    return Screen ? <Screen /> : null
  }

  return Object.assign(LazilyLoaded, {
    /** A pointer that passed over a link is no reason to fail: the visit tries again. */
    async preload() {
      attempt ??= start()
      await attempt
      if (failure) forget()
    },
  })
}

import { useLingui } from '@lingui/react'
import type { ComponentType } from 'react'
import { joinWords } from '../i18n/part-words.ts'
import { PartMissingError } from './part-missing-error.ts'
import { useArrived } from './use-arrived.ts'

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
  let attempt: Promise<ComponentType> | null = null

  const forget = () => {
    attempt = null
  }
  const start = () => {
    attempt ??= load().catch((cause: unknown) => {
      throw new PartMissingError(cause, forget)
    })
    return attempt
  }

  function LazilyLoaded() {
    const screen = useArrived(start())
    const words = useArrived(joinWords('later', useLingui().i18n))
    return screen && words ? <screen.value /> : null
  }

  return Object.assign(LazilyLoaded, {
    /** A pointer that passed over a link is no reason to fail: the visit tries again. */
    async preload() {
      await start().catch(forget)
    },
  })
}

import { useLingui } from '@lingui/react'
import { type ComponentType, useEffect, useState } from 'react'
import { joinWords } from '../i18n/part-words.ts'
import { useApp } from '../state/app-context.ts'

/**
 * A part that is loaded when it is first shown, and shows nothing until then: menus, dialogs, toasts. Not React's `lazy`: a
 * part that cannot be loaded must not take down the screen around it, and is tried again when it is next asked for.
 */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null
  let attempt: Promise<ComponentType<Props>> | null = null
  let told = false

  const start = () => {
    attempt ??= load().finally(() => {
      attempt = null
    })
    return attempt
  }

  return function LazilyLoaded(props: Props) {
    const { missingPart } = useApp()
    const { i18n } = useLingui()
    const [Part, setPart] = useState(() => loaded)
    // biome-ignore lint/correctness/useExhaustiveDependencies: other properties mean that it is asked for again.
    useEffect(() => {
      if (Part) return
      let current = true
      Promise.all([start(), joinWords('later', i18n)]).then(
        ([found]) => {
          loaded = found
          // That another part is missing stays said.
          if (told) missingPart.set('no')
          told = false
          if (current) setPart(() => found)
        },
        () => {
          told = true
          missingPart.set('yes')
        },
      )
      return () => {
        current = false
      }
    }, [Part, props, missingPart, i18n])
    return Part ? <Part {...props} /> : null
  }
}

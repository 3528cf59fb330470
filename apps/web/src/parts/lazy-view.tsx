import { type ComponentType, useState } from 'react'
import { useArrived } from './use-arrived.ts'

interface Instead<Props> {
  /** Shown until it is there. */
  readonly loading?: ComponentType<Props>
  /** Shown where it cannot be loaded; the next time that it is shown it is tried again. */
  readonly missing?: ComponentType<Props>
}

/**
 * A component that is loaded when it is first shown. Not React's `lazy`, which remembers a failure, and whose fallback stays
 * for a while though the component is there (see `useArrived`).
 */
export function lazyView<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { loading: Loading = Nothing, missing = Nothing }: Instead<Props> = {},
): ComponentType<Props> {
  let attempt: Promise<ComponentType<Props>> | null = null

  const start = () => {
    attempt ??= load().catch(() => {
      attempt = null
      return missing
    })
    return attempt
  }

  return function LazilyLoaded(props: Props) {
    const [mine] = useState(start)
    const View = useArrived(mine)?.value ?? Loading
    return <View {...props} />
  }
}

function Nothing() {
  return null
}

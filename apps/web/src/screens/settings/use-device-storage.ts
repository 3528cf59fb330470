import type { KeptMessages } from '@recado/client'
import { useCallback, useEffect, useState } from 'react'
import { useClient } from '../../state/app-context.ts'
import { useSnapshot } from '../../state/use-snapshot.ts'

export interface DeviceStorage {
  /** Null until counted. */
  readonly kept: KeptMessages | null
  /** What everything of Recado takes here, and what the browser would give; null where it does not say. */
  readonly bytes: { readonly used: number; readonly allowed: number } | null
  /** `no`: the browser may delete it when it needs room. */
  readonly lasting: 'yes' | 'no' | 'unknown'
}

const unknown: DeviceStorage = { kept: null, bytes: null, lasting: 'unknown' }

/** Looked up anew when it is shown and when somebody did something about it; it changes with every message else. */
export function useDeviceStorage(): { readonly storage: DeviceStorage; readonly look: () => Promise<void> } {
  const client = useClient()
  const caughtUp = useSnapshot(({ connection }) => connection.state === 'online' && connection.caughtUp)
  const [storage, setStorage] = useState(unknown)
  const look = useCallback(async () => {
    const [kept, bytes, lasting] = await Promise.all([client.countKept().catch(() => null), estimate(), isLasting()])
    setStorage({ kept, bytes, lasting })
  }, [client])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was missed and is here now counts too.
  useEffect(() => void look(), [look, caughtUp])
  return { storage, look }
}

/** Browsers tell it to secure pages only, and some not at all. */
async function estimate(): Promise<DeviceStorage['bytes']> {
  const { usage, quota } = (await navigator.storage?.estimate().catch(() => null)) ?? {}
  return usage === undefined || quota === undefined ? null : { used: usage, allowed: quota }
}

async function isLasting(): Promise<DeviceStorage['lasting']> {
  const lasting = await navigator.storage?.persisted().catch(() => null)
  return lasting === true ? 'yes' : lasting === false ? 'no' : 'unknown'
}

import type { Locks, TabMessage, Tabs } from '../ports.ts'

/** Web Locks: shared by all tabs of an origin, and let go by the browser when a tab dies. */
export function createWebLocks(locks: LockManager): Locks {
  return {
    exclusive: (name, task, signal) =>
      locks.request(name, { mode: 'exclusive', ...(signal && { signal }) }, () => task()),
  }
}

export function createTabs(name = 'recado'): Tabs & { close(): void } {
  const channel = new BroadcastChannel(name)
  return {
    post: message => channel.postMessage(message),
    listen: listener => {
      const heard = ({ data }: MessageEvent<unknown>) => {
        if (isTabMessage(data)) listener(data)
      }
      channel.addEventListener('message', heard)
      return () => channel.removeEventListener('message', heard)
    },
    close: () => channel.close(),
  }
}

function isTabMessage(data: unknown): data is TabMessage {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return false
  if (data.kind === 'signed-in') return true
  return (data.kind === 'outbox-changed' || data.kind === 'signing-out') && 'database' in data
}

/** The app on the real client, in a browser. */
import { createBrowserClient } from '@recado/client/browser'
import type { App } from './state/app-context.ts'
import { createDeferrals } from './state/deferrals.ts'
import { describeDevice } from './state/describe-device.ts'
import { createDrafts } from './state/drafts.ts'
import type { FrameOverlay } from './state/frame-overlay.ts'
import { createPreferences, findStorage } from './state/preferences.ts'
import { createRecents } from './state/recents.ts'
import { createStore } from './state/store.ts'
import { createToastQueue } from './state/toast-queue.ts'

export function createBrowserApp(): App {
  const storage = findStorage()
  const client = createBrowserClient({ device: describeDevice(navigator.userAgent) })
  const deferrals = createDeferrals()
  window.addEventListener('pagehide', () => deferrals.flush())
  void client.resumeSession()
  return {
    client,
    preferences: createPreferences(storage),
    deferrals,
    drafts: createDrafts(storage),
    recents: createRecents(storage),
    toasts: createToastQueue(),
    overlay: createStore<FrameOverlay | null>(null),
    secure: window.isSecureContext,
  }
}

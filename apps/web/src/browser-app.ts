/** The app on the real client, in a browser. */
import { createBrowserClient } from '@recado/client'
import type { App } from './state/app-context.ts'
import { createDeferrals } from './state/deferrals.ts'
import { createDrafts } from './state/drafts.ts'
import { createPreferences, findStorage } from './state/preferences.ts'

export function createBrowserApp(): App {
  const storage = findStorage()
  const client = createBrowserClient({ refresh: window.isSecureContext ? 'cookie' : 'body' })
  const deferrals = createDeferrals()
  window.addEventListener('pagehide', () => deferrals.flush())
  void client.resumeSession()
  return {
    client,
    preferences: createPreferences(storage),
    deferrals,
    drafts: createDrafts(storage),
    secure: window.isSecureContext,
  }
}

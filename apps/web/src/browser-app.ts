/** The app on the real client, in a browser. */
import type { Client, SignedOutReason } from '@recado/client'
import { createBrowserClient } from '@recado/client/browser'
import type { AccountId } from '@recado/protocol'
import { createEmojiShelf } from './emoji/emoji-shelf.ts'
import { createInstalling } from './offline/install.ts'
import { hasUnsavedText } from './offline/unsaved-text.ts'
import { createUpdates } from './offline/updates.ts'
import type { Composition } from './screens/mail/compose/compose-store.ts'
import type { App } from './state/app-context.ts'
import { createDeferrals } from './state/deferrals.ts'
import { describeDevice } from './state/describe-device.ts'
import { createDrafts } from './state/drafts.ts'
import { createEdits } from './state/edits.ts'
import { createEmojiHabits } from './state/emoji-habits.ts'
import type { FrameOverlay } from './state/frame-overlay.ts'
import { createPreferences, findStorage } from './state/preferences.ts'
import { createReadingPlaces } from './state/reading-places.ts'
import { createRecents } from './state/recents.ts'
import { createStore } from './state/store.ts'
import { createToastQueue } from './state/toast-queue.ts'

export function createBrowserApp(): App {
  const storage = findStorage('localStorage')
  const client = createBrowserClient({ device: describeDevice(navigator.userAgent) })
  const deferrals = createDeferrals()
  const drafts = createDrafts(storage)
  const edits = createEdits({ device: storage, tab: findStorage('sessionStorage') })
  window.addEventListener('storage', ({ key, newValue, storageArea }) => {
    if (storageArea === storage) drafts.hear(key, newValue)
  })
  window.addEventListener('pagehide', () => deferrals.flush())
  const recents = createRecents(storage)
  const emojiHabits = createEmojiHabits(storage)
  whenSignedOut(client, (account, reason) => {
    edits.forget()
    if (reason === 'signed-out') for (const one of [drafts, edits, recents, emojiHabits]) one.clear(account)
  })
  const startFailure = createStore<Error | null>(null)
  client.resumeSession().catch((cause: unknown) => startFailure.set(new Error('The app cannot start.', { cause })))
  const updates = createUpdates({ mayReload: () => !hasUnsavedText() && deferrals.hidden.get().size === 0 })
  whenBackOnline(client, updates.check)
  return {
    client,
    preferences: createPreferences(storage),
    deferrals,
    drafts,
    edits,
    recents,
    readingPlaces: createReadingPlaces(),
    emoji: createEmojiShelf(),
    emojiHabits,
    toasts: createToastQueue(),
    overlay: createStore<FrameOverlay | null>(null),
    compose: createStore<Composition | null>(null),
    missingPart: createStore<'no' | 'yes'>('no'),
    startFailure,
    installing: createInstalling(),
    updates,
    secure: window.isSecureContext,
  }
}

/** Here or in another tab, or ended by the server: as soon as it shows, since the page may be closed at once. */
function whenSignedOut(client: Client, task: (account: AccountId, reason: SignedOutReason) => void): void {
  let last: AccountId | null = null
  client.subscribe(() => {
    const { me, connection } = client.getSnapshot()
    if (me) last = me.id
    else if (last !== null && connection.state === 'signed-out') {
      task(last, connection.reason)
      last = null
    }
  })
}

/** A server that was away may be a newer one. */
function whenBackOnline(client: Client, task: () => void): void {
  let before = client.getSnapshot().connection.state
  client.subscribe(() => {
    const { state } = client.getSnapshot().connection
    if (state === 'online' && before !== 'online') task()
    before = state
  })
}

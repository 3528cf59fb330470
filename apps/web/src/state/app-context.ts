import type { Client } from '@recado/client'
import { createContext, useContext } from 'react'
import type { EmojiShelf } from '../emoji/emoji-shelf.ts'
import type { Installing } from '../offline/install.ts'
import type { Updates } from '../offline/updates.ts'
import type { Composition } from '../screens/mail/compose/compose-store.ts'
import type { Deferrals } from './deferrals.ts'
import type { Drafts } from './drafts.ts'
import type { Edits } from './edits.ts'
import type { EmojiHabitsStore } from './emoji-habits.ts'
import type { FrameOverlayStore } from './frame-overlay.ts'
import type { PreferencesStore } from './preferences.ts'
import type { ReadingPlaces } from './reading-places.ts'
import type { Recents } from './recents.ts'
import type { Store } from './store.ts'
import type { ToastQueue } from './toast-queue.ts'

/** What the screens work with: made once by the entry, handed down, replaced as a whole by the gallery and by tests. */
export interface App {
  readonly client: Client
  readonly preferences: PreferencesStore
  readonly deferrals: Deferrals
  readonly drafts: Drafts
  readonly edits: Edits
  readonly recents: Recents
  readonly readingPlaces: ReadingPlaces
  readonly emoji: EmojiShelf
  readonly emojiHabits: EmojiHabitsStore
  readonly toasts: ToastQueue
  /** What lies over the whole app. */
  readonly overlay: FrameOverlayStore
  /** The mail that is being written. */
  readonly compose: Store<Composition | null>
  /** Why the sign-in kept on this device could not be begun. */
  readonly startFailure: Pick<Store<Error | null>, 'get' | 'subscribe'>
  /** Whether something that was asked for could not be loaded. */
  readonly missingPart: Store<'no' | 'yes'>
  readonly installing: Installing
  /** Newer builds of the app itself. */
  readonly updates: Pick<Updates, 'state' | 'reload'>
  /** Whether this origin has what only HTTPS and localhost give: locks, a strict cookie, service workers. */
  readonly secure: boolean
}

export const AppContext = createContext<App | null>(null)

export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('A screen was rendered outside of the app.')
  return app
}

export function useClient(): Client {
  return useApp().client
}

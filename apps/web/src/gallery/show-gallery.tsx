/**
 * The gallery, in development only: `/gallery` shows the components with their states in both themes, and
 * `/gallery?scene=busy&path=/app/chats/101` the whole app in a situation, without a server.
 */
import { setupI18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { createMemoryHistory } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { AppRoot } from '../app-root.tsx'
import { createEmojiShelf } from '../emoji/emoji-shelf.ts'
import { activateLanguage } from '../i18n/activate.ts'
import { isLanguage } from '../i18n/languages.ts'
import { type App, AppContext } from '../state/app-context.ts'
import { createDeferrals } from '../state/deferrals.ts'
import { createDrafts } from '../state/drafts.ts'
import { createEmojiHabits } from '../state/emoji-habits.ts'
import type { FrameOverlay } from '../state/frame-overlay.ts'
import { createPreferences } from '../state/preferences.ts'
import { createRecents } from '../state/recents.ts'
import { createStore } from '../state/store.ts'
import { createToastQueue } from '../state/toast-queue.ts'
import { createFakeClient } from './fake-client.ts'
import { Gallery } from './gallery.tsx'
import { createScene, isSceneName } from './scenes.ts'

export async function showGallery(container: HTMLElement): Promise<void> {
  const query = new URLSearchParams(window.location.search)
  const scene = query.get('scene')
  const language = query.get('language')
  const theme = query.get('theme')
  const preferences = createPreferences(null)
  preferences.set({
    ...preferences.get(),
    ...(isLanguage(language) ? { language } : {}),
    ...(theme === 'light' || theme === 'dark' ? { theme } : {}),
  })
  const app: App = {
    client: createFakeClient(createScene(isSceneName(scene) ? scene : 'busy')),
    preferences,
    deferrals: createDeferrals(),
    drafts: createDrafts(null),
    recents: createRecents(null),
    emoji: createEmojiShelf(),
    emojiHabits: createEmojiHabits(null),
    toasts: createToastQueue(),
    overlay: createStore<FrameOverlay | null>(null),
    updates: {
      state: createStore(query.get('update') === 'ready' ? 'ready' : 'current'),
      reload: async () => window.location.reload(),
    },
    secure: query.get('secure') !== 'no',
  }
  document.documentElement.dir = query.get('dir') === 'rtl' ? 'rtl' : 'ltr'
  const i18n = setupI18n()
  await activateLanguage(i18n, preferences.get().language)
  const root = createRoot(container)
  if (scene === null) {
    root.render(
      <AppContext value={app}>
        <I18nProvider i18n={i18n}>
          <Gallery />
        </I18nProvider>
      </AppContext>,
    )
    return
  }
  const history = createMemoryHistory({ initialEntries: [query.get('path') ?? '/app/chats'] })
  root.render(<AppRoot app={app} i18n={i18n} history={history} />)
}

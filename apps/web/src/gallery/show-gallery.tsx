/**
 * The gallery, in development only: `/gallery` shows the components with their states in both themes and lists all
 * scenes, `/gallery#scene=chats` shows one of them, without a server. `theme`, `language`, `dir`, `density` and
 * `textSize` choose how it looks. Once it is as the address says, the root element repeats it in `data-scene`. `#nothing` is
 * for tests that change the window between two scenes: there is nothing to lay out.
 */
import { type I18n, setupI18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { createMemoryHistory } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { AppRoot } from '../app-root.tsx'
import { createEmojiShelf } from '../emoji/emoji-shelf.ts'
import { activateLanguage } from '../i18n/activate.ts'
import { isLanguage } from '../i18n/languages.ts'
import type { Composition } from '../screens/mail/compose/compose-store.ts'
import { type App, AppContext } from '../state/app-context.ts'
import { createDeferrals } from '../state/deferrals.ts'
import { createDrafts } from '../state/drafts.ts'
import { createEdits } from '../state/edits.ts'
import { createEmojiHabits } from '../state/emoji-habits.ts'
import type { FrameOverlay } from '../state/frame-overlay.ts'
import { createPreferences, type PreferencesStore } from '../state/preferences.ts'
import { createReadingPlaces } from '../state/reading-places.ts'
import { createRecents } from '../state/recents.ts'
import { createStore } from '../state/store.ts'
import { createToastQueue } from '../state/toast-queue.ts'
import { createFakeClient } from './fake-client.ts'
import { Gallery } from './gallery.tsx'
import { findElement, performSteps } from './perform-steps.ts'
import { isSceneName, type Scene, scenes } from './scenes.ts'
import { createSituation } from './situations.ts'

export function showGallery(container: HTMLElement): void {
  let shown: Root | null = null
  const show = () => {
    shown?.unmount()
    shown = null
    document.documentElement.dataset['scene'] = ''
    if (window.location.hash === '#nothing') return
    shown = createRoot(container)
    void showWanted(container, shown)
  }
  window.addEventListener('hashchange', show)
  show()
}

async function showWanted(container: HTMLElement, root: Root): Promise<void> {
  const { hash } = window.location
  const wanted = new URLSearchParams(hash.slice(1))
  const name = wanted.get('scene')
  const scene = isSceneName(name) ? scenes[name] : null
  const preferences = createGalleryPreferences(wanted)
  const app = createGalleryApp(preferences, scene)
  const i18n = setupI18n()
  await activateLanguage(i18n, preferences.get().language)
  document.documentElement.dir = wanted.get('dir') === 'rtl' ? 'rtl' : 'ltr'
  root.render(scene ? showScene(app, i18n, scene.path) : showComponents(app, i18n))
  await untilDrawn(container)
  scene?.show?.(app)
  await performSteps(scene?.steps ?? [])
  if (scene?.sees) await findElement(scene.sees)
  await document.fonts.ready
  await untilPainted()
  document.documentElement.dataset['scene'] = hash
}

/** What a scene does comes after the first drawing, as in life. */
async function untilDrawn(container: HTMLElement): Promise<void> {
  while (container.childElementCount === 0) await new Promise(resolve => requestAnimationFrame(resolve))
  await untilPainted()
}

/** What grew is placed anew in the frame that first shows it. */
async function untilPainted(): Promise<void> {
  await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
}

function createGalleryPreferences(wanted: URLSearchParams): PreferencesStore {
  const preferences = createPreferences(null)
  const language = wanted.get('language')
  const theme = wanted.get('theme')
  preferences.set({
    ...preferences.get(),
    ...(isLanguage(language) ? { language } : {}),
    ...(theme === 'light' || theme === 'dark' ? { theme } : {}),
    ...(wanted.get('density') === 'compact' ? { density: 'compact' } : {}),
    ...(wanted.get('textSize') === 'largest' ? { textSize: 'largest' } : {}),
  })
  return preferences
}

function createGalleryApp(preferences: PreferencesStore, scene: Scene | null): App {
  return {
    client: createFakeClient(createSituation(scene?.situation ?? 'busy')),
    preferences,
    deferrals: createDeferrals(),
    drafts: createDrafts(null),
    edits: createEdits({ device: null, tab: null }),
    recents: createRecents(null),
    readingPlaces: createReadingPlaces(),
    emoji: createEmojiShelf(),
    emojiHabits: createEmojiHabits(null),
    toasts: createToastQueue(),
    overlay: createStore<FrameOverlay | null>(null),
    compose: createStore<Composition | null>(null),
    missingPart: createStore<'no' | 'yes'>('no'),
    startFailure: createStore<Error | null>(null),
    installing: { state: createStore(scene?.install ?? 'by-hand'), ask: async () => undefined },
    updates: {
      state: createStore(scene?.update === 'ready' ? 'ready' : 'current'),
      reload: async () => window.location.reload(),
    },
    secure: scene?.insecure !== true,
  }
}

function showScene(app: App, i18n: I18n, path: string): ReactNode {
  return <AppRoot app={app} i18n={i18n} history={createMemoryHistory({ initialEntries: [path] })} />
}

function showComponents(app: App, i18n: I18n): ReactNode {
  return (
    <AppContext value={app}>
      <I18nProvider i18n={i18n}>
        <Gallery />
      </I18nProvider>
    </AppContext>
  )
}

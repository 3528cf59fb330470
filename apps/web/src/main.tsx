/** The entry: makes the parts once, activates the language, renders. In development `/gallery` shows the parts instead. */
import { setupI18n } from '@lingui/core'
import { createBrowserHistory } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { AppRoot } from './app-root.tsx'
import { createBrowserApp } from './browser-app.ts'
import { activateLanguage } from './i18n/activate.ts'
import { apologise } from './i18n/apologise.ts'
import './styles/index.css'

async function start(container: HTMLElement): Promise<void> {
  if (import.meta.env.DEV && window.location.pathname.startsWith('/gallery')) {
    const { showGallery } = await import('./gallery/show-gallery.tsx')
    return showGallery(container)
  }
  const app = createBrowserApp()
  const i18n = setupI18n()
  await activateLanguage(i18n, app.preferences.get().language)
  createRoot(container).render(<AppRoot app={app} i18n={i18n} history={createBrowserHistory()} />)
}

const container = document.getElementById('root')
if (container) start(container).catch(() => apologise(container))

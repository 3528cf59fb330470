/** The entry: makes the parts once, activates the language, renders. In development `/gallery` shows the parts instead. */
import { setupI18n } from '@lingui/core'
import { createBrowserHistory } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { AppRoot } from './app-root.tsx'
import { createBrowserApp } from './browser-app.ts'
import { activateLanguage } from './i18n/activate.ts'
import './styles/index.css'

/**
 * A part of the app that cannot be loaded any more means that the server has a newer app: loading the page again brings
 * it, and drafts and unsent messages are kept. Once a minute at most, so that a broken server does not make it spin.
 */
function reloadAfterUpdate(): void {
  const key = 'recado.reloaded'
  window.addEventListener('vite:preloadError', event => {
    const last = Number(window.sessionStorage.getItem(key) ?? 0)
    if (!navigator.onLine || Date.now() - last < 60_000) return
    event.preventDefault()
    window.sessionStorage.setItem(key, String(Date.now()))
    window.location.reload()
  })
}

async function start(container: HTMLElement): Promise<void> {
  if (import.meta.env.DEV && window.location.pathname.startsWith('/gallery')) {
    const { showGallery } = await import('./gallery/show-gallery.tsx')
    return showGallery(container)
  }
  reloadAfterUpdate()
  const app = createBrowserApp()
  const i18n = setupI18n()
  await activateLanguage(i18n, app.preferences.get().language)
  createRoot(container).render(<AppRoot app={app} i18n={i18n} history={createBrowserHistory()} />)
}

const container = document.getElementById('root')
if (container) void start(container)

import type { I18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { CatchBoundary, type RouterHistory, RouterProvider } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { Toasts } from './components/toasts.tsx'
import { activateLanguage } from './i18n/activate.ts'
import { ScreenError } from './parts/screen-error.tsx'
import { createAppRouter } from './router.tsx'
import { type App, AppContext } from './state/app-context.ts'

interface AppRootProps {
  readonly app: App
  readonly i18n: I18n
  readonly history: RouterHistory
}

/** Everything that screens stand on. The language of `i18n` is active before this renders, and follows the preference. */
export function AppRoot({ app, i18n, history }: AppRootProps) {
  const [router] = useState(() => createAppRouter(history, app.client))
  useEffect(
    () =>
      app.preferences.subscribe(() => {
        const { language } = app.preferences.get()
        if (language === i18n.locale) return
        activateLanguage(i18n, language).catch(() => app.missingPart.set('yes'))
      }),
    [app, i18n],
  )
  return (
    <AppContext value={app}>
      <I18nProvider i18n={i18n}>
        <CatchBoundary getResetKey={() => 'app'} errorComponent={ScreenError}>
          <RouterProvider router={router} />
          <Toasts queue={app.toasts} />
        </CatchBoundary>
      </I18nProvider>
    </AppContext>
  )
}

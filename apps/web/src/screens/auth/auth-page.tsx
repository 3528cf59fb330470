import { useLingui } from '@lingui/react/macro'
import { Navigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Seal } from '../../components/seal.tsx'
import { languages } from '../../i18n/languages.ts'
import { useApp } from '../../state/app-context.ts'
import { usePreferences, useSnapshot } from '../../state/use-snapshot.ts'
import { InsecureNotice } from './insecure-notice.tsx'

interface AuthPageProps {
  readonly title: string
  readonly children: ReactNode
  /** The way to the other page. */
  readonly footer: ReactNode
}

/** A sheet of paper on the desk, with the seal on top. Whoever is signed in already goes on to the chats. */
export function AuthPage({ title, children, footer }: AuthPageProps) {
  const { secure } = useApp()
  const me = useSnapshot(snapshot => snapshot.me)
  if (me) return <Navigate to="/app/chats" replace />
  return (
    <div className="flex h-full flex-col items-center overflow-y-auto bg-desk px-4 py-6">
      <main className="my-auto w-full max-w-[25rem]">
        <div className="mb-5 flex items-center justify-center gap-2.5">
          <Seal className="size-9" />
          <span className="font-semibold text-title tracking-tight">Recado</span>
        </div>
        <div className="rounded-lg border border-line bg-paper p-6 md:p-8">
          <h1 className="mb-5 font-semibold text-display tracking-tight">{title}</h1>
          {secure ? null : (
            <div className="mb-5">
              <InsecureNotice />
            </div>
          )}
          {children}
        </div>
        <p className="mt-4 text-center text-ink-muted">{footer}</p>
        <LanguageChoice />
      </main>
    </div>
  )
}

function LanguageChoice() {
  const { preferences } = useApp()
  const { language } = usePreferences()
  const { t } = useLingui()
  return (
    <nav aria-label={t`Language`} className="mt-3 flex flex-wrap justify-center">
      {languages.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          lang={id}
          aria-current={id === language}
          onClick={() => preferences.set({ ...preferences.get(), language: id })}
          className="min-h-11 rounded px-2.5 text-ink-muted text-meta underline-offset-4 hover:text-ink hover:underline aria-[current=true]:font-semibold aria-[current=true]:text-ink"
        >
          {name}
        </button>
      ))}
    </nav>
  )
}

import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { PasswordField } from '../../components/password-field.tsx'
import { TextField } from '../../components/text-field.tsx'
import { useProblemWords } from '../../i18n/problem-words.ts'
import { useClient } from '../../state/app-context.ts'
import { useSnapshot } from '../../state/use-snapshot.ts'
import { AuthPage } from './auth-page.tsx'
import { useAuthForm } from './use-auth-form.ts'

export function SignInScreen() {
  const { t } = useLingui()
  const client = useClient()
  const words = useProblemWords()
  const ended = useSnapshot(
    ({ connection }) => connection.state === 'signed-out' && connection.reason === 'session-ended',
  )
  const form = useAuthForm(values =>
    client.signIn({ login: values['login'] ?? '', password: values['password'] ?? '' }),
  )
  return (
    <AuthPage
      title={t`Sign in`}
      footer={
        <Trans>
          New here?{' '}
          <Link to="/app/sign-up" className="font-semibold text-wax-ink underline underline-offset-4">
            Sign up
          </Link>
        </Trans>
      }
    >
      <form onSubmit={form.onSubmit} className="flex flex-col gap-4">
        {ended && !form.refusal ? (
          <Notice tone="info">
            <Trans>Your session was ended. Sign in again to go on.</Trans>
          </Notice>
        ) : null}
        {form.refusal ? <Notice tone="failure">{words(form.refusal === 'other' ? null : form.refusal)}</Notice> : null}
        <TextField
          label={t`Username or e-mail`}
          name="login"
          required
          autoFocus
          dir="auto"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
        <PasswordField label={t`Password`} name="password" required autoComplete="current-password" />
        <Button type="submit" tone="primary" disabled={form.pending} className="mt-1">
          {form.pending ? <Trans>Signing in…</Trans> : <Trans>Sign in</Trans>}
        </Button>
      </form>
    </AuthPage>
  )
}

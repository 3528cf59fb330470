import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { PasswordField } from '../../components/password-field.tsx'
import { TextField } from '../../components/text-field.tsx'
import { useProblemWords } from '../../i18n/problem-words.ts'
import { useClient } from '../../state/app-context.ts'
import { usePreferences } from '../../state/use-snapshot.ts'
import { AuthPage } from './auth-page.tsx'
import { useAuthForm } from './use-auth-form.ts'

/** `limits.passwordMinLength` of the protocol; the server decides. */
const passwordMinLength = 8

export function SignUpScreen() {
  const { t } = useLingui()
  const client = useClient()
  const { language } = usePreferences()
  const form = useAuthForm(values =>
    client.signUp({
      displayName: values['displayName'] ?? '',
      username: values['username'] ?? '',
      password: values['password'] ?? '',
      ...(values['email'] ? { email: values['email'] } : {}),
      language,
    }),
  )
  return (
    <AuthPage
      title={t`Sign up`}
      footer={
        <Trans>
          Already have an account?{' '}
          <Link to="/app/sign-in" className="font-semibold text-wax-ink underline underline-offset-4">
            Sign in
          </Link>
        </Trans>
      }
    >
      <form onSubmit={form.onSubmit} className="flex flex-col gap-4">
        <SignUpFields refusal={form.refusal} passwordMinLength={passwordMinLength} />
        <Button type="submit" tone="primary" disabled={form.pending} className="mt-1">
          {form.pending ? <Trans>Signing up…</Trans> : <Trans>Sign up</Trans>}
        </Button>
      </form>
    </AuthPage>
  )
}

interface SignUpFieldsProps {
  readonly refusal: ReturnType<typeof useAuthForm>['refusal']
  readonly passwordMinLength: number
}

function SignUpFields({ refusal, passwordMinLength }: SignUpFieldsProps) {
  const { t } = useLingui()
  const words = useProblemWords()
  const inField = refusal === 'username-taken' || refusal === 'email-taken'
  return (
    <>
      {refusal && !inField ? <Notice tone="failure">{words(refusal === 'other' ? null : refusal)}</Notice> : null}
      <TextField
        label={t`Your name`}
        name="displayName"
        required
        autoFocus
        maxLength={100}
        dir="auto"
        autoComplete="name"
        pattern=".*[\p{L}\p{N}\p{P}\p{S}].*"
        title={t`Something that can be seen.`}
        hint={t`As others will see it.`}
      />
      <TextField
        label={t`Username`}
        name="username"
        required
        maxLength={255}
        pattern="[^\s@]+"
        title={t`No spaces and no @.`}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        hint={t`For signing in and for @mentions. No spaces and no @.`}
        error={refusal === 'username-taken' ? words(refusal) : undefined}
      />
      <TextField
        label={t`E-mail (optional)`}
        name="email"
        type="email"
        maxLength={254}
        autoComplete="email"
        error={refusal === 'email-taken' ? words(refusal) : undefined}
      />
      <PasswordField
        label={t`Password`}
        name="password"
        required
        minLength={passwordMinLength}
        maxLength={256}
        autoComplete="new-password"
        hint={t`At least ${passwordMinLength} characters, of any kind. A short sentence is a good password.`}
      />
    </>
  )
}

import type { ProblemCode } from '@recado/protocol'
import { type FormEvent, useState } from 'react'
import { problemCodeOf } from '../../i18n/problem-words.ts'

export interface AuthForm {
  readonly pending: boolean
  /** What the last attempt was refused with; `other` for a failure without a code. */
  readonly refusal: ProblemCode | 'other' | null
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void
}

/** Submits a form's values as trimmed strings; only the password stays as typed. */
export function useAuthForm(submit: (values: Record<string, string>) => Promise<void>): AuthForm {
  const [pending, setPending] = useState(false)
  const [refusal, setRefusal] = useState<AuthForm['refusal']>(null)

  async function attempt(form: HTMLFormElement): Promise<void> {
    setPending(true)
    setRefusal(null)
    const values: Record<string, string> = {}
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string') values[name] = name === 'password' ? value : value.trim()
    }
    try {
      await submit(values)
    } catch (cause) {
      setRefusal(problemCodeOf(cause) ?? 'other')
    } finally {
      setPending(false)
    }
  }

  return {
    pending,
    refusal,
    onSubmit(event) {
      event.preventDefault()
      void attempt(event.currentTarget)
    },
  }
}

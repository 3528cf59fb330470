import { type ComponentProps, type ReactNode, useId } from 'react'
import { classNames } from './class-names.ts'

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  readonly label: string
  /** Said before anything is typed. */
  readonly hint?: string | undefined
  /** Why the value was refused. */
  readonly error?: string | undefined
  /** A control at the end of the field. */
  readonly trailing?: ReactNode
}

export const fieldClass =
  'min-h-11 w-full rounded border border-line-strong bg-surface px-3 text-ink placeholder:text-ink-muted ' +
  'hover:border-ink-muted focus:border-wax focus:outline-2 focus:outline-wax focus:-outline-offset-1 ' +
  'aria-invalid:border-failure-ink'

export function TextField({ label, hint, error, trailing, className, ...input }: TextFieldProps) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={classNames('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className="font-medium text-ink">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          className={classNames(fieldClass, trailing ? 'pe-12' : undefined)}
          aria-invalid={error ? true : undefined}
          aria-describedby={described || undefined}
          {...input}
        />
        {trailing ? <div className="absolute inset-y-0 end-0 flex items-center">{trailing}</div> : null}
      </div>
      {hint ? (
        <p id={`${id}-hint`} className="text-meta text-ink-muted">
          {hint}
        </p>
      ) : null}
      <p id={`${id}-error`} role="alert" className="text-meta text-failure-ink empty:hidden">
        {error}
      </p>
    </div>
  )
}

import type { ReactNode } from 'react'

interface SectionProps {
  /** What links to it name. */
  readonly id: string
  readonly title: ReactNode
  readonly children: ReactNode
}

export function Section({ id, title, children }: SectionProps) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="scroll-mt-4">
      <h2 id={`${id}-title`} className="pb-2 font-semibold text-lead">
        {title}
      </h2>
      {children}
    </section>
  )
}

/** One thing to choose within a section. */
export function Setting({
  label,
  hint,
  children,
}: {
  readonly label: string
  readonly hint?: string
  readonly children: ReactNode
}) {
  return (
    <div className="pb-5 last:pb-0">
      <h3 className="pb-1.5 text-ink-muted text-meta">{label}</h3>
      {children}
      {hint ? <p className="pt-1.5 text-ink-muted text-meta">{hint}</p> : null}
    </div>
  )
}

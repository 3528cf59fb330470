/** How many are unread, in wax. `label` says of what. */
export function CountBadge({ count, label }: { readonly count: number; readonly label: string }) {
  if (count <= 0) return null
  return (
    <span
      role="img"
      aria-label={label}
      data-forced-border=""
      className="tabular inline-flex h-5 min-w-5 items-center justify-center rounded-full bg-wax px-1.5 font-semibold text-fine text-on-wax"
    >
      {count > 999 ? '999+' : count}
    </span>
  )
}

/** The surface of everything that floats. */
export const floatClass =
  'floating z-50 rounded border border-line bg-surface p-1 text-ink shadow-float outline-none ' +
  'origin-(--transform-origin) max-h-(--available-height) overflow-y-auto'

/** The shape of an entry of the rail, whether a link or a button. */
export const railItemClass =
  'relative flex min-h-14 flex-col max-md:min-w-0 max-md:flex-1 items-center justify-center gap-0.5 rounded text-fine text-ink-muted ' +
  'hover:text-ink md:mb-1 md:w-16 md:hover:bg-hover data-popup-open:text-ink'

const units = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** In the largest unit of which there is at least one, as shops and systems count them: by thousands. */
export function formatBytes(bytes: number, locale: string): string {
  const size = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3) - 1))
  // What is there is never shown as nothing.
  const value = Math.max(bytes, Math.min(bytes, 1) * 100) / 1000 ** (size + 1)
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[size] ?? 'kilobyte',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value)
}

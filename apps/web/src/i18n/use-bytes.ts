import { useLingui } from '@lingui/react'
import { useCallback } from 'react'
import { formatBytes } from './bytes.ts'
import { regionalLocale } from './languages.ts'

export function useBytes(): (bytes: number) => string {
  const locale = regionalLocale(useLingui().i18n.locale, navigator.languages)
  return useCallback(bytes => formatBytes(bytes, locale), [locale])
}

import { defineConfig } from '@lingui/cli'
import { formatter } from '@lingui/format-po'

/** What is in no first load (`first-words.test.ts`), and is shown by `lazyScreen` or `lazyPart`. */
const later = [
  'keys',
  'commands',
  'screens/settings',
  'screens/palette',
  'screens/saved',
  'screens/search',
  'screens/auth',
  'screens/details',
].map(folder => `<rootDir>/src/${folder}`)

export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'pt-BR', 'es'],
  catalogs: [
    {
      path: '<rootDir>/src/i18n/locales/{locale}',
      include: ['<rootDir>/src'],
      exclude: ['<rootDir>/src/gallery', '<rootDir>/src/screens/mail', ...later],
    },
    // Loaded with the first part that is not there from the start, and with mail: the first screen does not wait for them.
    { path: '<rootDir>/src/i18n/locales/later/{locale}', include: later },
    { path: '<rootDir>/src/i18n/locales/mail/{locale}', include: ['<rootDir>/src/screens/mail'] },
  ],
  format: formatter({ lineNumbers: false, origins: false }),
  orderBy: 'message',
})

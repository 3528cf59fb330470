import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lingui } from '@lingui/vite-plugin'
import babel from '@rolldown/plugin-babel'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { emojiSheets } from './scripts/emoji-sheets.ts'
import { offlineApp } from './scripts/offline-plugin.ts'

// Both Lingui plugins look for their configuration from the working directory, and the server runs elsewhere.
process.env.LINGUI_CONFIG = join(import.meta.dirname, 'lingui.config.ts')

const { version }: { version: string } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'))

/** The server mounts this same configuration as middleware in development, so there is one way to build the app. */
export default defineConfig({
  root: import.meta.dirname,
  define: { 'import.meta.env.RECADO_VERSION': JSON.stringify(version) },
  plugins: [
    react(),
    babel({ include: /src\/.*\.tsx?$/, plugins: ['@lingui/babel-plugin-lingui-macro'] }),
    lingui(),
    tailwindcss(),
    offlineApp(),
    emojiSheets(),
  ],
  build: {
    target: 'es2023',
    manifest: true,
    /** Fonts as data: URLs would need `font-src data:`; everything stays a file under /assets/. */
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    /** What the first load needs is one chunk: left alone, the bundler cuts it wherever something lazy shares a part of it. */
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'app', tags: ['$initial'] }] } } },
  },
})

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{packages,apps,bench,scripts}/**/*.test.ts'],
    globalSetup: ['packages/testkit/src/vitest.global-setup.ts'],
  },
})

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{packages,apps,bench,scripts}/**/*.test.{ts,tsx}'],
    // What a test needs beyond Node and PostgreSQL it says by a tag, so that `npm test -- --without` can leave it out.
    tags: [{ name: 'browser' }, { name: 'nats' }],
    setupFiles: ['scripts/leaks.ts'],
    globalSetup: ['packages/testkit/src/vitest.global-setup.ts'],
    pool: 'forks',
    // Many wait for time to pass, as a mail that can still be taken back: one more than two processors have work for.
    maxWorkers: 3,
    // Nothing of ours lives in a module, so files share what a worker has read. What one leaves open fails it (leaks.ts).
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A condition that is waited for may take its time on a machine that does other things too.
    expect: { poll: { timeout: 10_000 } },
  },
})

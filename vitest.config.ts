import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['test/seed.ts'],
    globalSetup: 'test/cli/build.ts',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Much of a test is waiting: a core that is left over would only idle.
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

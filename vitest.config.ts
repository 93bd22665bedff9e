import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Much of the time is waiting for servers, so one more than the two cores.
    maxWorkers: 3,
    pool: 'forks',
    // What a test prints is shown where it failed.
    silent: 'passed-only',
  },
});

import { defineConfig } from 'vitest/config';

// One browser at a time, started by `npm run test:browser`, which sees to it that there is one.
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

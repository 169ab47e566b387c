import { defineConfig } from 'vitest/config';

// One emulator serves all files, so that they run one after the other. It is started by `npm run test:aws`.
export default defineConfig({
  test: {
    include: ['test/aws/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

import { configDefaults, defineConfig } from 'vitest/config';

// Neither time zone nor locale is set here: the tests must pass in all of them.
export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/aws/**', 'test/bench/**', 'test/browser/**'],
    setupFiles: ['test/tooling/property-runs.ts'],
    // The SDK prints on every start which Node versions it drops next.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: mode === 'fuzz' ? 600_000 : 30_000,
    hookTimeout: 30_000,
    coverage: { include: ['src/**/*.ts'], exclude: ['src/**/*.generated.*', 'src/*/index.ts'] },
  },
}));

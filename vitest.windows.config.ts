import { defineConfig } from 'vitest/config';

/** `npm run windows`: the agent for Windows, run by Wine. It needs root, and takes minutes. */
export default defineConfig({
  test: {
    include: ['test/windows/*.test.ts'],
    globalSetup: 'test/clean-root/build-once.ts',
    // Each test by its name: what it says is what is shown.
    reporters: ['verbose'],
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 1_800_000,
    expect: { poll: { timeout: 120_000, interval: 250 } },
  },
});

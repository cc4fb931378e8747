import { defineConfig } from 'vitest/config';

/** `npm run clean-root`: what is made for users, tried where nothing else is. It needs root, and takes minutes. */
export default defineConfig({
  test: {
    include: ['test/clean-root/*.test.ts'],
    globalSetup: 'test/clean-root/build-once.ts',
    // Each test by its name: what it says is what is shown.
    reporters: ['verbose'],
    maxWorkers: 1,
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    expect: { poll: { timeout: 120_000, interval: 50 } },
  },
});

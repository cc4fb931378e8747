import { defineConfig } from 'vitest/config';
import { PATIENT } from './test/support/patient.ts';

// Tests talk to servers on loopback: a proxy of the environment is not for them. Of two settings of colours, each process
// of Node would warn.
for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy', 'no_color', 'force_color']) {
  delete process.env[name];
  delete process.env[name.toUpperCase()];
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // `npm run clean-root` and `npm run windows` have them: they take minutes.
    exclude: ['test/clean-root/**', 'test/windows/**'],
    // Two cores, and tests that start real servers: more files at once would only wait for each other.
    maxWorkers: 2,
    // Only what hangs takes so long, even on a busy machine: a test waits for a condition, never for a time.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: PATIENT },
  },
});

import { millis } from '../../src/kernel/time.ts';

/**
 * For `vi.waitFor`: as long as a busy machine may need, in milliseconds. Waiting ends as soon as the condition holds, so
 * that a quiet machine loses nothing. `expect.poll` has the same from vitest.config.ts.
 */
export const PATIENT = { timeout: 120_000, interval: 50 };

/** Milliseconds, more than a test may take: for a wait that something else has to end, so that the test hangs if nothing does. */
export const FOREVER = millis(900_000);

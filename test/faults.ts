import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

/**
 * `npm run faults -- [--kills N] [--steps N] [--flaps N]`: breaks things on purpose for longer than a test run may take. The same files run with
 * small numbers in `npm test`. Each ends with a comparison of what was acknowledged with what is there.
 */
const FILES = [
  'test/e2e/store-kill.test.ts',
  'test/e2e/import-kill.test.ts',
  'test/clocks/clock-steps.test.ts',
  'test/e2e/clock-step.test.ts',
  'test/e2e/broken-store.test.ts',
  'test/e2e/spoilt-files.test.ts',
  'test/e2e/lost-output.test.ts',
  'test/e2e/log-restarts.test.ts',
  'test/e2e/notifier.test.ts',
  'test/e2e/flapping.test.ts',
  'test/store/damage.test.ts',
  'test/store/faults.test.ts',
];

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    steps: { type: 'string', default: '100' },
    flaps: { type: 'string', default: '400' },
  },
});
const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...FILES], {
  stdio: 'inherit',
  env: { ...process.env, KILLS: values.kills, CLOCK_STEPS: values.steps, FLAPS: values.flaps },
});
child.on('exit', (code) => process.exit(code ?? 1));

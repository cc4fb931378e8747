import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { seconds } from '../../src/kernel/time.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import { Reports } from '../../src/store/history/reports.ts';
import { hostName } from '../support/host-name.ts';
import { keyCounts } from './store-in-memory.ts';

const HOST = 1;
const STALE_AFTER = 100;

test.each([
  [99, undefined],
  [100, 7],
  [199, 7],
  [200, undefined],
  [300, 9],
  [399, 9],
  [400, undefined],
])('at %d the newest fresh report counts %s', (time, count) => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const reports = new Reports(database);
  for (const [at, windows] of [
    [300, 9],
    [100, 7],
    [200, undefined],
  ] as const) {
    const counts = keyCounts(windows);
    reports.add(
      HOST,
      { host: hostName('kms01'), time: seconds(at), counts, activationInterval: undefined },
      STALE_AFTER,
    );
  }

  expect(reports.freshAt(HOST, time, STALE_AFTER)?.keys.find(({ pool }) => pool === 'windows')?.clients).toBe(count);
});

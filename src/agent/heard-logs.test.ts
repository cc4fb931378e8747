import { expect, it } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { err, ok } from '../kernel/result.ts';
import { DAY_S, HOUR_S, seconds } from '../kernel/time.ts';
import { storeFailure } from '../store/failure.ts';
import type { LogHeard } from '../store/store-types.ts';
import { HeardLogs } from './heard-logs.ts';

const STALE_AFTER = seconds(3 * DAY_S);

it('writes down now and then that a log was heard from, and what could not be written once more', async () => {
  const taken: LogHeard[][] = [];
  let failures = 1;
  const logs = new HeardLogs({
    takeHeard: async (heard) => {
      if (failures-- > 0) return err(storeFailure('io', 'test: no disk'));
      taken.push([...heard]);
      return ok(undefined);
    },
  });
  const at = (hour: number, name = 'kms01') => ({ host: hostName(name), time: seconds(1_780_000_000 + hour * HOUR_S) });
  await logs.take([at(0)], STALE_AFTER);
  expect(taken).toEqual([]);
  await logs.take([at(0)], STALE_AFTER);
  await logs.take([at(9)], STALE_AFTER);
  expect(taken).toEqual([[at(0)]]);
  await logs.take([at(10), at(10, 'kms02')], STALE_AFTER);
  await logs.take([at(10), at(10, 'kms02')], STALE_AFTER);
  expect(taken.slice(1)).toEqual([[at(10), at(10, 'kms02')]]);
});

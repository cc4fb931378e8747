import { expect, it } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { snapshotWith } from '../../test/support/snapshot.ts';
import { inMillis, seconds } from '../kernel/time.ts';
import type { EstateSnapshot } from './snapshot.ts';
import { stalledRenewals } from './stalled-renewals.ts';

const NOW = seconds(1_700_000_000);
const HOST = hostName('kms01.corp.example');

/** All of the leases of a class have stalled; six are tolerated. */
function ratios(heard: number, migration: object | undefined): readonly number[] {
  const estate: EstateSnapshot = {
    ...{ at: inMillis(NOW), domains: [], hosts: [], endpoints: [] },
    ...{ hostCount: 0, hostsUnknown: 0, hostsUp: 0 },
  };
  const { logs } = snapshotWith(estate);
  const renewals = [{ host: HOST, heard, stalled: heard }];
  const aggregates = {
    ...{ hosts: [{ host: HOST, lastPush: NOW }], migration },
    classes: [{ cls: 'client', renewals, isQuiet: false, tolerated: 6 }],
  };
  return stalledRenewals(estate, { ...logs, ...({ aggregates } as object) }).map(({ ratio }) => ratio);
}

it('says nothing of the few that are left when a fleet has moved', () => {
  const migration = { moved: 114, left: 6 };
  expect([6, 7].map((heard) => ratios(heard, migration))).toEqual([[], [1]]);
  expect([4, 5].map((heard) => ratios(heard, undefined))).toEqual([[], [1]]);
});

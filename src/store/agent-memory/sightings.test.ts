import { expect, it } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { loadSightings, saveSightings } from './sightings.ts';

const SEEN = { domain: hostName('corp.test'), target: hostName('kms1.corp.test'), port: 1688, at: 5000 };

it('keeps the newest sighting of each record, whatever comes later', () => {
  const database = memoryDatabase();
  saveSightings(database, [SEEN, { ...SEEN, port: 1689 }], 0);
  saveSightings(
    database,
    [
      { ...SEEN, at: 4000 },
      { ...SEEN, port: 1689, at: 6000 },
    ],
    0,
  );
  expect(loadSightings(database)).toEqual([SEEN, { ...SEEN, port: 1689, at: 6000 }]);
});

it('forgets those from before a time, but not the ones that are seen now', () => {
  const database = memoryDatabase();
  saveSightings(database, [SEEN, { ...SEEN, target: hostName('kms2.corp.test'), at: 4999 }], 0);
  saveSightings(database, [], 5000);
  expect(loadSightings(database)).toEqual([SEEN]);
});

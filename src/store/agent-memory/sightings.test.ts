import { expect, it } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { millis } from '../../kernel/time.ts';
import { loadSightings, saveSightings } from './sightings.ts';

const SEEN = { domain: hostName('corp.test'), target: hostName('kms1.corp.test'), port: 1688, at: millis(5000) };

it('keeps the newest sighting of each record, whatever comes later', () => {
  const database = memoryDatabase();
  saveSightings(database, [SEEN, { ...SEEN, port: 1689 }], millis(0));
  saveSightings(
    database,
    [
      { ...SEEN, at: millis(4000) },
      { ...SEEN, port: 1689, at: millis(6000) },
    ],
    millis(0),
  );
  expect(loadSightings(database)).toEqual([SEEN, { ...SEEN, port: 1689, at: millis(6000) }]);
});

it('forgets those from before a time, but not the ones that are seen now', () => {
  const database = memoryDatabase();
  saveSightings(database, [SEEN, { ...SEEN, target: hostName('kms2.corp.test'), at: millis(4999) }], millis(0));
  saveSightings(database, [], millis(5000));
  expect(loadSightings(database)).toEqual([SEEN]);
});

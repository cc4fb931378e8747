import { expect, it } from 'vitest';
import { answer, estate, probe } from '../../../../test/support/estate.ts';
import { hostName } from '../../../../test/support/host-name.ts';
import { aggregates, records } from '../../../../test/support/records.ts';
import { SETTINGS } from '../../../../test/support/stories.ts';
import { millis, seconds } from '../../../kernel/time.ts';
import type { HostAggregates } from '../../../store/aggregates.ts';
import { failoverPart } from './failover-part.ts';

/** The part of a domain whose hosts have these margins of Windows clients; undefined: not known. */
function partOf(...margins: readonly (number | undefined)[]): string {
  const names = margins.map((_, index) => hostName(`kms${index + 1}.corp.example`));
  const watched = estate({});
  watched.recordLookup(answer(0, names));
  for (const name of names) watched.recordProbe(probe(0, name));
  const known = aggregates(0);
  const hosts = margins.flatMap((margin, index): HostAggregates[] => {
    const [blank] = known.hosts;
    const host = names[index];
    if (blank === undefined || host === undefined) return [];
    if (margin === undefined) return [{ ...blank, host, margins: [], open: ['client'] }];
    return [{ ...blank, host, margins: [{ cls: 'client', margin, breach: undefined }] }];
  });
  const logs = { ...records(0), aggregates: { ...known, hosts } };
  const values = { estate: watched.snapshot(millis(0)), logs, conditions: [], leaseSettings: SETTINGS };
  return failoverPart({ ...values, overview: 'none', isReady: true, now: seconds(0) }).text;
}

it.each([
  ['another has counted enough', [10, 0], 'another host takes over.*kms2.* \\(25 of 25\\)'],
  [
    'another has counted too few',
    [10, -4],
    'nobody at first</span> until 4 more clients have asked.*kms2.* \\(21 of 25\\)',
  ],
  ['of another nothing is known', [10, undefined], 'not known.*kms2.* \\(count not known\\)'],
  ['there is no other', [10], 'nobody takes over'],
])('says what happens if a host dies, where %s', (_, margins, words) => {
  expect(partOf(...margins)).toMatch(new RegExp(words, 's'));
});

it('begins with what is worst, and says nothing where nobody can activate anyway', () => {
  const part = partOf(10, 0, -3);
  expect(part.match(/takes over/g)).toHaveLength(2);
  expect(partOf(-3)).toBe('');
});

import { expect, it } from 'vitest';
import { records } from '../../../../test/support/records.ts';
import { seconds } from '../../../kernel/time.ts';
import type { Aggregates } from '../../../store/aggregates.ts';
import { leasesPart } from './leases-part.ts';
import type { StatusSnapshot } from './status-snapshot.ts';

function textWith(changes: Partial<Aggregates>): string {
  const logs = records(0);
  const { aggregates } = logs;
  if (aggregates === undefined) throw new TypeError('nothing was counted');
  return leasesPart({ logs: { ...logs, aggregates: { ...aggregates, ...changes } } } as unknown as StatusSnapshot).text;
}

it('says how many machines have moved, and how many still renew', () => {
  const migration = { to: 'directory', since: seconds(86_400), moved: 1200, left: 800, isGuessed: true };
  const text = textWith({ migration });
  expect(text).toContain('Since 1970-01-02, 1,200 of 2,000 machines have moved to directory-based activation.');
  expect(text).toContain('no list says yet how machines are activated');
  expect(text).toContain('800 still renew here');
  expect(textWith({ classes: [], migration: { ...migration, to: 'kms9.corp.test', isGuessed: false } })).toMatch(
    /moved to kms9\.corp\.test\. <a/,
  );
  expect(textWith({})).not.toContain('moved');
});

it('says of leases of no known product that it is not known whether they are activated', () => {
  const classes = records(0).aggregates?.classes.map((one) => {
    const states = { ...one.tally.states, unactivated: 4 };
    return { ...one, tally: { ...one.tally, states } };
  });
  const known = classes ?? [];
  expect(textWith({ classes: known })).not.toContain('not known');
  expect(textWith({ classes: known.map((one) => ({ ...one, cls: 'unknown' })) })).toMatch(
    /aria-label="4 leases: [^"]*, not known"/,
  );
});

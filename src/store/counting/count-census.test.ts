import { expect, it } from 'vitest';
import { ACCESS, NOW, type RequestFacts, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { countCensus } from './count-census.ts';

function censusOf(...requests: readonly RequestFacts[]) {
  const { state } = new StoreInMemory().take(...requests);
  const censuses = countCensus(state, seconds(NOW));
  return (pool: 'windows' | 'office', host = 'kms1.corp.test') =>
    censuses.get(state.pools.at(state.names.hosts.no(hostName(host)), pool).no);
}

it('counts the clients of the last 30 days, newest first', () => {
  const census = censusOf(
    { time: NOW - 30 * DAY_S },
    { client: 2, time: NOW - 30 * DAY_S + 1 },
    { client: 3, time: NOW },
    { client: 4, time: NOW - 5, activationId: ACCESS },
    { client: 5, time: NOW - 5, host: 'kms2.corp.test' },
  );
  expect(census('windows')).toEqual({ count: 2, lasts: [NOW, NOW - 30 * DAY_S + 1] });
  expect(census('office')).toEqual({ count: 1, lasts: [NOW - 5] });
  expect(census('windows', 'kms2.corp.test')).toEqual({ count: 1, lasts: [NOW - 5] });
});

it('counts a client whose last contact is dated ahead by the one before it', () => {
  const census = censusOf({ time: NOW - 9 }, { time: NOW + 60 }, { client: 2, time: NOW + 60 });
  expect(census('windows')).toEqual({ count: 1, lasts: [NOW - 9] });
});

it('keeps as many last contacts as the largest threshold needs', () => {
  const census = censusOf(...Array.from({ length: 40 }, (_, n) => ({ client: n + 1, time: NOW - n })));
  expect(census('windows')?.count).toBe(40);
  expect(census('windows')?.lasts).toEqual(Array.from({ length: 25 }, (_, n) => NOW - n));
});

it('counts nobody in a pool that was asked in vain', () => {
  expect(censusOf({ hresult: 7 })('windows')).toEqual({ count: 0, lasts: [] });
});

import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../test/store/default-settings.ts';
import { ACCESS, clientId, NOW, type RequestFacts, StoreInMemory } from '../../test/store/store-in-memory.ts';
import { rfc3339OfSeconds, seconds } from '../kernel/time.ts';
import { LeasePages } from '../store/reading/lease-pages.ts';
import { readContext } from '../store/reading/read-context.ts';
import { leaseJson } from './list-lease.ts';

function jsonOf(request: RequestFacts, excluded = { retired: false, superseded: false }) {
  const { database } = new StoreInMemory().take(request);
  const pages = new LeasePages(readContext(database, DEFAULT_SETTINGS));
  const [lease] = pages.ofMachines([1]);
  if (lease === undefined) throw new Error('no lease');
  return leaseJson({ ...lease, excluded }, pages.context(seconds(NOW)));
}

it('shows a lease with the names of everything, and times in UTC', () => {
  expect(
    jsonOf({ minutes: 60 * 1440, virtual: true, activationId: ACCESS, nPolicy: 5, time: NOW - 600, hresult: 7 }),
  ).toEqual({
    ...{ client: 'ws1.corp.test', client_id: clientId(1), activation_id: ACCESS, product: 'Access 2016' },
    ...{ class: 'office', pool: 'office', host: 'kms1.corp.test', virtual: true },
    ...{ first_request: '2026-05-28T20:16:40Z', last_request: '2026-05-28T20:16:40Z' },
    ...{ last_result: 'other', license_status: 'licensed', expiry: '2026-07-27T20:16:40Z', expiry_basis: 'confirmed' },
    ...{ confirmed_expiry: '2026-07-27T20:16:40Z', presumed_expiry: null, age_seconds: 120 * 86_400 + 600 },
    ...{
      remaining_seconds: 60 * 86_400 - 600,
      state: 'renewal_overdue',
      retrying: false,
      duplicate: false,
      retired: false,
    },
  });
});

it('shows no end and no age of a lease that never was activated', () => {
  expect(jsonOf({ status: 0, minutes: 0, hresult: 0xc004f042 })).toMatchObject({
    ...{ expiry: null, expiry_basis: null, confirmed_expiry: null, age_seconds: null, remaining_seconds: null },
    ...{ state: 'unactivated', license_status: 'unlicensed' },
  });
});

it('shows a lease that is superseded and retired as retired', () => {
  expect(jsonOf({}, { retired: true, superseded: true })).toMatchObject({ state: 'retired', retired: true });
  expect(jsonOf({}, { retired: false, superseded: true })).toMatchObject({ state: 'superseded', retired: false });
});

it('writes whole seconds in UTC', () => {
  expect(rfc3339OfSeconds(seconds(NOW))).toBe('2026-05-28T20:26:40Z');
});

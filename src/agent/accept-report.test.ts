import { expect, it } from 'vitest';
import { OFFICE_KEY, WINDOWS_KEY } from '../../test/support/reports.ts';
import { countsOf } from './accept-report.ts';

const UNASKED = { ...WINDOWS_KEY, clients: undefined, requests: 0 };
const clients = (...keys: Parameters<typeof countsOf>[0]) => countsOf(keys).map((count) => count.clients);

it('a host that nobody has asked yet counts nobody', () => {
  expect(clients(UNASKED)).toEqual([0]);
  expect(clients(UNASKED, { ...OFFICE_KEY, clients: 7 })).toEqual([0, 7]);
});

it('no value is no number where the host was asked, where it does not say, and where it is not activated', () => {
  expect(clients({ ...UNASKED, requests: 3 })).toEqual([undefined]);
  expect(clients({ ...UNASKED, requests: undefined })).toEqual([undefined]);
  expect(clients({ ...UNASKED, licenseStatus: 'notification' })).toEqual([undefined]);
});

it('a key that was added to others counts what they count', () => {
  expect(clients(UNASKED, { ...WINDOWS_KEY, clients: 31 })).toEqual([undefined, 31]);
});

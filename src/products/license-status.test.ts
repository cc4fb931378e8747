import { expect, test } from 'vitest';
import { LICENSE_STATUS, LICENSE_STATUSES, licenseStatusName, parseLicenseStatus } from './license-status.ts';

test('names and numbers belong together', () => {
  expect(LICENSE_STATUSES.map((name) => LICENSE_STATUS[name])).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(licenseStatusName(LICENSE_STATUS.notification)).toBe('notification');
  expect(licenseStatusName(7)).toBe('unlicensed');
});

test.each([
  ['0', 0],
  ['6', 6],
  ['7', undefined],
  ['01', undefined],
  ['', undefined],
])('the text %j is the number %s', (text, number) => {
  expect(parseLicenseStatus(text)).toBe(number);
});

import { expect, it, test } from 'vitest';
import { canHold } from './can-hold.ts';
import { systemOf } from './host-systems.ts';

const SERVER_2025 = '84e331f6-4279-48c4-ab10-b75139181351';
const SERVER_2022 = '661f7658-7035-4b4c-9f35-010682943ec2';
const SERVER_2016 = 'd6992aac-29e7-452a-bf10-bbfb8ccabe59';
const SERVER_2012_R2 = 'dcb88f6f-b090-405b-850e-dabcccf3693f';
const WINDOWS_10 = '0724cb7d-3437-4cb7-93cb-830375d0079d';
const OFFICE_2024 = 'f3d89bbf-c0ec-47ce-a8fa-e5a5f97e447f';
const OFFICE_2016 = '98ebfe73-2084-4c97-932c-c0cd1643bea7';

const OFFICE_PACK = 'Office LTSC 2024 Volume License Pack';

test.each([
  ['Microsoft Windows Server 2025 Standard', SERVER_2025, undefined, undefined],
  ['Microsoft Windows Server 2022 Datacenter', SERVER_2025, 'KB5034770', undefined],
  ['Microsoft Windows Server 2019 Standard', SERVER_2025, 'KB5034768', undefined],
  ['Microsoft Windows Server 2012 R2 Standard', SERVER_2016, 'KB3172614', undefined],
  ['Microsoft Windows Server 2012 Standard', SERVER_2016, 'KB3172615', undefined],
  ['Microsoft Windows 10 Enterprise', WINDOWS_10, undefined, undefined],
  ['Microsoft® Windows® 7 Professional', WINDOWS_10, 'KB3079821', undefined],
  ['Microsoft Windows Server 2025 Стандарт', OFFICE_2024, undefined, OFFICE_PACK],
  ['Microsoft Windows 11 Enterprise', OFFICE_2024, undefined, OFFICE_PACK],
  ['Windows Server (R) 2008 R2 Standard', OFFICE_2016, undefined, 'Office 2016 Volume License Pack'],
])('%s can hold %s', (os, key, update, pack) => {
  expect(canHold(os, key)).toEqual({ answer: 'yes', update, pack });
});

test.each([
  ['Microsoft Windows Server 2016 Standard', SERVER_2025, 'too_old'],
  ['Microsoft Windows Server 2012 R2 Standard', SERVER_2022, 'too_old'],
  ['Microsoft Windows Server 2019 Standard', OFFICE_2024, 'too_old'],
  ['Microsoft Windows 11 Enterprise', SERVER_2025, 'other_kind'],
  ['Microsoft Windows Server 2022 Standard', WINDOWS_10, 'other_kind'],
  ['Microsoft Windows Server 2022 Datacenter Azure Edition', SERVER_2022, 'azure_edition'],
  ['Microsoft Windows Server 2022 Standard Evaluation', SERVER_2022, 'evaluation'],
])('%s cannot hold %s: %s', (os, key, reason) => {
  expect(canHold(os, key)).toEqual({ answer: 'no', reason });
});

test.each([
  ['a Windows newer than the source names', 'Microsoft Windows Server 2025 Standard', SERVER_2022],
  ['a key of which no source tells', 'Microsoft Windows Server 2012 R2 Standard', SERVER_2012_R2],
  ['a key that no table has', 'Microsoft Windows Server 2022 Standard', '11111111-2222-3333-4444-555555555555'],
  ['a Windows of the Semi-Annual Channel', 'Microsoft Windows Server Datacenter', SERVER_2022],
  ['a Windows that is not out yet', 'Microsoft Windows Server 2031 Standard', SERVER_2022],
])('says nothing of %s', (_, os, key) => {
  expect(canHold(os, key)).toEqual({ answer: 'unknown' });
});

it('reads the version from a caption', () => {
  expect(systemOf('Microsoft Windows 8.1 Pro')).toBe('Windows 8.1');
  expect(systemOf('Microsoft Windows 8 Pro')).toBe('Windows 8');
  expect(systemOf('Microsoft\u00a0Windows\u00a0Server 2012\u00a0R2 Standard')).toBe('Windows Server 2012 R2');
  expect(systemOf('Microsoft Windows 100')).toBeUndefined();
});

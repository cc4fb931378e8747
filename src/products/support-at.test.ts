import { expect, it } from 'vitest';
import { inSeconds, millis } from '../kernel/time.ts';
import { supportAt } from './support-at.ts';

/** Of LTSC 2019, 2021 and 2024. */
const LTSC = '32d2fab3-e4a8-42c2-923b-4bf4fd13e6ee';
/** Of Windows 10 and Windows 11, which has no last day. */
const ENTERPRISE = '73111121-5638-40f6-bc11-f1d7b0d64300';
const ACCESS_2016 = '67c0fc0c-deba-401b-bf8b-9c8ad8395804';

function at(activationId: string, day: string) {
  return supportAt(activationId, inSeconds(millis(Date.parse(day))));
}

it('ends with the last day of the only release', () => {
  const end = '2025-10-14';
  expect(at(ACCESS_2016, '2024-10-13')).toEqual({ support: 'supported', support_end: end });
  expect(at(ACCESS_2016, '2024-10-15')).toEqual({ support: 'near', support_end: end });
  expect(at(ACCESS_2016, end)).toEqual({ support: 'near', support_end: end });
  expect(at(ACCESS_2016, '2025-10-15')).toEqual({ support: 'ended', support_end: end });
});

it('ends partly while another release of the id is supported', () => {
  expect(at(LTSC, '2028-01-01')).toEqual({ support: 'partly', support_end: '2027-01-12' });
  expect(at(ENTERPRISE, '2030-01-01').support).toBe('partly');
});

it('says nothing of a product that no table has', () => {
  expect(at('11111111-2222-3333-4444-555555555555', '2026-01-01')).toEqual({ support: null, support_end: null });
});

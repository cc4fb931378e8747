import { expect, it, test } from 'vitest';
import { adviceOf } from './advice.ts';
import type { Verdict } from './types.ts';

const WINDOWS = { product: 'Windows', verdict: 'renewing', state: 'valid', expiry: '2026-12-02T10:00:00Z' } as const;

function advice(facts: Partial<typeof WINDOWS | { state: string; verdict: Verdict }> = {}, duplicate = false): string {
  return adviceOf({ verdict: 'renewing', products: [{ ...WINDOWS, ...facts }], duplicate });
}

test.each([
  ['valid', true],
  ['expired', true],
  ['notification', false],
] as const)('asks to retire a machine that is gone only if it has a lease: %s', (state, toRetire) => {
  const said = adviceOf({ verdict: 'gone', products: [{ ...WINDOWS, verdict: 'gone', state }], duplicate: false });
  expect(said.includes('kmswatch retire')).toBe(toRetire);
});

it('asks nobody to retire a machine that is gone and never asked: there is nothing to retire', () => {
  expect(adviceOf({ verdict: 'gone', products: [], duplicate: false })).toMatch(/no lease here.*nothing to do/);
});

it('says that nothing is to be done only where that is so', () => {
  expect(advice()).toBe('Nothing to do.');
  expect(adviceOf({ verdict: 'renewing', products: [], duplicate: false })).toBe('Nothing to do.');
});

test.each([
  ['ends soon', advice({ state: 'expiring' }), 'its activation ends 2026-12-02'],
  ['is not known to be activated', advice({ state: 'unactivated' }), 'is not known yet'],
  ['has a product that no table names', advice({ state: 'unknown' }), 'Whether Windows is activated is not known'],
  ['has not asked for weeks', advice({ state: 'renewal_overdue' }), 'overdue'],
  ['shares its client id', advice({}, true), 'shares its client id'],
  ['has an Office that asks in vain', advice({ verdict: 'failing' }), 'not in order'],
])('says of a machine that renews and %s what to do', (_, said, part) => {
  expect(said).toContain(part);
});

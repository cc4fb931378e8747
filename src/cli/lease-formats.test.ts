import { expect, it } from 'vitest';
import type { LeaseJson } from '../leases/lease-json.ts';
import { LeaseWriter } from './lease-formats.ts';

const LEASE: LeaseJson = {
  ...{ client: 'ws-1', client_id: 'c', activation_id: 'a', product: 'a', class: 'unknown', pool: null, host: 'kms01' },
  ...{ virtual: false, first_request: '2026-11-01T00:00:00Z', last_request: '2026-11-23T00:00:00Z' },
  ...{ last_result: 'ok', license_status: 'oob_grace', expiry: null, expiry_basis: null, confirmed_expiry: null },
  ...{ presumed_expiry: null, age_seconds: null, remaining_seconds: null, state: 'unactivated', retrying: false },
  ...{ duplicate: false, retired: false },
};

function table(lease: LeaseJson): string {
  let text = '';
  const out = (part: string) => {
    text += part;
  };
  const terminal = { out, error: out, color: false, interactive: false, env: {} };
  new LeaseWriter('table', terminal).write([lease]);
  return text;
}

it('calls nothing unactivated of which nobody knows what the answer was worth', () => {
  expect(table(LEASE)).toMatch(/ws-1 +a +not known/);
  expect(table({ ...LEASE, last_result: 'count_insufficient' })).toMatch(/ws-1 +a +unactivated/);
  expect(table({ ...LEASE, pool: 'windows' })).toMatch(/ws-1 +a +unactivated/);
});

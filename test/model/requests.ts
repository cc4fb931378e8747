import type { LeaseRequest, LeaseSettings } from '../../src/leases/types.ts';
import { HISTORY_START } from './histories.ts';

const DAY = 86_400;

/** The defaults of the configuration. */
export const DEFAULTS = {
  validity: 180 * DAY,
  renewalInterval: 7 * DAY,
  activationInterval: 7200,
  warn: 30 * DAY,
  critical: 7 * DAY,
  forgetAfter: 365 * DAY,
  tolerate: { share: 0.05 },
  quietPeriods: [],
} satisfies LeaseSettings;

/** A healthy Windows client's weekly renewal, with the given differences. */
export function request(facts: Partial<LeaseRequest> = {}): LeaseRequest {
  return {
    time: HISTORY_START,
    host: 'kms01.corp.test',
    log: 'key management service',
    recordId: 1,
    machine: 'ws1.corp.test',
    clientId: 'c0000000-0000-4000-8000-000000000001',
    activationId: '00000000-0000-4000-8000-00000000c001',
    cls: 'client',
    pool: 'windows',
    nPolicy: 25,
    hresult: 0,
    status: 1,
    minutes: 249_120,
    virtual: false,
    clientTime: facts.time ?? HISTORY_START,
    ...facts,
  };
}

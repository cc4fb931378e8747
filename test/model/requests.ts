import { DAY_S, seconds } from '../../src/kernel/time.ts';
import type { LeaseRequest, LeaseSettings } from '../../src/leases/types.ts';
import { hostName } from '../support/host-name.ts';
import { HISTORY_START } from './histories.ts';

/** The defaults of the configuration. */
export const DEFAULTS = {
  validity: seconds(180 * DAY_S),
  renewalInterval: seconds(7 * DAY_S),
  activationInterval: seconds(7200),
  warn: seconds(30 * DAY_S),
  critical: seconds(7 * DAY_S),
  forgetAfter: seconds(365 * DAY_S),
  tolerate: { share: 0.05 },
  quietPeriods: [],
  ephemeral: [],
} satisfies LeaseSettings;

/** A healthy Windows client's weekly renewal, with the given differences. */
export function request(facts: Partial<LeaseRequest> = {}): LeaseRequest {
  return {
    time: seconds(HISTORY_START),
    host: hostName('kms01.corp.test'),
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
    clientTime: facts.time ?? seconds(HISTORY_START),
    ...facts,
  };
}

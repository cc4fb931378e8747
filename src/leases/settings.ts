import type { Config } from '../config/schema.ts';
import { quietPeriod } from './stalled.ts';
import type { LeaseSettings } from './types.ts';

/** The configuration's section in this room's unit: milliseconds become whole seconds. */
export function leaseSettings(section: Config['leases']): LeaseSettings {
  return {
    validity: seconds(section.validity),
    renewalInterval: seconds(section.renewal_interval),
    activationInterval: seconds(section.activation_interval),
    warn: seconds(section.warn),
    critical: seconds(section.critical),
    forgetAfter: seconds(section.forget_after),
    tolerate: section.tolerate,
    quietPeriods: section.quiet_periods.map(quietPeriod),
  };
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 1000);
}

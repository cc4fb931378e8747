import type { Config } from '../config/schema.ts';
import { inSeconds, type Millis, type Seconds, seconds } from '../kernel/time.ts';
import { quietPeriod } from './stalled.ts';
import type { LeaseSettings } from './types.ts';

/** The configuration's section in this room's unit: milliseconds become whole seconds. */
export function leaseSettings(section: Config['leases']): LeaseSettings {
  return {
    validity: whole(section.validity),
    renewalInterval: whole(section.renewal_interval),
    activationInterval: whole(section.activation_interval),
    warn: whole(section.warn),
    critical: whole(section.critical),
    forgetAfter: whole(section.forget_after),
    tolerate: section.tolerate,
    quietPeriods: section.quiet_periods.map(quietPeriod),
    ephemeral: section.ephemeral,
    migrating: section.migrating && {
      to: section.migrating.to,
      since: seconds(Date.parse(section.migrating.since) / 1000),
    },
  };
}

function whole(time: Millis): Seconds {
  return seconds(Math.round(inSeconds(time)));
}

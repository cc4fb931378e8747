import { MINUTE_S, seconds } from '../kernel/time.ts';
import { span } from '../kernel/words.ts';
import { MAX_MINUTES } from '../leases/rules.ts';
import type { LeaseRequest } from '../leases/types.ts';
import { LICENSE_STATUSES, type LicenseStatus } from '../products/license-status.ts';

const STATUS_WORDS: Readonly<Record<LicenseStatus, string>> = {
  unlicensed: 'unlicensed',
  licensed: 'licensed',
  oob_grace: 'grace period',
  oot_grace: 'out of tolerance',
  non_genuine_grace: 'non-genuine',
  notification: 'notification',
  extended_grace: 'extended grace period',
};

/** What the client said of itself before the request: `licensed, 120 days left`. */
export function statusWords({ status, minutes }: Pick<LeaseRequest, 'status' | 'minutes'>): string {
  const known = LICENSE_STATUSES[status];
  const name = known === undefined ? `status ${status}` : STATUS_WORDS[known];
  return minutes > 0 && minutes <= MAX_MINUTES ? `${name}, ${span(seconds(minutes * MINUTE_S))} left` : name;
}

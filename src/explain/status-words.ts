import { MINUTE_S, seconds } from '../kernel/time.ts';
import { span } from '../kernel/words.ts';
import { MAX_MINUTES } from '../leases/rules.ts';
import type { LeaseRequest } from '../leases/types.ts';

/** Licence status by its number (Microsoft, Volume Activation Technical Reference, "KMS Client Events"). */
const STATUSES: readonly string[] = [
  'unlicensed',
  'licensed',
  'grace period',
  'out of tolerance',
  'non-genuine',
  'notification',
  'extended grace period',
];

/** What the client said of itself before the request: `licensed, 120 days left`. */
export function statusWords({ status, minutes }: Pick<LeaseRequest, 'status' | 'minutes'>): string {
  const name = STATUSES[status] ?? `status ${status}`;
  return minutes > 0 && minutes <= MAX_MINUTES ? `${name}, ${span(seconds(minutes * MINUTE_S))} left` : name;
}

import { millis, SECOND_MS } from '../../kernel/time.ts';
import { section } from '../expect.ts';
import { duration, flag, schedule, scheduleOrNever, wholeNumber } from '../values.ts';

export const ProbeSection = section({
  /** False: nothing is said of any port. */
  enabled: flag().default(true),
  schedule: schedule().default('* * * * *'),
  /** Milliseconds for a whole probe of one address. */
  timeout: duration('50ms', '1m').default(millis(5 * SECOND_MS)),
  /** Probes at a time. */
  concurrency: wholeNumber(1, 10_000).default(512),
  /** Empty: never. */
  impostor_schedule: scheduleOrNever().default('17 * * * *'),
}).prefault({});

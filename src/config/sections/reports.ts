import { DAY_MS, MINUTE_MS, millis, SECOND_MS } from '../../kernel/time.ts';
import { section } from '../expect.ts';
import { BESIDE, shorter } from '../rules.ts';
import { duration, schedule } from '../values.ts';

export const ReportsSection = section({
  schedule: schedule().default('*/5 * * * *'),
  /** Milliseconds for one report. */
  timeout: duration('1s', '10m').default(millis(30 * SECOND_MS)),
  /** Milliseconds after which a report says nothing of now. */
  stale_after: duration('1m', '30d').default(millis(15 * MINUTE_MS)),
})
  .superRefine(shorter('timeout', 'stale_after'), BESIDE)
  .prefault({});

export const ActivationsSection = section({
  /** Milliseconds: a host whose log was not heard from for this long is not believed to be idle. */
  stale_after: duration('1m', '365d').default(millis(3 * DAY_MS)),
}).prefault({});

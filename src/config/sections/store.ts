import { DAY_MS, millis } from '../../kernel/time.ts';
import { section } from '../expect.ts';
import { atMostOne, BESIDE } from '../rules.ts';
import { secretText } from '../secrets.ts';
import { duration, filePath, size } from '../values.ts';

export const StoreSection = section({
  /** The database; a relative path is one in the state folder (`resolveStatePath`). */
  path: filePath('/var/lib/kmswatch/kmswatch.db').default('kmswatch.db'),
  /** Milliseconds that records are kept: at least the 30 days for which a host counts a client. */
  history: duration('30d', '3650d').default(millis(400 * DAY_MS)),
}).prefault({});

/** Events and reports that are sent to the agent; off without a token. */
export const IngestSection = section({
  token: secretText('a token').optional(),
  token_file: filePath().optional(),
  /** Octets of one request: a saved log has 20 MiB by default. */
  max_body: size('1KiB', '1GiB').default(64 * 2 ** 20),
})
  .superRefine(atMostOne('token', 'token_file'), BESIDE)
  .prefault({});

import { hostsReading } from '../estate/log-reading.ts';
import { rfc3339OfSeconds } from '../kernel/time.ts';
import type { WebBackend } from './web-backend.ts';

/** The hosts whose history is still coming in, as last counted, which costs an answer nothing. */
export function readingJson(backend: Pick<WebBackend, 'logs'>) {
  return [...hostsReading(backend.logs())].map(([host, until]) => ({ host, until: rfc3339OfSeconds(until) }));
}

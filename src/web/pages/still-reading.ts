import { hostsReading } from '../../estate/log-reading.ts';
import type { HostName } from '../../kernel/host-name.ts';
import type { Seconds } from '../../kernel/time.ts';
import { type Html, html } from '../html.ts';
import type { WebBackend } from '../web-backend.ts';
import { fullTime } from './times.ts';
import { NOTHING } from './words.ts';

/** Hosts that are named. */
const SHOWN = 3;

/**
 * Says until when the logs are known that are still coming in; nothing if none is.
 * @param hosts those that are read, with the event time until which their history has come
 */
export function stillReading(hosts: ReadonlyMap<HostName, Seconds>, now: Seconds): Html {
  if (hosts.size === 0) return NOTHING;
  const oldest = [...hosts].toSorted(([, a], [, b]) => a - b);
  const shown = oldest.slice(0, SHOWN).map(([host, until]) => html`${host}, so far until ${fullTime(until, now)}`);
  const more = oldest.length - shown.length;
  const words = shown.map((one, index) => html`${index === 0 ? '' : '; '}${one}`);
  return html`<p>Still reading the log of ${words}${more === 0 ? '' : `; and ${more} more`}. Until it is read, leases and counts are those of a part of the log, and nothing is judged by them.</p>`;
}

/** The same by what was counted last. */
export function readingPart(backend: Pick<WebBackend, 'logs'>): Html {
  const logs = backend.logs();
  return stillReading(hostsReading(logs), logs.now);
}

import { instant, listed } from '../kernel/words.ts';
import type { HostReading } from '../leases/log-history.ts';
import type { ClientStory } from '../leases/story.ts';

/** Hosts that are named. */
const HOSTS_SHOWN = 3;

/**
 * Says that the logs that matter are still coming in, so that the next minute may take back what they tell; empty if they are
 * not. A machine that nobody knows yet may be in any of them.
 */
export function stillReading(story: ClientStory): string {
  const asked = story.kind === 'seen' ? new Set(story.requests.map(({ request }) => String(request.host))) : undefined;
  const reading = story.hosts.filter(({ host, reading }) => reading === true && (asked?.has(host) ?? true));
  return readingWords(reading);
}

/** Names the hosts whose history is still coming in; empty if there are none. */
export function readingWords(hosts: readonly HostReading[]): string {
  return hosts.length === 0 ? '' : `Still reading: ${listed(hosts.map(soFar), HOSTS_SHOWN)}.`;
}

function soFar({ host, lastRecord }: HostReading): string {
  return lastRecord === undefined ? `the log of ${host}` : `the log of ${host}, so far until ${instant(lastRecord)}`;
}

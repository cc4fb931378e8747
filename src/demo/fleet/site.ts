import type { FleetHost } from './fleet-host.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Of all requests, the share for which the first host does not answer in time, while it is up. */
const MISSED = 1 / 2000;

/**
 * The host that a client asks: the one with the lowest priority that is up; now and then the next one.
 * @param hosts of its domain, by priority
 * @param knows it was answered before and remembers where, so that it needs no DNS record
 */
export function chooseHost(
  hosts: readonly FleetHost[],
  time: number,
  knows: boolean,
  random: SeededRandom,
): FleetHost | undefined {
  const missed = random.chance(MISSED);
  const [first, second] = hosts.filter((host) => host.isUp(time) && (knows || host.isPublished(time)));
  return missed && second !== undefined ? second : first;
}

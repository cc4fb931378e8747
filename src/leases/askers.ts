import { firstPlace } from '../kernel/partition.ts';

/** A client's number, and when it asked. */
export type Asker = readonly [time: number, client: number];

/** Two clients show what a host is there for. */
const SERVED_CLIENTS = 2;

/**
 * Adds a request to those that tell since when at least two clients have asked: the last of two clients, and those that
 * are still to come, which may be very many while a clock is wrong. Order of arrival does not matter.
 * @param askers newest first; it is changed
 */
export function addAsker(askers: Asker[], asker: Asker, now: number): void {
  const [time] = asker;
  askers.splice(
    firstPlace(askers.length, (place) => (askers[place]?.[0] ?? 0) <= time),
    0,
    asker,
  );
  const past = firstPlace(askers.length, (place) => (askers[place]?.[0] ?? 0) <= now);
  const kept: Asker[] = [];
  for (let place = past; place < askers.length && kept.length < SERVED_CLIENTS; place++) {
    const other = askers[place];
    if (other !== undefined && kept[0]?.[1] !== other[1]) kept.push(other);
  }
  askers.splice(past, askers.length - past, ...kept);
}

/** How many clients, up to two, asked within a time up to now. */
export function countAskers(askers: readonly Asker[], since: number, now: number): number {
  return new Set(askers.filter(([time]) => time > since && time <= now).map(([, client]) => client)).size;
}

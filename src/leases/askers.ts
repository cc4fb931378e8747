/** A client's number, and when it asked. */
export type Asker = readonly [time: number, client: number];

/** Two clients show what a host is there for. */
export const SERVED_CLIENTS = 2;

/**
 * The newest requests that tell since when at least two clients have asked: the last of two clients, and those that are still
 * to come. Order does not matter.
 * @param askers newest first
 */
export function withAsker(askers: readonly Asker[], asker: Asker, now: number): readonly Asker[] {
  const [time, client] = asker;
  const [first] = askers;
  // In order, nearly always.
  if (first !== undefined && time >= first[0] && time <= now) {
    return first[1] === client ? [asker, ...askers.slice(1)] : [asker, first];
  }
  const all = [...askers, asker].sort((a, b) => b[0] - a[0]);
  const clients = new Set<number>();
  return all.filter(([at, no]) => {
    if (at > now) return true;
    if (clients.has(no) || clients.size === SERVED_CLIENTS) return false;
    clients.add(no);
    return true;
  });
}

/** How many clients, up to two, asked within a time up to now. */
export function countAskers(askers: readonly Asker[], since: number, now: number): number {
  return new Set(askers.filter(([time]) => time > since && time <= now).map(([, client]) => client)).size;
}

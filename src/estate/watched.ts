import type { LogsSnapshot } from './logs-snapshot.ts';
import type { EstateSnapshot } from './snapshot.ts';

/**
 * How much is watched: domains, hosts, and hosts that are known from their logs alone. At 0, all is green for lack of
 * anything to see. Undefined: nothing else is, and what the logs tell is not known yet.
 */
export function watchedCount({ domains, hosts }: EstateSnapshot, { aggregates }: LogsSnapshot): number | undefined {
  const known = domains.length + hosts.length;
  if (aggregates === undefined) return known === 0 ? undefined : known;
  const names = new Set([...hosts, ...aggregates.hosts, ...aggregates.reporting].map(({ host }) => host));
  return domains.length + names.size;
}

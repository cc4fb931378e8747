import type { HostName } from '../kernel/host-name.ts';
import type { SrvRecord } from './types.ts';

/** Gives the one name of a host for any of its names. */
export type Canonicalise = (name: HostName) => HostName;

/**
 * All records that any of the servers has, each once (by target, port, priority and weight) with its smallest TTL.
 * @returns sorted by target, port, priority and weight
 */
export function unionOfRecords(answers: readonly (readonly SrvRecord[])[]): readonly SrvRecord[] {
  const union = new Map<string, SrvRecord>();
  for (const record of answers.flat()) {
    const known = union.get(identity(record));
    if (known === undefined || record.ttl < known.ttl) union.set(identity(record), record);
  }
  return [...union.values()].sort(
    (a, b) => compare(a.target, b.target) || a.port - b.port || a.priority - b.priority || a.weight - b.weight,
  );
}

/** True when two servers that answered have not the same records. Order and TTL do not matter. */
export function serversDisagree(answers: readonly (readonly SrvRecord[])[]): boolean {
  return new Set(answers.map((records) => records.map(identity).sort().join('\n'))).size > 1;
}

/** The expected hosts that no record names, in the order and by the names in which they are expected. */
export function missingHosts(
  expected: readonly HostName[],
  records: readonly SrvRecord[],
  canonicalise: Canonicalise,
): HostName[] {
  const published = new Set(records.map(({ target }) => canonicalise(target)));
  return expected.filter((host) => !published.has(canonicalise(host)));
}

/** The records that name a host which is not expected. Only of use where hosts are expected at all. */
export function unexpectedRecords(
  expected: readonly HostName[],
  records: readonly SrvRecord[],
  canonicalise: Canonicalise,
): SrvRecord[] {
  const known = new Set(expected.map(canonicalise));
  return records.filter(({ target }) => !known.has(canonicalise(target)));
}

function identity({ target, port, priority, weight }: SrvRecord): string {
  return `${target} ${port} ${priority} ${weight}`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

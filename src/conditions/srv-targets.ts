import { endpointKey } from '../estate/sightings.ts';
import type { DomainSnapshot, EndpointSnapshot, EstateSnapshot, PublishedRecord } from '../estate/snapshot.ts';
import { formatHostPort } from '../kernel/address.ts';
import type { ProbeOutcome } from '../probe/types.ts';
import type { Finding } from './condition.ts';
import { ONLY_HOST, remedyFor } from './outcome-remedies.ts';
import type { ConditionSnapshot } from './snapshot.ts';

/** Outcomes of a target that cannot be KMS. A host that is merely down has a condition for that. */
const STALE_OUTCOMES: ReadonlySet<ProbeOutcome> = new Set(['unresolvable', 'not_kms', 'not_rpc']);

/** The probes of such targets, as Prometheus selects them. */
export const STALE_PROBES = `kms_host_probe_outcome{outcome=~"${[...STALE_OUTCOMES].join('|')}"} == 1`;

/** A published target has no address, by a name server's word, or is something else. */
export function recordStale({ estate }: ConditionSnapshot): readonly Finding[] {
  const probes = new Map(estate.endpoints.map(({ host, port, probe }) => [endpointKey(host, port), probe]));
  return estate.domains.flatMap((domain) =>
    // Two records that differ only in priority and weight lead to the same place.
    placesOf(domain).flatMap((record) => {
      const { host, target, port } = record;
      const probe = probes.get(endpointKey(host, port));
      if (probe === undefined || !STALE_OUTCOMES.has(probe.outcome)) return [];
      const fault = probe.outcome === 'unresolvable' ? 'which has no address' : 'which is not a KMS host';
      return [
        {
          subject: { domain: domain.name, host, port: String(port) },
          summary: `${domain.name} publishes ${formatHostPort(target, port, 1688)}${where(record)}, ${fault}: ${probe.detail}`,
          remedy: staleRemedy(record, probe.outcome),
        },
      ];
    }),
  );
}

/** Whether a host is known from DNS alone and its record is stale: then that is the fault, and not that it is down. */
export function isStaleStranger({ domains, hosts }: EstateSnapshot, endpoint: EndpointSnapshot): boolean {
  const { host, port, probe } = endpoint;
  if (probe === undefined || !STALE_OUTCOMES.has(probe.outcome)) return false;
  if (hosts.some((known) => known.host === host && known.expected)) return false;
  return domains.some(({ records }) => records.some((record) => record.host === host && record.port === port));
}

/** Hosts whose names nobody resolves: of them nothing is known. */
export function unresolvedHosts({ estate }: ConditionSnapshot): readonly Finding[] {
  return estate.endpoints.flatMap(({ host, port, probe }) => {
    if (probe?.outcome !== 'lookup_failed') return [];
    const records = estate.domains.flatMap((domain) =>
      domain.records.filter((record) => record.host === host && record.port === port),
    );
    const names = records.length === 0 ? [host] : records.map(({ target }) => target);
    return [
      {
        subject: { host, port: String(port) },
        summary: `No name server resolves ${formatHostPort(host, port, 1688)}: ${probe.detail}`,
        remedy: remedyFor('lookup_failed', names, records.length > 0),
      },
    ];
  });
}

/** Names the servers that publish a record where not all do. */
export function where({ servers, partial }: PublishedRecord): string {
  return partial ? ` (only at ${servers.join(', ')})` : '';
}

function placesOf({ records }: DomainSnapshot): readonly PublishedRecord[] {
  return [...new Map(records.map((record) => [endpointKey(record.host, record.port), record])).values()];
}

function staleRemedy(record: PublishedRecord, outcome: ProbeOutcome): string {
  if (record.partial) {
    return `Only ${record.servers.join(', ')} publishes this record, perhaps from an old copy of the zone: check its replication first.`;
  }
  if (outcome === 'unresolvable') return remedyFor(outcome, [record.target], true);
  return `Correct the target and port of the SRV record, or remove it if no KMS host is meant to be there. ${ONLY_HOST}`;
}

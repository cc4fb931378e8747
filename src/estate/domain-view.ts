import type { SrvAnswer, SrvRecord } from '../discovery/types.ts';
import type { HostName } from '../kernel/host-name.ts';
import { hostsUp } from './hosts-up.ts';
import type { Fold, WatchedDomain } from './settings.ts';
import { endpointKey } from './sightings.ts';
import type { DomainView, EndpointView, LookupView, PublishedRecord } from './view.ts';

export function domainView(
  domain: WatchedDomain,
  lookups: readonly LookupView[],
  fold: Fold,
  endpoints: readonly EndpointView[],
): DomainView {
  const answers = lookups.flatMap((lookup) => (lookup.answer === undefined ? [] : [lookup.answer]));
  const known = answers.length > 0;
  const records = unionOf(answers, fold);
  const expected = domain.expectedHosts?.map(fold);
  return {
    name: domain.name,
    expectedHosts: domain.expectedHosts,
    lookups,
    known,
    records,
    unexpected: expected === undefined ? [] : unexpectedOf(records, new Set(expected)),
    missing: known ? (expected ?? []).filter((host) => !records.some((record) => record.host === host)) : [],
    disagree: known ? disagree(answers) : undefined,
    ...countHosts(records, expected, known, endpoints),
  };
}

function unionOf(answers: readonly SrvAnswer[], fold: Fold): readonly PublishedRecord[] {
  const union = new Map<string, PublishedRecord>();
  for (const { target, port, priority, weight } of answers.flatMap((answer) => answer.records)) {
    const host = fold(target);
    union.set(`${endpointKey(host, port)} ${priority} ${weight}`, { host, target, port, priority, weight });
  }
  return [...union.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
}

function unexpectedOf(records: readonly PublishedRecord[], expected: ReadonlySet<HostName>): DomainView['unexpected'] {
  const strangers = new Map(
    records
      .filter((record) => !expected.has(record.host))
      .map(({ host, port }) => [endpointKey(host, port), { host, port }]),
  );
  return [...strangers.values()];
}

/** Whether servers differ in what they publish; the order of records and their TTL are no difference. */
function disagree(answers: readonly SrvAnswer[]): boolean {
  const text = (record: SrvRecord): string => `${record.target} ${record.port} ${record.priority} ${record.weight}`;
  return new Set(answers.map((answer) => answer.records.map(text).sort().join('\n'))).size > 1;
}

/**
 * A host counts as up in a domain at a port that the domain publishes; when it publishes none of an expected host,
 * at any port of that host.
 */
function countHosts(
  records: readonly PublishedRecord[],
  expected: readonly HostName[] | undefined,
  known: boolean,
  endpoints: readonly EndpointView[],
): { hostCount: number | undefined; hostsUp: number | undefined } {
  if (!known && expected === undefined) return { hostCount: undefined, hostsUp: undefined };
  const published = new Set(records.map((record) => record.host));
  const ports = new Set(records.map((record) => endpointKey(record.host, record.port)));
  const hosts = new Set([...published, ...(expected ?? [])]);
  const theirs = endpoints.filter((endpoint) =>
    published.has(endpoint.host) ? ports.has(endpointKey(endpoint.host, endpoint.port)) : hosts.has(endpoint.host),
  );
  return { hostCount: hosts.size, hostsUp: hostsUp(hosts, theirs) };
}

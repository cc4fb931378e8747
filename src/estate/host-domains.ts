import type { HostName } from '../kernel/host-name.ts';
import type { LogsSnapshot } from './logs-snapshot.ts';
import type { EstateSnapshot } from './snapshot.ts';

/** All hosts of which anything is known, each with the domains that publish or expect it: none, one or several. */
export function domainsOfHosts(
  { domains, hosts }: EstateSnapshot,
  { aggregates }: LogsSnapshot,
): ReadonlyMap<HostName, readonly HostName[]> {
  const known = new Map<HostName, HostName[]>();
  const { hosts: read = [], reporting = [], retrying = [], refused = [], failedRatios = [] } = aggregates ?? {};
  const named: readonly (readonly { readonly host: HostName }[])[] = [hosts, read, reporting, retrying, refused];
  for (const { host } of [...named, failedRatios].flat()) known.set(host, []);
  for (const domain of domains) {
    for (const host of domain.hosts) known.set(host, [...(known.get(host) ?? []), domain.name]);
  }
  return known;
}

/** Hosts that count for the estate: published, expected or configured. Undefined while what a domain publishes is not known. */
export function hostsOfEstate({ domains, hosts }: EstateSnapshot): readonly HostName[] | undefined {
  if (!domains.every((domain) => domain.known)) return undefined;
  return hosts.filter((host) => host.expected || host.published === true).map(({ host }) => host);
}

/** Characters; a label may have 512 by the limits that config/prometheus.example.yml sets. */
const LONGEST = 400;

/** The value of the label `hosts`: sorted, and cut with a number behind it if it would be too long. */
export function hostList(hosts: readonly HostName[]): string {
  const sorted = hosts.toSorted();
  const whole = sorted.join(', ');
  if (whole.length <= LONGEST) return whole;
  const fit = sorted.findIndex((_, index) => sorted.slice(0, index + 1).join(', ').length > LONGEST);
  return `${sorted.slice(0, fit).join(', ')} and ${sorted.length - fit} more`;
}

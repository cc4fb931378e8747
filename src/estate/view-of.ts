import type { Fold } from '../discovery/drift.ts';
import type { Endpoint } from '../kernel/address.ts';
import type { Millis } from '../kernel/time.ts';
import type { DomainBook } from './domain-book.ts';
import { domainView } from './domain-view.ts';
import type { EndpointBook } from './endpoint-book.ts';
import { hostsUp } from './hosts-up.ts';
import type { ReportBook } from './report-book.ts';
import type { EstateSettings } from './settings.ts';
import type { SubscriptionBook } from './subscription-book.ts';
import type { DomainView, EndpointView, EstateView, HostView } from './view.ts';

export interface Picture {
  readonly now: Millis;
  readonly settings: EstateSettings;
  readonly fold: Fold;
  readonly domains: DomainBook;
  readonly endpoints: EndpointBook;
  readonly reports: ReportBook;
  readonly subscriptions: SubscriptionBook;
  readonly targets: readonly Endpoint[];
}

export function viewOf(picture: Picture): EstateView {
  const { now, settings, fold } = picture;
  const endpoints = picture.targets.map((target) => picture.endpoints.view(target, now, settings.limits));
  const domains = settings.domains.map((domain) => {
    const lookups = settings.servers.map((server) =>
      picture.domains.view(domain.name, server, now, settings.limits.discovery),
    );
    return domainView(domain, lookups, fold, endpoints);
  });
  const hosts = hostViews(picture, domains, endpoints);
  return { at: now, domains, hosts, endpoints, ...totals(domains, hosts, endpoints) };
}

function totals(
  domains: readonly DomainView[],
  hosts: readonly HostView[],
  endpoints: readonly EndpointView[],
): Pick<EstateView, 'hostCount' | 'hostsUp'> {
  if (!domains.every((domain) => domain.known)) return { hostCount: undefined, hostsUp: undefined };
  const counted = new Set(hosts.filter((host) => host.expected || host.published === true).map((host) => host.host));
  return { hostCount: counted.size, hostsUp: hostsUp(counted, endpoints) };
}

function hostViews(
  { settings, fold, now, reports, subscriptions }: Picture,
  domains: readonly DomainView[],
  endpoints: readonly EndpointView[],
): readonly HostView[] {
  const published = new Set(domains.flatMap((domain) => domain.records.map((record) => record.host)));
  const expected = new Set([
    ...settings.hosts.map((host) => host.name),
    ...settings.domains.flatMap((domain) => domain.expectedHosts ?? []).map(fold),
  ]);
  // What one domain does not publish, another that is not known may: then nobody can say.
  const absence = domains.length > 0 && domains.every((domain) => domain.known) ? false : undefined;
  const names = new Set(endpoints.map((endpoint) => endpoint.host));
  return [...names].map((host) => ({
    host,
    published: published.has(host) ? true : absence,
    expected: expected.has(host),
    report: reports.view(host, now, settings.limits.reports),
    subscription: subscriptions.view(host),
  }));
}

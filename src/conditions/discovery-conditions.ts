import type { SrvRecord } from '../discovery/types.ts';
import { endpointKey } from '../estate/sightings.ts';
import type { DomainView, LookupView } from '../estate/view.ts';
import { formatHostPort } from '../kernel/address.ts';
import { HOUR_MS, MINUTE_MS, millis } from '../kernel/time.ts';
import type { ProbeOutcome } from '../probe/types.ts';
import type { Condition, Finding } from './condition.ts';
import { publishingFailed } from './dns-publishing.ts';
import { unlessStale } from './feed-promql.ts';
import type { Picture } from './picture.ts';
import { DNS_RUNBOOKS } from './runbooks/dns.ts';

export const DISCOVERY_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmsSrvRecordMissing',
    severity: 'critical',
    holdsWhen: 'every name server of a domain answers, and none has a record',
    group: 'dns',
    hold: millis(15 * MINUTE_MS),
    evaluate: noRecord,
    promql: `count without (server) (kms_dns_srv_records == 0 and kms_dns_lookup_success == 1)
==
count without (server) (kms_dns_lookups_total)`,
    summary: 'No name server has a KMS record for {{ $labels.domain }}',
    description:
      '_vlmcs._tcp.{{ $labels.domain }} has no SRV record at any of the {{ $value }} name servers asked, so that clients there find no host by DNS. On the KMS host run slmgr /sdns and restart sppsvc, or write the record by hand.',
    runbook: DNS_RUNBOOKS.KmsSrvRecordMissing,
  },
  {
    name: 'KmsSrvRecordMissing',
    severity: 'warning',
    holdsWhen: 'an expected host has no record',
    group: 'dns',
    hold: millis(15 * MINUTE_MS),
    evaluate: expectedMissing,
    promql: 'kms_dns_srv_record_missing == 1',
    summary: '{{ $labels.host }} is expected in {{ $labels.domain }} and has no SRV record there',
    description:
      'Clients of {{ $labels.domain }} do not find {{ $labels.host }}. Look for event 12293 in its log Application: often it may not change a record that another host owns.',
    runbook: DNS_RUNBOOKS.KmsSrvRecordMissing,
  },
  {
    name: 'KmsSrvRecordStale',
    severity: 'warning',
    holdsWhen: 'a published target does not resolve, or is not KMS',
    group: 'dns',
    hold: HOUR_MS,
    evaluate: recordStale,
    promql: `max without (priority, weight) (kms_dns_srv_record_info)
and ignoring (domain, outcome)
(kms_host_probe_outcome{outcome=~"unresolvable|not_kms|not_rpc"} == 1)`,
    summary: '{{ $labels.domain }} publishes {{ $labels.host }}:{{ $labels.port }}, which is no KMS host',
    description:
      'The target does not resolve, or something else than KMS answers there; clients that pick it lose time. Remove the SRV record, or correct its target and port.',
    runbook: DNS_RUNBOOKS.KmsSrvRecordStale,
  },
  {
    name: 'KmsSrvRecordUnexpected',
    severity: 'warning',
    holdsWhen: 'a published record is not of an expected host',
    group: 'dns',
    hold: millis(15 * MINUTE_MS),
    evaluate: recordUnexpected,
    promql: 'kms_dns_srv_record_unexpected == 1',
    summary: '{{ $labels.domain }} publishes {{ $labels.host }}:{{ $labels.port }}, which is not expected',
    description:
      'Clients of {{ $labels.domain }} may activate there. Find out who published it: add it to expected_hosts, or remove its record and its host key.',
    runbook: DNS_RUNBOOKS.KmsSrvRecordUnexpected,
  },
  {
    name: 'KmsDnsServersDisagree',
    severity: 'warning',
    holdsWhen: 'the name servers of a domain answer differently',
    group: 'dns',
    hold: millis(4 * HOUR_MS),
    evaluate: serversDisagree,
    promql: 'kms_dns_servers_disagree == 1',
    summary: 'Name servers disagree about the KMS records of {{ $labels.domain }}',
    description:
      'For longer than replication takes, clients see different hosts depending on whom they ask. kmswatch check --domain {{ $labels.domain }} shows which server has what; then repadmin /replsummary and dcdiag /test:dns.',
    runbook: DNS_RUNBOOKS.KmsDnsServersDisagree,
  },
  {
    name: 'KmsDnsLookupFailing',
    severity: 'warning',
    holdsWhen: 'a name server does not answer for a domain',
    group: 'dns',
    hold: millis(15 * MINUTE_MS),
    evaluate: lookupFailing,
    promql: 'kms_dns_lookup_success == 0',
    summary: 'Name server {{ $labels.server }} does not answer for {{ $labels.domain }}',
    description:
      'Lookups of _vlmcs._tcp.{{ $labels.domain }} fail there; kms_dns_lookup_failures_total says why. Check that it is up, serves or forwards the zone, and takes queries from the agent on UDP and TCP 53.',
    runbook: DNS_RUNBOOKS.KmsDnsLookupFailing,
  },
  {
    name: 'KmsDnsPublishingFailed',
    severity: 'warning',
    holdsWhen: 'the last try of a host to publish itself failed; or it is not to, and is not published',
    group: 'dns',
    hold: millis(0),
    evaluate: publishingFailed,
    promql: `(
  max without (result) (kms_host_dns_publish_timestamp_seconds{result="failure"})
  unless
  max without (result) (kms_host_dns_publish_timestamp_seconds{result="success"})
    >= max without (result) (kms_host_dns_publish_timestamp_seconds{result="failure"})
  ${unlessStale}
)
or
(kms_host_dns_publishing == 0 and kms_host_published == 0)`,
    summary: '{{ $labels.host }} does not publish itself in DNS{{ if $labels.domain }} ({{ $labels.domain }}){{ end }}',
    description:
      '{{ if $labels.domain }}Its last attempt to write its SRV record in {{ $labels.domain }} failed (event 12293), and none succeeded since; the record is scavenged in a week or two. Give the host the right to change the record.{{ else }}Publishing is switched off on it, and no watched domain has a record of it. Run slmgr /sdns there and restart sppsvc, or write the record by hand.{{ end }}',
    runbook: DNS_RUNBOOKS.KmsDnsPublishingFailed,
  },
];

/** A target that cannot be KMS; a host that is merely down is another condition's. */
const STALE_OUTCOMES: ReadonlySet<ProbeOutcome> = new Set(['unresolvable', 'not_kms', 'not_rpc']);

function noRecord({ estate }: Picture): readonly Finding[] {
  return estate.domains.filter(answersWithoutRecords).map((domain) => ({
    subject: { domain: domain.name },
    summary: `No name server has a KMS record for ${domain.name} (_vlmcs._tcp.${domain.name})`,
    remedy:
      'Clients there find no host by DNS: on the KMS host run slmgr /sdns and restart sppsvc, or write the SRV record by hand.',
  }));
}

function expectedMissing({ estate }: Picture): readonly Finding[] {
  return estate.domains.flatMap((domain) =>
    domain.missing.map((host) => ({
      subject: { domain: domain.name, host },
      summary: `${host} is expected in ${domain.name} and has no SRV record there`,
      remedy: 'Check event 12293 on that host: often it may not change a record that another host owns.',
    })),
  );
}

/** Every server has to have answered: one that is silent may know a record. */
function answersWithoutRecords(domain: DomainView): boolean {
  const answers = domain.lookups.map((lookup) => (lookup.last?.failure === undefined ? lookup.answer : undefined));
  return answers.length > 0 && answers.every((answer) => answer !== undefined && answer.records.length === 0);
}

function recordStale({ estate }: Picture): readonly Finding[] {
  const probes = new Map(estate.endpoints.map(({ host, port, probe }) => [endpointKey(host, port), probe]));
  return estate.domains.flatMap((domain) => {
    // Two records that differ in priority and weight alone are one place.
    const places = new Map(domain.records.map((record) => [endpointKey(record.host, record.port), record]));
    return [...places].flatMap(([key, { host, target, port }]) => {
      const probe = probes.get(key);
      if (probe === undefined || !STALE_OUTCOMES.has(probe.outcome)) return [];
      return [
        {
          subject: { domain: domain.name, host, port: String(port) },
          summary: `${domain.name} publishes ${formatHostPort(target, port, 1688)}, and that is no KMS host: ${probe.detail}`,
          remedy: 'Remove the record from DNS, or correct its target and port; clients that pick it lose time.',
        },
      ];
    });
  });
}

function recordUnexpected({ estate }: Picture): readonly Finding[] {
  return estate.domains.flatMap((domain) =>
    domain.unexpected.map(({ host, port }) => ({
      subject: { domain: domain.name, host, port: String(port) },
      summary: `${domain.name} publishes ${formatHostPort(host, port, 1688)}, which is not among its expected hosts`,
      remedy: 'Find out who published it: add it to expected_hosts, or remove its record and its host key.',
    })),
  );
}

function serversDisagree({ estate }: Picture): readonly Finding[] {
  return estate.domains
    .filter((domain) => domain.disagree === true)
    .map((domain) => ({
      subject: { domain: domain.name },
      summary: `Name servers disagree about the KMS records of ${domain.name}: ${comparison(domain)}`,
      remedy: 'Wait for replication; if it lasts, compare the zones (repadmin /replsummary, dcdiag /test:dns).',
    }));
}

/** Each server with the records that not all have. */
function comparison(domain: DomainView): string {
  const answers = domain.lookups.flatMap(({ server, answer }) =>
    answer === undefined ? [] : [{ server, records: answer.records.map(recordText) }],
  );
  const common = (record: string): boolean => answers.every(({ records }) => records.includes(record));
  return answers
    .map(({ server, records }) => {
      const own = records.filter((record) => !common(record));
      return own.length === 0 ? `${server} has nothing beside what all have` : `${server} alone has ${own.join(', ')}`;
    })
    .join('; ');
}

function recordText({ priority, weight, port, target }: SrvRecord): string {
  return `${priority} ${weight} ${port} ${target}`;
}

function lookupFailing({ estate }: Picture): readonly Finding[] {
  return estate.domains.flatMap((domain) =>
    domain.lookups.flatMap((lookup) => (lookup.last?.failure === undefined ? [] : [failing(domain, lookup)])),
  );
}

function failing(domain: DomainView, lookup: LookupView): Finding {
  return {
    subject: { domain: domain.name, server: lookup.server },
    summary: `Name server ${lookup.server} does not answer for ${domain.name}: ${lookup.last?.failure?.detail ?? ''}`,
    remedy: 'Check that it is up, serves or forwards this zone, and takes queries from here on UDP and TCP 53.',
  };
}

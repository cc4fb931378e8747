import type { SrvRecord } from '../discovery/types.ts';
import { endpointKey } from '../estate/sightings.ts';
import type { DomainSnapshot, LookupSnapshot } from '../estate/snapshot.ts';
import { formatHostPort } from '../kernel/address.ts';
import { HOUR_MS, MINUTE_MS, millis } from '../kernel/time.ts';
import type { ProbeOutcome } from '../probe/types.ts';
import type { Condition, Finding } from './condition.ts';
import { publishingFailed, REFUSED_REMEDY, SWITCHED_OFF_REMEDY } from './dns-publishing.ts';
import { unlessStale } from './feed-promql.ts';
import { DNS_RUNBOOKS } from './runbooks/dns.ts';
import type { ConditionSnapshot } from './snapshot.ts';

export const DISCOVERY_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmsSrvRecordMissing',
    severity: 'critical',
    holdsWhen: 'every name server of a domain answers, but none has a record',
    group: 'dns',
    hold: millis(15 * MINUTE_MS),
    evaluate: noRecord,
    promql: `count without (server) (kms_dns_srv_records == 0 and kms_dns_lookup_success == 1)
==
count without (server) (kms_dns_lookups_total)`,
    summary: 'No name server has a KMS record for {{ $labels.domain }}',
    meaning:
      '_vlmcs._tcp.{{ $labels.domain }} has no SRV record on any of the {{ $value }} name servers asked, so clients there cannot find a host through DNS.',
    remedy: 'On the KMS host, run slmgr /sdns and restart sppsvc, or create the SRV record by hand.',
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
    summary: '{{ $labels.host }} is expected in {{ $labels.domain }} but has no SRV record there',
    meaning: 'Clients of {{ $labels.domain }} cannot find {{ $labels.host }} through DNS.',
    remedy:
      'Look for event 12293 in the Application log of {{ $labels.host }}. Often the host has no right to change a record that another host owns.',
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
    summary: '{{ $labels.domain }} publishes {{ $labels.host }}:{{ $labels.port }}, which is not a KMS host',
    meaning: 'The target does not resolve, or something other than KMS answers there. Clients that pick it lose time.',
    remedy: 'Remove the SRV record, or correct its target and port.',
    runbook: DNS_RUNBOOKS.KmsSrvRecordStale,
  },
  {
    name: 'KmsSrvRecordUnexpected',
    severity: 'warning',
    holdsWhen: 'a published record belongs to a host that is not expected',
    group: 'dns',
    hold: millis(15 * MINUTE_MS),
    evaluate: recordUnexpected,
    promql: 'kms_dns_srv_record_unexpected == 1',
    summary: '{{ $labels.domain }} publishes {{ $labels.host }}:{{ $labels.port }}, which is not an expected host',
    meaning: 'Clients of {{ $labels.domain }} may be activated there.',
    remedy: 'Find out who published it. Then add the host to expected_hosts, or remove its record and its host key.',
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
    summary: 'The name servers of {{ $labels.domain }} disagree about its KMS records',
    meaning:
      'For longer than replication takes, clients have seen different hosts depending on the name server they ask.',
    remedy:
      'kmswatch check --domain {{ $labels.domain }} shows what each server has. repadmin /replsummary and dcdiag /test:dns show whether replication works.',
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
    meaning:
      'Lookups of _vlmcs._tcp.{{ $labels.domain }} fail there. kms_dns_lookup_failures_total counts them by reason.',
    remedy:
      'Check that the server is up, that it serves or forwards this zone, and that it accepts queries from the agent on UDP and TCP port 53.',
    runbook: DNS_RUNBOOKS.KmsDnsLookupFailing,
  },
  {
    name: 'KmsDnsPublishingFailed',
    severity: 'warning',
    holdsWhen: 'a host last failed to publish itself, or has publishing switched off and no record',
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
    meaning:
      '{{ if $labels.domain }}Its last attempt to write its SRV record in {{ $labels.domain }} failed (event 12293), and none has succeeded since. DNS scavenging removes the record in a week or two.{{ else }}Publishing is switched off on this host, and no watched domain has a record of it.{{ end }}',
    remedy: `{{ if $labels.domain }}${REFUSED_REMEDY}{{ else }}${SWITCHED_OFF_REMEDY}{{ end }}`,
    runbook: DNS_RUNBOOKS.KmsDnsPublishingFailed,
  },
];

/** Outcomes of a target that cannot be KMS. A host that is merely down has a condition for that. */
const STALE_OUTCOMES: ReadonlySet<ProbeOutcome> = new Set(['unresolvable', 'not_kms', 'not_rpc']);

function noRecord({ estate }: ConditionSnapshot): readonly Finding[] {
  return estate.domains.filter(answersWithoutRecords).map((domain) => ({
    subject: { domain: domain.name },
    summary: `No name server has a KMS record for ${domain.name} (_vlmcs._tcp.${domain.name})`,
  }));
}

function expectedMissing({ estate }: ConditionSnapshot): readonly Finding[] {
  return estate.domains.flatMap((domain) =>
    domain.missing.map((host) => ({
      subject: { domain: domain.name, host },
      summary: `${host} is expected in ${domain.name} but has no SRV record there`,
    })),
  );
}

/** Every server must have answered: a silent one may have a record. */
function answersWithoutRecords(domain: DomainSnapshot): boolean {
  const answers = domain.lookups.map((lookup) => (lookup.last?.failure === undefined ? lookup.answer : undefined));
  return answers.length > 0 && answers.every((answer) => answer !== undefined && answer.records.length === 0);
}

function recordStale({ estate }: ConditionSnapshot): readonly Finding[] {
  const probes = new Map(estate.endpoints.map(({ host, port, probe }) => [endpointKey(host, port), probe]));
  return estate.domains.flatMap((domain) => {
    // Two records that differ only in priority and weight lead to the same place.
    const places = new Map(domain.records.map((record) => [endpointKey(record.host, record.port), record]));
    return [...places].flatMap(([key, { host, target, port }]) => {
      const probe = probes.get(key);
      if (probe === undefined || !STALE_OUTCOMES.has(probe.outcome)) return [];
      return [
        {
          subject: { domain: domain.name, host, port: String(port) },
          summary: `${domain.name} publishes ${formatHostPort(target, port, 1688)}, which is not a KMS host: ${probe.detail}`,
        },
      ];
    });
  });
}

function recordUnexpected({ estate }: ConditionSnapshot): readonly Finding[] {
  return estate.domains.flatMap((domain) =>
    domain.unexpected.map(({ host, port }) => ({
      subject: { domain: domain.name, host, port: String(port) },
      summary: `${domain.name} publishes ${formatHostPort(host, port, 1688)}, which is not among its expected hosts`,
    })),
  );
}

function serversDisagree({ estate }: ConditionSnapshot): readonly Finding[] {
  return estate.domains
    .filter((domain) => domain.disagree === true)
    .map((domain) => ({
      subject: { domain: domain.name },
      summary: `The name servers of ${domain.name} disagree about its KMS records: ${comparison(domain)}`,
    }));
}

/** Each server with the records that not all of them have. */
function comparison(domain: DomainSnapshot): string {
  const answers = domain.lookups.flatMap(({ server, answer }) =>
    answer === undefined ? [] : [{ server, records: answer.records.map(recordText) }],
  );
  const common = (record: string): boolean => answers.every(({ records }) => records.includes(record));
  return answers
    .map(({ server, records }) => {
      const own = records.filter((record) => !common(record));
      return own.length === 0 ? `${server} has only the common records` : `${server} alone has ${own.join(', ')}`;
    })
    .join('; ');
}

function recordText({ priority, weight, port, target }: SrvRecord): string {
  return `${priority} ${weight} ${port} ${target}`;
}

function lookupFailing({ estate }: ConditionSnapshot): readonly Finding[] {
  return estate.domains.flatMap((domain) =>
    domain.lookups.flatMap((lookup) => (lookup.last?.failure === undefined ? [] : [failing(domain, lookup)])),
  );
}

function failing(domain: DomainSnapshot, lookup: LookupSnapshot): Finding {
  return {
    subject: { domain: domain.name, server: lookup.server },
    summary: `Name server ${lookup.server} does not answer for ${domain.name}: ${lookup.last?.failure?.detail ?? ''}`,
  };
}

import type { DomainSnapshot, LookupSnapshot } from '../estate/snapshot.ts';
import { formatHostPort } from '../kernel/address.ts';
import { HOUR_MS, MINUTE_MS, millis } from '../kernel/time.ts';
import type { Condition, Finding } from './condition.ts';
import { publishingFailed, REFUSED_REMEDY, SWITCHED_OFF_REMEDY } from './dns-publishing.ts';
import { PARTIAL_RECORDS, UNPUBLISHED_HOSTS } from './evidence.ts';
import { unlessStale } from './feed-promql.ts';
import { noRecord } from './missing-records.ts';
import { ONLY_HOST, OUTCOME_REMEDIES } from './outcome-remedies.ts';
import { besidesPartial, PARTIAL } from './partial-records.ts';
import { DNS_RUNBOOKS } from './runbooks/dns.ts';
import { partialDown, serversDisagree } from './server-differences.ts';
import type { ConditionSnapshot } from './snapshot.ts';
import { recordStale, STALE_PROBES, unresolvedHosts, where } from './srv-targets.ts';

const SILENT_REMEDY =
  'Check that the server is up, that it serves or forwards this zone, and that it accepts queries from the agent on UDP and TCP port 53.';

export const DISCOVERY_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmsSrvRecordMissing',
    severity: 'critical',
    holdsWhen: 'a name server of a domain answers, and none that does has a record',
    group: 'dns',
    hold: millis(15 * MINUTE_MS),
    evaluate: noRecord,
    promql: 'max without (server) (kms_dns_srv_records and kms_dns_lookup_success == 1) == 0',
    summary: 'No name server has a KMS record for {{ $labels.domain }}',
    meaning:
      '_vlmcs._tcp.{{ $labels.domain }} has no SRV record on any name server that answers, so clients there cannot find a host through DNS.',
    evidence: UNPUBLISHED_HOSTS,
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
  ...besidesPartial({
    name: 'KmsSrvRecordStale',
    severity: 'warning',
    holdsWhen: 'a published target has no address, by the word of a name server, or is not KMS',
    group: 'dns',
    hold: HOUR_MS,
    keepFiring: millis(15 * MINUTE_MS),
    evaluate: recordStale,
    promql: `max without (priority, weight) (kms_dns_srv_record_info)
and ignoring (domain, outcome)
(${STALE_PROBES})`,
    summary: '{{ $labels.domain }} publishes {{ $labels.host }}:{{ $labels.port }}, which is not a KMS host',
    meaning: 'The target has no address, or something other than KMS answers there. Clients that pick it lose time.',
    remedy:
      'kmswatch check --domain {{ $labels.domain }} shows which it is, and whether to correct or remove the record.',
    runbook: DNS_RUNBOOKS.KmsSrvRecordStale,
  }),
  ...besidesPartial({
    name: 'KmsSrvRecordUnexpected',
    severity: 'warning',
    holdsWhen: 'a published record belongs to a host that is not expected',
    group: 'dns',
    hold: millis(15 * MINUTE_MS),
    keepFiring: millis(15 * MINUTE_MS),
    evaluate: recordUnexpected,
    promql: 'kms_dns_srv_record_unexpected == 1',
    summary: '{{ $labels.domain }} publishes {{ $labels.host }}:{{ $labels.port }}, which is not an expected host',
    meaning: 'Clients of {{ $labels.domain }} may be activated there.',
    remedy: `Find out who published it. Then add the host to expected_hosts, or remove its record and its host key. ${ONLY_HOST}`,
    runbook: DNS_RUNBOOKS.KmsSrvRecordUnexpected,
  }),
  {
    name: 'KmsDnsServersDisagree',
    severity: 'warning',
    holdsWhen: 'the name servers of a domain answer differently',
    group: 'dns',
    hold: millis(4 * HOUR_MS),
    keepFiring: millis(15 * MINUTE_MS),
    evaluate: serversDisagree,
    promql: 'kms_dns_servers_disagree == 1',
    evidence: PARTIAL_RECORDS,
    summary: 'The name servers of {{ $labels.domain }} disagree about its KMS records',
    meaning:
      'For longer than replication takes, clients have seen different hosts depending on the name server they ask.',
    remedy:
      'kmswatch check --domain {{ $labels.domain }} shows what each server has. repadmin /replsummary and dcdiag /test:dns show whether replication works.',
    runbook: DNS_RUNBOOKS.KmsDnsServersDisagree,
  },
  {
    name: 'KmsDnsServersDisagree',
    severity: 'warning',
    variant: 'down',
    holdsWhen: 'the name servers of a domain answer differently, and a host that only some of them publish is not up',
    group: 'dns',
    hold: millis(5 * MINUTE_MS),
    keepFiring: millis(15 * MINUTE_MS),
    evaluate: partialDown,
    promql: `kms_dns_servers_disagree == 1
and on (job, site, instance, domain)
(kms_dns_srv_record_partial and on (job, site, instance, host, port) (kms_host_up == 0))`,
    labels: PARTIAL,
    evidence: PARTIAL_RECORDS,
    summary: 'Only some name servers of {{ $labels.domain }} publish a KMS host that is not up',
    meaning:
      'Clients that ask these name servers look for a host that does not answer. Often one of them has an old copy of the zone.',
    remedy:
      'kmswatch check --domain {{ $labels.domain }} shows what each server has. Check the replication of those that publish the host (repadmin /replsummary, dcdiag /test:dns) before you bring it back or remove its record.',
    runbook: DNS_RUNBOOKS.KmsDnsServersDisagree,
  },
  {
    name: 'KmsDnsLookupFailing',
    severity: 'warning',
    holdsWhen: 'a name server does not answer for a domain, or none resolves the name of a host',
    group: 'dns',
    hold: millis(15 * MINUTE_MS),
    keepFiring: millis(15 * MINUTE_MS),
    evaluate: lookupFailing,
    promql: `kms_dns_lookup_success == 0
or
max without (outcome) (kms_host_probe_outcome{outcome="lookup_failed"}) == 1`,
    summary:
      '{{ if $labels.server }}Name server {{ $labels.server }} does not answer for {{ $labels.domain }}{{ else }}No name server resolves {{ $labels.host }}{{ end }}',
    meaning:
      '{{ if $labels.server }}Lookups of _vlmcs._tcp.{{ $labels.domain }} fail there: kmswatch check --domain {{ $labels.domain }} shows how.{{ else }}Nobody answers for the address of {{ $labels.host }}, so it is neither up nor down.{{ end }}',
    remedy: `{{ if $labels.server }}${SILENT_REMEDY}{{ else }}${OUTCOME_REMEDIES.lookup_failed}{{ end }}`,
    runbook: DNS_RUNBOOKS.KmsDnsLookupFailing,
  },
  {
    name: 'KmsDnsPublishingFailed',
    severity: 'warning',
    holdsWhen: 'a host last failed to publish itself, or has publishing switched off and no record',
    group: 'dns',
    hold: millis(15 * MINUTE_MS),
    evaluate: publishingFailed,
    promql: `(
  max without (result) (kms_host_dns_publish_timestamp_seconds{result="failure"})
  unless
  max without (result) (kms_host_dns_publish_timestamp_seconds{result="success"})
    >= max without (result) (kms_host_dns_publish_timestamp_seconds{result="failure"})
  ${unlessStale}
)
or
label_replace(
  kms_domain_host_info
  * on (job, site, instance, host) group_left ()
  (kms_host_dns_publishing == 0 and kms_host_published == 0),
  "publishing", "off", "", ""
)`,
    summary: '{{ $labels.host }} does not publish itself in DNS{{ if $labels.domain }} ({{ $labels.domain }}){{ end }}',
    meaning:
      '{{ if ne $labels.publishing "off" }}Its last attempt to write its SRV record in {{ $labels.domain }} failed (event 12293), and none has succeeded since. Where DNS scavenging is on, it removes the record in a week or two.{{ else }}Publishing is switched off on this host, and no watched domain has a record of it.{{ end }}',
    remedy: `{{ if ne $labels.publishing "off" }}${REFUSED_REMEDY}{{ else }}${SWITCHED_OFF_REMEDY}{{ end }}`,
    runbook: DNS_RUNBOOKS.KmsDnsPublishingFailed,
  },
];

function expectedMissing({ estate }: ConditionSnapshot): readonly Finding[] {
  return estate.domains.flatMap((domain) =>
    domain.missing.map((host) => ({
      subject: { domain: domain.name, host },
      summary: `${host} is expected in ${domain.name} but has no SRV record there`,
    })),
  );
}

function recordUnexpected({ estate }: ConditionSnapshot): readonly Finding[] {
  return estate.domains.flatMap((domain) =>
    domain.unexpected.map(({ host, port }) => {
      const record = domain.records.find((each) => each.host === host && each.port === port);
      const servers = record === undefined ? '' : where(record);
      return {
        subject: { domain: domain.name, host, port: String(port) },
        summary: `${domain.name} publishes ${formatHostPort(host, port, 1688)}${servers}, which is not among its expected hosts`,
      };
    }),
  );
}

function lookupFailing(snapshot: ConditionSnapshot): readonly Finding[] {
  const silent = snapshot.estate.domains.flatMap((domain) =>
    domain.lookups.flatMap((lookup) => (lookup.last?.failure === undefined ? [] : [failing(domain, lookup)])),
  );
  return [...silent, ...unresolvedHosts(snapshot)];
}

function failing(domain: DomainSnapshot, lookup: LookupSnapshot): Finding {
  return {
    subject: { domain: domain.name, server: lookup.server },
    summary: `Name server ${lookup.server} does not answer for ${domain.name}: ${lookup.last?.failure?.detail ?? ''}`,
    remedy: SILENT_REMEDY,
  };
}

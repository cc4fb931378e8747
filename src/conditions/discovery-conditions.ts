import type { SrvRecord } from '../discovery/types.ts';
import type { DomainView, EstateView, LookupView } from '../estate/view.ts';
import { formatHostPort } from '../kernel/address.ts';
import { HOUR, MINUTE } from '../kernel/duration.ts';
import type { ProbeOutcome } from '../probe/types.ts';
import type { Condition, Finding } from './condition.ts';

export const DISCOVERY_CONDITIONS: readonly Condition[] = [
  { name: 'KmsSrvRecordMissing', severity: 'critical', hold: 15 * MINUTE, evaluate: recordMissing },
  { name: 'KmsSrvRecordStale', severity: 'warning', hold: HOUR, evaluate: recordStale },
  { name: 'KmsSrvRecordUnexpected', severity: 'warning', hold: 15 * MINUTE, evaluate: recordUnexpected },
  { name: 'KmsDnsServersDisagree', severity: 'warning', hold: 4 * HOUR, evaluate: serversDisagree },
  { name: 'KmsDnsLookupFailing', severity: 'warning', hold: 15 * MINUTE, evaluate: lookupFailing },
];

/** A target that cannot be KMS; a host that is merely down is another condition's. */
const STALE_OUTCOMES: ReadonlySet<ProbeOutcome> = new Set(['unresolvable', 'not_kms', 'not_rpc']);

function recordMissing(view: EstateView): readonly Finding[] {
  const empty = view.domains.filter(answersWithoutRecords).map((domain) => ({
    subject: { domain: domain.name },
    summary: `No name server has a KMS record for ${domain.name} (_vlmcs._tcp.${domain.name})`,
    remedy:
      'Clients there find no host by DNS: on the KMS host run slmgr /sdns and restart sppsvc, or write the SRV record by hand.',
  }));
  const missing = view.domains.flatMap((domain) =>
    domain.missing.map((host) => ({
      severity: 'warning' as const,
      subject: { domain: domain.name, host },
      summary: `${host} is expected in ${domain.name} and has no SRV record there`,
      remedy: 'Check event 12293 on that host: often it may not change a record that another host owns.',
    })),
  );
  return [...empty, ...missing];
}

/** Every server has to have answered: one that is silent may know a record. */
function answersWithoutRecords(domain: DomainView): boolean {
  const answers = domain.lookups.map((lookup) => (lookup.last?.failure === undefined ? lookup.answer : undefined));
  return answers.length > 0 && answers.every((answer) => answer !== undefined && answer.records.length === 0);
}

function recordStale(view: EstateView): readonly Finding[] {
  return view.domains.flatMap((domain) =>
    domain.records.flatMap(({ host, target, port }) => {
      const probe = view.endpoints.find((endpoint) => endpoint.host === host && endpoint.port === port)?.probe;
      if (probe === undefined || !STALE_OUTCOMES.has(probe.outcome)) return [];
      return [
        {
          subject: { domain: domain.name, host, port: String(port) },
          summary: `${domain.name} publishes ${formatHostPort(target, port, 1688)}, and that is no KMS host: ${probe.detail}`,
          remedy: 'Remove the record from DNS, or correct its target and port; clients that pick it lose time.',
        },
      ];
    }),
  );
}

function recordUnexpected(view: EstateView): readonly Finding[] {
  return view.domains.flatMap((domain) =>
    domain.unexpected.map(({ host, port }) => ({
      subject: { domain: domain.name, host, port: String(port) },
      summary: `${domain.name} publishes ${formatHostPort(host, port, 1688)}, which is not among its expected hosts`,
      remedy: 'Find out who published it: add it to expected_hosts, or remove its record and its host key.',
    })),
  );
}

function serversDisagree(view: EstateView): readonly Finding[] {
  return view.domains
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

function lookupFailing(view: EstateView): readonly Finding[] {
  return view.domains.flatMap((domain) =>
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

import { HOUR_MS, millis } from '../kernel/time.ts';
import type { Condition, Finding } from './condition.ts';
import type { ConditionSnapshot } from './snapshot.ts';

/** Longer than replication takes between name servers. */
const REPLICATED = millis(4 * HOUR_MS);

/** On every alert about records that only some name servers have. */
export const PARTIAL = { partial: 'yes' } as const;

const RECORD = 'job, site, instance, domain, host, port';

/**
 * A condition about published hosts, once for the records that all name servers have, and once for those that only some
 * have: these wait as long as replication takes, and have a label by which the disagreement explains them.
 */
export function besidesPartial(condition: Condition): readonly Condition[] {
  const holdsWhen = `${condition.holdsWhen}; for a record that only some name servers have`;
  return [
    { ...condition, partial: 'none' },
    { ...condition, partial: 'only', variant: 'partial', labels: PARTIAL, holdsWhen, hold: REPLICATED },
  ];
}

/** The findings of one of the two. */
export function ofPartial(
  findings: readonly Finding[],
  partial: Condition['partial'],
  { estate }: ConditionSnapshot,
): readonly Finding[] {
  if (partial === undefined) return findings;
  const records = new Set(
    estate.domains.flatMap(({ name, records: all }) =>
      all.filter((record) => record.partial).map(({ host, port }) => `${name} ${host} ${port}`),
    ),
  );
  const isPartial = ({ subject }: Finding) => records.has(`${subject['domain']} ${subject['host']} ${subject['port']}`);
  if (partial === 'none') return findings.filter((finding) => !isPartial(finding));
  return findings.filter(isPartial).map((finding) => ({ ...finding, subject: { ...finding.subject, ...PARTIAL } }));
}

/** The same of an expression whose series have the labels of a record. */
export function promqlOfPartial(promql: string, partial: Condition['partial']): string {
  if (partial === undefined) return promql;
  const body = `(\n${promql.replace(/^/gm, '  ')}\n)`;
  if (partial === 'none') return `${body}\nunless on (${RECORD}) kms_dns_srv_record_partial`;
  return `${body}\nand on (${RECORD}) kms_dns_srv_record_partial`;
}

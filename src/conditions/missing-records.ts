import type { RecordFlaw } from '../discovery/types.ts';
import type { DomainSnapshot } from '../estate/snapshot.ts';
import { listed } from '../kernel/words.ts';
import type { Finding } from './condition.ts';
import type { ConditionSnapshot } from './snapshot.ts';

/** Domains without a record that clients can use, on every server that answers. */
export function noRecord({ estate }: ConditionSnapshot): readonly Finding[] {
  const unpublished = estate.hosts.filter(({ published }) => published === false).map(({ host }) => host);
  const names = listed(unpublished.toSorted(), MOST_TOLD);
  return estate.domains.filter(answersWithoutRecords).map((domain) => {
    const [flaw] = domain.lookups.flatMap(({ answer }) => answer?.flaws ?? []);
    const subject = { domain: domain.name };
    if (flaw !== undefined) return { subject, ...flawed(domain.name, flaw, names) };
    return {
      subject,
      summary: `No name server has a KMS record for ${domain.name} (_vlmcs._tcp.${domain.name})`,
      ...(names === '' ? {} : { remedy: publishRemedy(names) }),
    };
  });
}

/** Hosts that one text names. */
const MOST_TOLD = 5;

/** There is a record, and no client can use it: another one beside it would not help. */
function flawed(domain: string, { kind, text }: RecordFlaw, names: string): Pick<Finding, 'summary' | 'remedy'> {
  const known = names === '' ? '' : ` Known and published nowhere: ${names}.`;
  const remedy =
    kind === 'null_target'
      ? 'The target "." tells clients that there is no KMS here. If that is meant, take the domain out of discovery.domains; else give the record the full name of a KMS host.'
      : 'Give the SRV record the full name of a KMS host as its target, and the port of its service (1688): on the host, slmgr /sdns and a restart of sppsvc write such a record.';
  return {
    summary: `No KMS record of ${domain} (_vlmcs._tcp.${domain}) can be used: ${text}`,
    remedy: `${remedy}${known}`,
  };
}

/** @param hosts that are known and published nowhere */
function publishRemedy(hosts: string): string {
  return `On the KMS host of this domain, run slmgr /sdns and restart sppsvc, or create the SRV record by hand. Known and published nowhere: ${hosts}.`;
}

/** A server that is silent may have a record, but clients that ask those that answer find none. */
function answersWithoutRecords(domain: DomainSnapshot): boolean {
  const answers = domain.lookups.flatMap(({ last, answer }) =>
    last === undefined || last.failure !== undefined || answer === undefined ? [] : [answer],
  );
  return answers.length > 0 && answers.every(({ records }) => records.length === 0);
}

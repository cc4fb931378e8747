import type { SrvRecord } from '../discovery/types.ts';
import { endpointKey } from '../estate/sightings.ts';
import type { DomainSnapshot } from '../estate/snapshot.ts';
import { formatHostPort } from '../kernel/address.ts';
import type { Finding } from './condition.ts';
import { PARTIAL } from './partial-records.ts';
import type { ConditionSnapshot } from './snapshot.ts';
import { where } from './srv-targets.ts';

/** Domains whose name servers answer differently. */
export function serversDisagree({ estate }: ConditionSnapshot): readonly Finding[] {
  return estate.domains
    .filter((domain) => domain.disagree === true)
    .map((domain) => ({
      subject: { domain: domain.name },
      summary: `The name servers of ${domain.name} disagree about its KMS records: ${comparison(domain)}`,
    }));
}

/** Hosts that only some name servers publish, and that are known to be down. */
export function partialDown({ estate }: ConditionSnapshot): readonly Finding[] {
  const down = new Set(
    estate.endpoints.filter(({ up }) => up === false).map(({ host, port }) => endpointKey(host, port)),
  );
  return estate.domains.flatMap((domain) => {
    const record = domain.records.find(({ host, port, partial }) => partial && down.has(endpointKey(host, port)));
    if (domain.disagree !== true || record === undefined) return [];
    return [
      {
        subject: { domain: domain.name, ...PARTIAL },
        summary: `${domain.name} publishes ${formatHostPort(record.target, record.port, 1688)}${where(record)}, and it is not up: ${comparison(domain)}`,
      },
    ];
  });
}

/** What each server has beside the records that all of them have. */
function comparison(domain: DomainSnapshot): string {
  const answers = domain.lookups.flatMap(({ server, answer }) =>
    answer === undefined ? [] : [{ server, records: answer.records.map(recordText) }],
  );
  const isCommon = (record: string): boolean => answers.every(({ records }) => records.includes(record));
  const hasCommon = answers.some(({ records }) => records.some(isCommon));
  return answers
    .map(({ server, records }) => {
      const others = records.filter((record) => !isCommon(record)).join(', ');
      if (others === '') return `${server} has ${hasCommon ? 'only the common records' : 'none'}`;
      return `${server} ${hasCommon ? 'also has' : 'has'} ${others}`;
    })
    .join('; ');
}

function recordText({ priority, weight, port, target }: SrvRecord): string {
  return `${priority} ${weight} ${port} ${target}`;
}

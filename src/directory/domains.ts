import { type HostName, parseHostName } from '../kernel/host-name.ts';
import type { Session } from './session.ts';
import { textOf } from './values.ts';

/** A forest may have some hundred. */
const MOST = 5000;

/** Of the partitions of the forest those that are domains: FLAG_CR_NTDS_NC and FLAG_CR_NTDS_DOMAIN, MS-ADTS 2.2.10. */
const DOMAINS = '(&(objectClass=crossRef)(systemFlags:1.2.840.113556.1.4.803:=3))';

/** Reads the DNS names of the domains of the forest. @param configuration name of the configuration's entry */
export async function readDomains(session: Session, configuration: string): Promise<readonly HostName[]> {
  const names = new Set<HostName>();
  const question = { filter: DOMAINS, attributes: ['dnsRoot'], most: MOST };
  for await (const entry of session.search(`CN=Partitions,${configuration}`, question)) {
    const name = parseHostName(textOf(entry, 'dnsRoot'));
    if (name.ok) names.add(name.value);
  }
  return [...names].sort();
}

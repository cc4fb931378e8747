import { Control, type Entry } from 'ldapts';
import { TableReader } from '../inventory/table-reader.ts';
import type { Inventory } from '../inventory/types.ts';
import type { Seconds } from '../kernel/time.ts';
import type { Session } from './session.ts';
import { domainOf, textOf, textsOf } from './values.ts';

/** Computers of one directory. */
const MOST = 500_000;

/** The class also takes in managed service accounts and names of clusters, which are left out as in every inventory. */
const COMPUTERS = '(objectClass=computer)';
const DELETED = '(&(isDeleted=TRUE)(objectClass=computer))';

/** LDAP_SERVER_SHOW_DELETED_OID, MS-ADTS 3.1.1.3.4.1.14. */
const SHOW_DELETED = '1.2.840.113556.1.4.417';

/** Columns as csvde writes them; `domain` is that of the entry's name. No user, serial number or description is asked for. */
const ATTRIBUTES = [
  'sAMAccountName',
  'dNSHostName',
  'operatingSystem',
  'operatingSystemVersion',
  'lastLogonTimestamp',
  'userAccountControl',
  'objectClass',
  'servicePrincipalName',
  'isDeleted',
] as const;

/**
 * Reads the computers below an entry, and those of them that were deleted, if the account may see them.
 * @param base empty for all domains, at a global catalog
 */
export async function readComputers(session: Session, base: string, now: Seconds): Promise<Inventory> {
  const table = { form: 'json', header: [...ATTRIBUTES, 'domain'], rows: [], morePages: false } as const;
  const reader = new TableReader(table, now);
  const question = { attributes: ATTRIBUTES, most: MOST };
  for await (const entry of session.search(base, { ...question, filter: COMPUTERS })) reader.add(cellsOf(entry));
  const controls = [new Control(SHOW_DELETED)];
  for await (const entry of session.search(base, { ...question, filter: DELETED, controls })) {
    reader.add(cellsOf(entry));
  }
  return reader.finish(now);
}

function cellsOf(entry: Entry): readonly string[] {
  const cells = ATTRIBUTES.map((name) =>
    name === 'objectClass' || name === 'servicePrincipalName' ? textsOf(entry, name).join(' ') : textOf(entry, name),
  );
  return [...cells, domainOf(entry.dn)];
}

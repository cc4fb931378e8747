import type { Entry } from 'ldapts';
import { guidOf } from '../kernel/guid.ts';
import type { Session } from './session.ts';
import type { ActivationObject } from './types.ts';
import { octetsOf, textOf } from './values.ts';

/** A forest has one or two for each version of Windows and Office. */
const MOST = 1000;

const KEY_ID = 'msSPP-CSVLKSkuId';
const PARTIAL_KEY = 'msSPP-CSVLKPartialProductKey';
/** Their usual place is CN=Activation Objects,CN=Microsoft SPP,CN=Services; one elsewhere is of interest all the more. */
const OBJECTS = '(objectClass=msSPP-ActivationObject)';

/** Reads the activation objects of the forest, sorted. @param configuration name of the configuration's entry */
export async function readActivationObjects(
  session: Session,
  configuration: string,
): Promise<readonly ActivationObject[]> {
  const found: (ActivationObject & { readonly cn: string })[] = [];
  const attributes = ['cn', 'displayName', KEY_ID, PARTIAL_KEY];
  const question = { filter: OBJECTS, attributes, binary: [KEY_ID], most: MOST };
  for await (const entry of session.search(configuration, question)) found.push(objectOf(entry));
  const names = Map.groupBy(found, ({ name }) => name);
  return found
    .map(({ cn, name, ...object }) => ({ ...object, name: names.get(name)?.length === 1 ? name : `${name} (${cn})` }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function objectOf(entry: Entry): ActivationObject & { readonly cn: string } {
  const cn = nameOf(entry, 'cn');
  const name = nameOf(entry, 'displayName') || cn || 'without a name';
  const octets = octetsOf(entry, KEY_ID);
  return {
    cn,
    name,
    activationId: octets?.length === 16 ? guidOf(octets) : undefined,
    partialKey: /^[A-Z0-9]{5}$/i.exec(textOf(entry, PARTIAL_KEY))?.[0],
  };
}

/** Without characters that would break a log line or a page. */
function nameOf(entry: Entry, attribute: string): string {
  return textOf(entry, attribute).replace(/\p{C}/gu, '?').slice(0, 100).trim();
}

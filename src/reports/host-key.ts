import { HOST_KEYS } from '../products/host-keys.ts';
import { type NamedProduct, poolOf, productOf } from '../products/product.ts';
import type { Pool } from '../products/product-class.ts';
import type { Properties } from './properties.ts';

/** Application ids of SoftwareLicensingProduct: what a host counts apart. */
const POOLS: ReadonlyMap<string, Pool> = new Map([
  ['55c92734-d682-4d71-983e-d6ec3f16059f', 'windows'],
  ['59a52881-a989-479d-af46-f275c6370663', 'office'], // Office 2010
  ['0ff1ce15-a989-479d-af46-f275c6370663', 'office'], // Office 2013 and later
]);

/** The channel of a key as it is in the description: `VOLUME_KMS_WS22`, `VOLUME_KMS_2012-R2`, `VOLUME_KMSCLIENT`. */
const CHANNEL = /VOLUME_KMS\w*(?:-\w+)*/i;
const CLIENT = /VOLUME_KMSCLIENT/i;

/**
 * Whether a product is a KMS host key that is installed, activated or not. The description tells, as it does for
 * Windows' own slmgr.vbs; where it names no channel, the host's word and the tables do.
 */
export function isHostKey(product: Properties, activationId: string): boolean {
  if (product.has('PartialProductKey') && product.value('PartialProductKey') === undefined) return false;
  if (product.value('PartialProductKey') === '') return false;
  const description = descriptionOf(product);
  if (CLIENT.test(description)) return false;
  if (CHANNEL.test(description)) return true;
  return product.value('IsKeyManagementServiceMachine')?.toString() === '1' || HOST_KEYS.has(activationId);
}

/** What a host key is called and counted as: by the configuration, the tables, or else what the host says of it. */
export function nameKey(
  product: Properties,
  activationId: string,
  configured: ReadonlyMap<string, NamedProduct>,
): { readonly product: string; readonly pool: Pool | undefined } {
  const known = productOf(activationId, 0, configured);
  const application = POOLS.get(product.text('ApplicationID')?.toLowerCase() ?? '');
  const name = known.name ?? nameByChannel(descriptionOf(product), application) ?? activationId;
  return { product: name, pool: poolOf(known.class) ?? application };
}

/** Only the characters of the channel's name: the text becomes a label. */
function nameByChannel(description: string, pool: Pool | undefined): string | undefined {
  const channel = CHANNEL.exec(description)?.[0].slice(0, 40).toUpperCase();
  if (channel === undefined) return undefined;
  const family = pool === undefined ? '' : pool === 'office' ? 'Office ' : 'Windows ';
  return `${family}KMS host key [${channel}]`;
}

function descriptionOf(product: Properties): string {
  const description = product.value('Description');
  return typeof description === 'string' ? description.slice(0, 1_000) : '';
}

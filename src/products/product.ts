import { HOST_KEYS } from './host-keys.ts';
import { OFFICE } from './office.ts';
import { OTHER_PRODUCTS } from './other-products.ts';
import type { KnownClass, Pool, ProductClass } from './product-class.ts';
import { WINDOWS_CLIENTS } from './windows-clients.ts';
import { WINDOWS_SERVERS } from './windows-servers.ts';

export interface Product {
  /** Undefined when no table names the activation id. */
  readonly name: string | undefined;
  readonly class: ProductClass;
  /** Undefined for the class `unknown`. */
  readonly pool: Pool | undefined;
  /** Whether a table names the activation id. */
  readonly known: boolean;
}

/** What the configuration says of an activation id. */
export interface NamedProduct {
  readonly name: string;
  readonly class: ProductClass;
}

/** What every Windows client asks of a host, and nothing else does: Server and Office ask 5. */
const CLIENT_POLICY = 25;

/**
 * The product of an activation id: by the configuration, else by kmswatch's own tables. An id whose class
 * they do not tell is a Windows client when it needs 25; one that needs 5 can be Server or Office, and is not guessed.
 * @param activationId lower case
 * @param nPolicy the count that the product said it needs
 * @param configured the products of the configuration, by activation id in lower case
 */
export function productOf(
  activationId: string,
  nPolicy: number,
  configured: ReadonlyMap<string, NamedProduct>,
): Product {
  const named = configured.get(activationId) ?? tableProduct(activationId);
  if (named !== undefined) return { ...named, pool: poolOf(named.class), known: true };
  const guess = nPolicy === CLIENT_POLICY ? 'client' : 'unknown';
  const name = OTHER_PRODUCTS.get(activationId);
  return { name, class: guess, pool: poolOf(guess), known: name !== undefined };
}

/** The names of all products in kmswatch's own tables, each once. */
export function productNames(): readonly string[] {
  const tables = [WINDOWS_CLIENTS, WINDOWS_SERVERS, OFFICE, OTHER_PRODUCTS];
  const hostKeys = [...HOST_KEYS.values()].map(({ name }) => name);
  return [...new Set([...tables.flatMap((table) => [...table.values()]), ...hostKeys])];
}

/** Which pool of a host a class is counted in. */
export function poolOf(productClass: ProductClass): Pool | undefined {
  if (productClass === 'unknown') return undefined;
  return productClass === 'office' ? 'office' : 'windows';
}

function tableProduct(activationId: string): NamedProduct | undefined {
  return (
    named('client', WINDOWS_CLIENTS.get(activationId)) ??
    named('server', WINDOWS_SERVERS.get(activationId)) ??
    named('office', OFFICE.get(activationId)) ??
    HOST_KEYS.get(activationId)
  );
}

function named(productClass: KnownClass, name: string | undefined): NamedProduct | undefined {
  return name === undefined ? undefined : { name, class: productClass };
}

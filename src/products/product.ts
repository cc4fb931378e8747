import { N_POLICIES, type Pool, type ProductClass } from './product-class.ts';
import { factsOf, PRODUCT_FACTS } from './product-facts.ts';

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

/**
 * The product of an activation id: by the configuration, else by kmswatch's own tables. An id that no table has is a Windows
 * client when it needs 25; one that needs 5 can be Server or Office, and is not guessed. A product that a table names and
 * that is neither Windows nor Office has the class `unknown`, whatever it needs: it is no Windows client.
 * @param activationId lower case
 * @param nPolicy the count that the product said it needs
 * @param configured the products of the configuration, by activation id in lower case
 */
export function productOf(
  activationId: string,
  nPolicy: number,
  configured: ReadonlyMap<string, NamedProduct>,
): Product {
  const named = configured.get(activationId) ?? factsOf(activationId);
  const guess = classOfRequest(named?.class, nPolicy);
  return { name: named?.name, class: guess, pool: poolOf(guess), known: named !== undefined };
}

/**
 * The class of a request. A table never overrules it: what needs 25 is no server and no Office, whatever a table says.
 * @param named the class by a table; undefined if none names the product
 * @param isOffice whether other requests show that a product of no table that needs 5 is Office
 */
export function classOfRequest(named: ProductClass | undefined, nPolicy: number, isOffice = false): ProductClass {
  if (named === 'unknown') return named;
  if (nPolicy === N_POLICIES.client) return 'client';
  return named ?? (isOffice && nPolicy === N_POLICIES.office ? 'office' : 'unknown');
}

/** The names of all products in kmswatch's own tables, each once. */
export function productNames(): readonly string[] {
  return [...new Set([...PRODUCT_FACTS.values()].map(({ name }) => name))];
}

/** Which pool of a host a class is counted in. */
export function poolOf(productClass: ProductClass): Pool | undefined {
  if (productClass === 'unknown') return undefined;
  return productClass === 'office' ? 'office' : 'windows';
}

import { HOST_KEYS } from './host-keys.ts';
import { OFFICE } from './office.ts';
import { OTHER_PRODUCTS } from './other-products.ts';
import { PRE_RELEASES } from './pre-releases.ts';
import { N_POLICIES, type ProductClass } from './product-class.ts';
import type { ProductGroup, RequestKind } from './product-group.ts';
import { endOfSupport, type Release } from './releases.ts';
import type { Source } from './sources.ts';
import { WINDOWS_CLIENTS } from './windows-clients.ts';
import { WINDOWS_SERVERS } from './windows-servers.ts';

/** What kmswatch's own tables say of an activation id. */
export interface ProductFacts {
  readonly name: string;
  /** `unknown` for what is neither Windows nor Office. */
  readonly class: ProductClass;
  /** The count that it asks a host for. Undefined if not known, and for host keys, which ask nobody. */
  readonly nPolicy: number | undefined;
  /** The releases of the id; empty if not known. */
  readonly releases: readonly Release[];
  /** Undefined for what a host key of an organisation can cover, and where that is not known. */
  readonly kind: RequestKind | undefined;
  readonly source: Source;
}

const GROUPS: readonly ProductGroup[] = [...WINDOWS_CLIENTS, ...WINDOWS_SERVERS, ...OFFICE, ...PRE_RELEASES];

/** By activation id in lower case. */
export const PRODUCT_FACTS: ReadonlyMap<string, ProductFacts> = new Map([
  ...GROUPS.flatMap(({ products, ...group }) => {
    const facts = { ...group, kind: group.kind, nPolicy: N_POLICIES[group.class] };
    return Object.entries(products).map(([id, name]) => [id, { ...facts, name }] as const);
  }),
  ...[...HOST_KEYS].map(([id, key]) => [id, { ...key, nPolicy: undefined, releases: [], kind: undefined }] as const),
  ...[...OTHER_PRODUCTS].map(([id, name]) => [id, otherProduct(name)] as const),
]);

/** @param activationId lower case */
export function factsOf(activationId: string): ProductFacts | undefined {
  return PRODUCT_FACTS.get(activationId);
}

/**
 * The last day of support, as `YYYY-MM-DD`, of each release of an activation id.
 * @param activationId lower case
 */
export function supportEnds(activationId: string): ReadonlyMap<Release, string | undefined> {
  return new Map(factsOf(activationId)?.releases.map((release) => [release, endOfSupport(release)]));
}

function otherProduct(name: string): ProductFacts {
  return { name, class: 'unknown', nPolicy: undefined, releases: [], kind: undefined, source: 'PoShEvents' };
}

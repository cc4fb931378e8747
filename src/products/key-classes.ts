import { HOST_KEY_COVERAGE } from './host-key-coverage.ts';
import type { KnownClass, Pool } from './product-class.ts';
import { PRODUCT_FACTS } from './product-facts.ts';

const BY_POOL = { windows: ['client', 'server'], office: ['office'] } as const satisfies Record<
  Pool,
  readonly KnownClass[]
>;

/**
 * The classes of the products that a host key covers; those of its pool if no table tells.
 * @param hostKey activation id of the key, lower case @param pool as the host said
 */
export function classesOfKey(hostKey: string, pool: Pool): readonly KnownClass[] {
  const releases: readonly string[] = HOST_KEY_COVERAGE.get(hostKey)?.covers ?? [];
  const classes = new Set<KnownClass>();
  for (const product of PRODUCT_FACTS.values()) {
    if (product.class === 'unknown' || product.kind !== undefined) continue;
    if (product.releases.some((release) => releases.includes(release))) classes.add(product.class);
  }
  return classes.size > 0 ? [...classes] : BY_POOL[pool];
}

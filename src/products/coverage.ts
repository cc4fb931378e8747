import { HOST_KEY_COVERAGE } from './host-key-coverage.ts';
import { HOST_KEYS } from './host-keys.ts';
import { poolOf } from './product.ts';
import type { ProductClass } from './product-class.ts';
import { factsOf } from './product-facts.ts';
import type { Release } from './releases.ts';

/**
 * Whether host keys cover a product. `some`: only some of the releases that share its activation id, so it depends on the
 * client. `unknown`: the tables do not tell; nothing may be claimed from it.
 */
export type Coverage = 'yes' | 'no' | 'some' | 'unknown';

/** A host key that covers a product, or some of the releases that share its activation id. */
export interface CoveringKey {
  /** Of the host key, lower case. */
  readonly activationId: string;
  readonly name: string;
  /** The releases of the product that it covers, at least one. */
  readonly releases: readonly Release[];
  /** Whether these are all releases of the activation id. */
  readonly whole: boolean;
}

const NAMED = new Set([...HOST_KEY_COVERAGE.values()].flatMap(({ covers }) => covers));

/**
 * The host keys that cover a product, from new to old: none for Home and Azure editions, and if the tables do not tell.
 * @param activationId of the product, lower case
 */
export function keysCovering(activationId: string): readonly CoveringKey[] {
  const product = factsOf(activationId);
  if (product === undefined || product.kind !== undefined) return [];
  return [...HOST_KEY_COVERAGE].flatMap(([key, { covers }]) => {
    const releases = product.releases.filter((release) => covers.includes(release));
    if (releases.length === 0) return [];
    const whole = releases.length === product.releases.length;
    return [{ activationId: key, name: HOST_KEYS.get(key)?.name ?? key, releases, whole }];
  });
}

/**
 * Whether the keys of one host cover a product.
 * @param hostKeys activation ids of the host's keys, lower case; none cover nothing
 * @param activationId of the product, lower case
 */
export function isCovered(hostKeys: readonly string[], activationId: string): Coverage {
  if (hostKeys.length === 0) return 'no';
  const product = factsOf(activationId);
  if (product === undefined) return 'unknown';
  const answers = new Set(
    product.kind === undefined
      ? product.releases.map((release) => answerFor(hostKeys, release, product.class))
      : [hostKeys.some((key) => mayCover(key, product.class)) ? 'unknown' : 'no'],
  );
  if (answers.size === 0) return 'unknown';
  if (answers.has('yes') && answers.has('no')) return 'some';
  if (answers.has('unknown')) return 'unknown';
  return answers.has('yes') ? 'yes' : 'no';
}

function answerFor(
  hostKeys: readonly string[],
  release: Release,
  productClass: ProductClass,
): 'yes' | 'no' | 'unknown' {
  if (hostKeys.some((key) => HOST_KEY_COVERAGE.get(key)?.covers.includes(release))) return 'yes';
  const isOpen = hostKeys.some(
    (key) => mayCover(key, productClass) || HOST_KEY_COVERAGE.get(key)?.unsure?.includes(release),
  );
  return isOpen || !NAMED.has(release) ? 'unknown' : 'no';
}

/** Whether a key of unknown coverage could cover a product of this class. */
function mayCover(hostKey: string, productClass: ProductClass): boolean {
  if (HOST_KEY_COVERAGE.has(hostKey)) return false;
  const key = HOST_KEYS.get(hostKey);
  if (key === undefined) return true;
  return poolOf(key.class) === poolOf(productClass) && !(key.class === 'client' && productClass === 'server');
}

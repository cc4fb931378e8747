import type { HostName } from '../kernel/host-name.ts';
import { isCovered } from '../products/coverage.ts';
import type { Pool } from '../products/product-class.ts';
import type { KeyReport } from '../reports/types.ts';
import type { LogsSnapshot } from './logs-snapshot.ts';
import type { EstateSnapshot } from './snapshot.ts';

const POOLS = ['windows', 'office'] as const satisfies readonly Pool[];

/** Whether a host has a key for one of its pools, by its fresh report. */
export interface PoolKey {
  readonly host: HostName;
  readonly pool: Pool;
  /** It served the pool in the last 30 days and has no key for it; or it has no key at all. */
  readonly missing: boolean;
  /** Whether its report names any KMS host key. */
  readonly hasOthers: boolean;
  /** Whether it answered a request of the pool in the last 30 days, as far as its log is known. */
  readonly served: boolean;
}

/** Every host with a fresh report, for both pools. A host without any key that served nobody lacks one for Windows. */
export function poolKeys({ hosts }: EstateSnapshot, { aggregates }: LogsSnapshot): readonly PoolKey[] {
  const logs = new Map((aggregates?.hosts ?? []).map((host) => [host.host, host]));
  return hosts.flatMap(({ host, report }) => {
    const keys = report?.fresh?.keys;
    if (keys === undefined) return [];
    const served = (logs.get(host)?.pools ?? []).filter(({ census }) => census > 0).map(({ pool }) => pool);
    const wanted: readonly Pool[] = keys.length === 0 && served.length === 0 ? ['windows'] : served;
    return POOLS.map((pool) => ({
      ...{ host, pool, hasOthers: keys.length > 0, served: served.includes(pool) },
      missing: wanted.includes(pool) && !keys.some((key) => key.pool === pool || key.pool === undefined),
    }));
  });
}

/** A product, and whether a key of a host covers it. */
export interface ProductCoverage {
  readonly host: HostName;
  readonly product: string;
  readonly covered: boolean;
}

/**
 * Each product that clients asked for in the last 30 days, and each host with a fresh report. Left out where it is not
 * known, or depends on which of several releases of one activation id a client has.
 */
export function productCoverage({ hosts }: EstateSnapshot, { aggregates }: LogsSnapshot): readonly ProductCoverage[] {
  const products = [...Map.groupBy(aggregates?.products ?? [], ({ product }) => product)];
  const known = new Map<string, readonly [product: string, covered: boolean][]>();
  return hosts.flatMap(({ host, report }) => {
    const keys = report?.fresh?.keys;
    if (keys === undefined) return [];
    const ids = keys.map(({ activationId }) => activationId).sort();
    const answers = known.get(ids.join()) ?? products.flatMap(([name, own]) => answerFor(ids, name, own));
    known.set(ids.join(), answers);
    return answers.map(([product, covered]) => ({ host, product, covered }));
  });
}

function answerFor(
  hostKeys: readonly KeyReport['activationId'][],
  product: string,
  own: readonly { readonly activationId: string }[],
): [string, boolean][] {
  const answers = new Set(own.map(({ activationId }) => isCovered(hostKeys, activationId)));
  const [answer] = answers;
  return answers.size === 1 && (answer === 'yes' || answer === 'no') ? [[product, answer === 'yes']] : [];
}

import { isCovered } from '../products/coverage.ts';
import type { LogsSnapshot } from './logs-snapshot.ts';
import type { EstateSnapshot } from './snapshot.ts';

/** A product that machines have by their own word, and that no host can activate. */
export interface UncoveredProduct {
  readonly product: string;
  readonly machines: number;
}

/**
 * Products that machines say they have, that nobody has asked for in 30 days, and that no key covers of the hosts that
 * have lately said which keys they have.
 */
export function uncoveredProducts(
  { hosts }: EstateSnapshot,
  { aggregates, machines }: LogsSnapshot,
): readonly UncoveredProduct[] {
  const reported = hosts.flatMap(({ report }) => report?.fresh ?? []);
  if (reported.length === 0) return [];
  const ids = reported.flatMap(({ keys }) => keys).map(({ activationId }) => activationId);
  const asked = new Set((aggregates?.products ?? []).map(({ activationId }) => activationId));
  const lacking = (machines?.products ?? []).filter(
    ({ activationId }) => !asked.has(activationId) && isCovered(ids, activationId) === 'no',
  );
  return [...Map.groupBy(lacking, ({ product }) => product)].map(([product, own]) => ({
    product,
    machines: own.reduce((sum, one) => sum + one.machines, 0),
  }));
}

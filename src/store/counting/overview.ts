import type { Seconds } from '../../kernel/time.ts';
import { EndsAhead } from '../../leases/forecast.ts';
import type { State } from '../leases/state.ts';
import type { LeaseOverview } from '../queries.ts';
import { isCounted } from './lease-states.ts';

/** Counts the ends of all leases that count, day by day, and names the products. @param now seconds since the epoch */
export function overview(state: State, days: number, now: Seconds): LeaseOverview {
  const { table, catalogue, names } = state;
  const ends = new EndsAhead(now, days);
  for (let id = 1; id < table.length; id++) {
    const expiry = table.expiry(id);
    if (expiry > now && isCounted(state, id, now)) ends.add(expiry);
  }
  const products = [...names.products.entries()].map(([, id]) => catalogue.nameOf(id));
  return { asOf: now, ends: ends.perDay(), products: [...new Set(products)].sort() };
}

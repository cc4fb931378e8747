import type { EstateView } from '../estate/view.ts';
import { HOUR } from '../kernel/duration.ts';

interface Reading {
  readonly at: number;
  readonly total: number;
}

/**
 * Remembers for an hour how many requests each host says that it has had, so that it can be told whether they rose. As
 * with `increase` of Prometheus, both readings have to lie within the hour, and a total that begins again has risen.
 */
export class ReportedTotals {
  /** By host and key. */
  readonly #readings = new Map<string, { readonly host: string; readonly list: Reading[] }>();

  /** @returns the hosts whose total rose within the last hour */
  take(estate: EstateView): ReadonlySet<string> {
    this.#note(estate);
    const risen = new Set<string>();
    for (const [key, { host, list }] of this.#readings) {
      while (list[0] !== undefined && list[0].at < estate.at - HOUR) list.shift();
      if (list.length === 0) this.#readings.delete(key);
      if (list.some(({ total }, index) => index > 0 && total !== list[index - 1]?.total)) risen.add(host);
    }
    return risen;
  }

  #note({ at, hosts }: EstateView): void {
    for (const { host, report } of hosts) {
      for (const { activationId, requests } of report?.last?.keys ?? []) {
        if (requests === undefined) continue;
        const key = `${host} ${activationId}`;
        const readings = this.#readings.get(key) ?? { host, list: [] };
        readings.list.push({ at, total: requests });
        this.#readings.set(key, readings);
      }
    }
  }
}

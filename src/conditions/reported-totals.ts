import type { EstateSnapshot } from '../estate/snapshot.ts';
import { HOUR_MS, type Millis } from '../kernel/time.ts';

interface Reading {
  readonly at: Millis;
  readonly total: number;
}

/**
 * Remembers for an hour how many requests each host says that it has had, so that it is known whether they rose. As
 * with `increase` of Prometheus, both readings have to lie within the hour, and a total that begins again has risen.
 */
export class ReportedTotals {
  /** The newest, by host and key. */
  readonly #readings = new Map<string, Reading>();
  /** Until when a total of a host has risen within the hour, milliseconds since the epoch. */
  readonly #rises: Map<string, number>;

  /** @param rises those of the agent that ran before */
  constructor(rises: ReadonlyMap<string, number> = new Map()) {
    this.#rises = new Map(rises);
  }

  /** Until when each host has risen, milliseconds since the epoch. */
  get rises(): ReadonlyMap<string, number> {
    return this.#rises;
  }

  /** @returns the hosts whose total rose within the last hour */
  update(estate: EstateSnapshot): ReadonlySet<string> {
    this.#note(estate);
    for (const [key, { at }] of this.#readings) if (at < estate.at - HOUR_MS) this.#readings.delete(key);
    for (const [host, until] of this.#rises) if (until < estate.at) this.#rises.delete(host);
    return new Set(this.#rises.keys());
  }

  #note({ at, hosts }: EstateSnapshot): void {
    for (const { host, report } of hosts) {
      for (const { activationId, requests: total } of report?.last?.keys ?? []) {
        if (total === undefined) continue;
        const key = `${host} ${activationId}`;
        const before = this.#readings.get(key);
        this.#readings.set(key, { at, total });
        if (before === undefined || before.total === total) continue;
        // The hour ends when the reading before the rise has left it.
        this.#rises.set(host, Math.max(before.at + HOUR_MS, this.#rises.get(host) ?? 0));
      }
    }
  }
}

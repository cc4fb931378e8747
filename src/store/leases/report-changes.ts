import { CENSUS_WINDOW } from '../../leases/census-window.ts';
import type { Interval } from '../../leases/types.ts';
import type { State } from './state.ts';

/** Hosts whose reports may be worth something else than before, as their log was not known to be what it is. */
export class ReportChanges {
  /** By host: from when the log is another, and up to when a report is that depends on it. */
  readonly #changes = new Map<number, Interval>();

  /** @param host one that has reported */
  note(host: number, { from, until }: Interval): void {
    const known = this.#changes.get(host) ?? { from, until };
    this.#changes.set(host, { from: Math.min(known.from, from), until: Math.max(known.until, until) });
  }

  /** When requests may have another answer by it. */
  *requests({ reports, settings }: State): Iterable<{ readonly host: number; readonly interval: Interval }> {
    const reach = settings.reportStaleAfter + CENSUS_WINDOW;
    for (const [host, { from, until }] of this.#changes) {
      const first = reports.firstAfter(host, from - reach - 1);
      const last = reports.before(host, until)?.time;
      if (first === undefined || last === undefined || first > last) continue;
      yield { host, interval: { from: Math.max(from, first), until: last + reach } };
    }
  }

  clear(): void {
    this.#changes.clear();
  }
}

import type { HostPool } from '../../leases/host-pool.ts';
import { mergeIntervals } from '../../leases/intervals.ts';
import type { Interval } from '../../leases/types.ts';
import type { CensusChanged } from './host-pools.ts';

/** Where the counts of hosts are others than before: those who asked there then got another answer, as far as is known. */
export class CensusChanges {
  readonly #changes = new Map<HostPool, Map<number | undefined, Interval[]>>();

  note({ pool, n, interval }: CensusChanged): void {
    const byN = this.#changes.get(pool) ?? new Map<number | undefined, Interval[]>();
    this.#changes.set(pool, byN);
    byN.set(n, [...(byN.get(n) ?? []), interval]);
  }

  /** By pool and N-policy, those that overlap as one. */
  *merged(): Iterable<CensusChanged> {
    for (const [pool, byN] of this.#changes) {
      for (const [n, intervals] of byN) {
        for (const interval of mergeIntervals(intervals)) yield { pool, n, interval };
      }
    }
  }

  clear(): void {
    this.#changes.clear();
  }
}

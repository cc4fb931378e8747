import { HOUR_S } from '../kernel/time.ts';

/** Requests of the last hour by event time: how many in each second, by a key of host, class and result. */
export class LastHour {
  readonly #counts = new Map<string, Map<number, number>>();

  add(key: string, time: number, now: number): void {
    if (time <= now - HOUR_S) return;
    const seconds = this.#counts.get(key) ?? new Map<number, number>();
    this.#counts.set(key, seconds);
    seconds.set(time, (seconds.get(time) ?? 0) + 1);
  }

  /** Key and count of those that are not 0. */
  *sums(now: number): Iterable<readonly [string, number]> {
    for (const [key, seconds] of this.#counts) {
      let sum = 0;
      for (const [time, count] of seconds) if (time > now - HOUR_S && time <= now) sum += count;
      if (sum > 0) yield [key, sum];
    }
  }

  prune(now: number): void {
    for (const [key, seconds] of this.#counts) {
      for (const time of seconds.keys()) if (time <= now - HOUR_S) seconds.delete(time);
      if (seconds.size === 0) this.#counts.delete(key);
    }
  }
}

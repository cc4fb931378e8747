import type { HostName } from '../kernel/host-name.ts';
import type { Seconds } from '../kernel/time.ts';
import type { Store } from '../store/store.ts';
import type { LogHeard } from '../store/store-types.ts';

/** Written down again after this share of `activations.stale_after`: each time is a commit. */
const SHARE = 1 / 8;

/**
 * Stores when a log without new records was last known to be read. Lists of machines, `explain` and commands go by what
 * is stored alone, and would take a quiet log for one that nobody reads.
 */
export class HeardLogs {
  readonly #store: Pick<Store, 'takeHeard'>;
  readonly #saved = new Map<HostName, Seconds>();
  #isSaving = false;

  constructor(store: Pick<Store, 'takeHeard'>) {
    this.#store = store;
  }

  /** What could not be saved is tried again the next time. */
  async take(heard: readonly LogHeard[], staleAfter: Seconds): Promise<void> {
    const due = heard.filter(
      ({ host, time }) => time > (this.#saved.get(host) ?? Number.NEGATIVE_INFINITY) + staleAfter * SHARE,
    );
    if (this.#isSaving || due.length === 0) return;
    this.#isSaving = true;
    const saved = await this.#store.takeHeard(due);
    this.#isSaving = false;
    if (saved.ok) for (const { host, time } of due) this.#saved.set(host, time);
  }
}

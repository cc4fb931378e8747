import type { Pool } from '../../leases/types.ts';
import { LICENSE_STATUS } from '../../products/license-status.ts';
import type { Records, StoredRequest } from '../history/records.ts';
import { CountsAtTime } from '../reading/counts-at-time.ts';
import type { JoinContext } from './join-context.ts';

/** Tells of leases without an end whether their machines are known to be not activated, or nobody knows what came of it. */
export class Unactivated {
  readonly #records: Records;
  readonly #counts: CountsAtTime;
  readonly #now: JoinContext['now'];
  /** Whether a host counts too few now, by host, product and need: asked of many clients alike. */
  readonly #short = new Map<string, boolean>();

  constructor(context: JoinContext) {
    this.#records = context.records;
    this.#counts = new CountsAtTime(context);
    this.#now = context.now;
  }

  /** As `isInVain`, of a lease whose last request is not read yet. @param record its number @param pool its pool */
  asksInVain(record: number, pool: Pool | undefined, again: boolean): boolean {
    if (again && pool !== undefined) return true;
    const last = this.#records.get(record);
    return last === undefined ? again : this.isInVain(last, again);
  }

  /** @param last the last request of a lease in state `unactivated` @param again it asked more than once */
  isInVain(last: StoredRequest, again: boolean): boolean {
    if (last.status === LICENSE_STATUS.notification) return true;
    // Without a pool nobody knows what an answer is worth.
    if (last.pool === undefined) return false;
    return again || this.#isShort(last);
  }

  #isShort(last: StoredRequest): boolean {
    const key = `${last.hostNo} ${last.activationId} ${last.nPolicy}`;
    const now = this.#short.get(key) ?? this.#isBelow({ ...last, time: this.#now });
    this.#short.set(key, now);
    return now || this.#isBelow(last);
  }

  #isBelow(request: StoredRequest): boolean {
    const count = this.#counts.of(request);
    return count?.known === true && count.value < request.nPolicy;
  }
}

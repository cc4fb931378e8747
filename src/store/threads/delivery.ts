import type { EventRecord } from '../../activations/types.ts';
import { DAY_S, type Seconds } from '../../kernel/time.ts';
import type { IngestSource } from '../aggregates.ts';
import type { LogBookmark, Unread } from '../store-types.ts';

/** Records from one sender. */
export interface Delivery {
  readonly source: IngestSource;
  readonly records: readonly EventRecord[];
  readonly unread: Unread;
  /** Of the log that they were read from. */
  readonly bookmark?: LogBookmark | undefined;
  /** The clock may be wrong, and says nothing against a record. */
  readonly inDoubt?: boolean | undefined;
}

/** The times that a record may have: seconds since the epoch. */
export function timesTaken(now: Seconds, history: Seconds, inDoubt: boolean | undefined): readonly [number, number] {
  return inDoubt === true ? [0, Number.POSITIVE_INFINITY] : [now - history, now + DAY_S];
}

import type { OpenCondition } from '../../../conditions/condition.ts';
import type { LogsSnapshot } from '../../../estate/logs-snapshot.ts';
import type { EstateSnapshot } from '../../../estate/snapshot.ts';
import type { Seconds } from '../../../kernel/time.ts';
import type { LeaseSettings } from '../../../leases/types.ts';
import type { LeaseOverview } from '../../../store/queries.ts';

/** All that the status page shows: values of one moment. */
export interface StatusSnapshot {
  readonly estate: EstateSnapshot;
  readonly logs: LogsSnapshot;
  readonly conditions: readonly OpenCondition[];
  readonly leaseSettings: LeaseSettings;
  /** Why it is not known, as text. */
  readonly overview: LeaseOverview | string;
  readonly isReady: boolean;
  /** Seconds since the epoch, by the clock of DNS, probes and conditions. */
  readonly now: Seconds;
}

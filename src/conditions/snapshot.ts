import type { RecordsView } from '../estate/logs-snapshot.ts';
import type { EstateView } from '../estate/snapshot.ts';
import type { AgentView } from './agent-snapshot.ts';

/** All that conditions judge: what is known at one moment, in values that do not change. */
export interface Picture {
  readonly estate: EstateView;
  /** Without aggregates where there is no store, as with `check`. */
  readonly records: RecordsView;
  /** Undefined where no agent runs, as with `check`. */
  readonly agent: AgentView | undefined;
  /** Hosts whose reported total of requests rose within the last hour (`ReportedTotals`). */
  readonly risen: ReadonlySet<string>;
}

import type { LogsSnapshot } from '../estate/logs-snapshot.ts';
import type { EstateSnapshot } from '../estate/snapshot.ts';
import type { AgentSnapshot } from './agent-snapshot.ts';

/** All that is known at one moment, in values that do not change: conditions, metrics and pages read it. */
export interface Snapshot {
  readonly estate: EstateSnapshot;
  /** Without aggregates where there is no store, as with `check`. */
  readonly logs: LogsSnapshot;
  /** Undefined where no agent runs, as with `check`. */
  readonly agent: AgentSnapshot | undefined;
}

/** A snapshot, with what only several in a row can tell. */
export interface ConditionSnapshot extends Snapshot {
  /** Hosts whose reported total of requests rose within the last hour (`ReportedTotals`). */
  readonly risen: ReadonlySet<string>;
}

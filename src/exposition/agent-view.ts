/** What the agent knows of itself. Times are milliseconds since the epoch, durations seconds. */
export interface AgentView {
  readonly build: { readonly version: string; readonly node: string };
  readonly reload: { readonly successful: boolean; readonly lastSuccess: number };
  readonly loops: readonly LoopView[];
  /** Undefined while no store is open. */
  readonly store: { readonly up: boolean; readonly bytes: number | undefined } | undefined;
  /** The receivers of notifications. */
  readonly receivers: readonly ReceiverView[];
}

export interface ReceiverView {
  readonly receiver: string;
  /** Messages that it confirmed, attempts that failed, alerts that found no room in its queue. */
  readonly success: number;
  readonly failure: number;
  readonly dropped: number;
  /** Of the first of the attempts that failed in a row; undefined when the last one did not. */
  readonly failingSince: number | undefined;
  readonly error: string | undefined;
}

export interface LoopView {
  readonly name: string;
  /** Of the last round that ended; undefined before. */
  readonly duration: number | undefined;
  readonly lastEnd: number | undefined;
  /** Seconds after which a round is overdue: three times the schedule. */
  readonly limit: number;
  /** Rounds that found the one before still running. */
  readonly skipped: number;
}

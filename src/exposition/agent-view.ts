/** What the agent knows of itself. Times are milliseconds since the epoch, durations seconds. */
export interface AgentView {
  readonly build: { readonly version: string; readonly node: string };
  readonly reload: { readonly successful: boolean; readonly lastSuccess: number };
  readonly loops: readonly LoopView[];
  /** Undefined while no store is open. */
  readonly store: { readonly up: boolean; readonly bytes: number | undefined } | undefined;
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

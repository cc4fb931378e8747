import type { Millis, Seconds } from '../kernel/time.ts';
import type { ClockState } from '../kernel/trusted-clock.ts';

/** The agent's own state. Times are milliseconds since the epoch, durations seconds. */
export interface AgentSnapshot {
  readonly build: BuildInfo;
  /** `web.external_url`. */
  readonly externalUrl: string | undefined;
  readonly reload: { readonly successful: boolean; readonly lastSuccess: Millis };
  readonly loops: readonly LoopSnapshot[];
  readonly clock: ClockState;
  /** Undefined while no store is open. */
  readonly store: { readonly up: boolean; readonly bytes: number | undefined } | undefined;
  /** Those of `notify`. */
  readonly receivers: readonly ReceiverSnapshot[];
}

/** What runs, and on what. */
export interface BuildInfo {
  readonly version: string;
  /** The commit that it was built from; `unknown` in a checkout. */
  readonly revision: string;
  readonly node: string;
  /** In the words of Node. */
  readonly platform: string;
  readonly arch: string;
}

export interface LoopSnapshot {
  readonly name: string;
  /** Of the last round that ended; undefined before. */
  readonly duration: number | undefined;
  readonly lastEnd: Millis | undefined;
  /** Seconds after which a round is overdue: three times the schedule. */
  readonly limit: Seconds;
  /** Rounds that found the one before still running. */
  readonly skipped: number;
}

/** The state of a receiver of notifications. */
export interface ReceiverSnapshot {
  /** Its name in metrics, free of secrets. */
  readonly receiver: string;
  /** Since the start of the agent: messages that it confirmed, attempts that failed, alerts without room in its queue. */
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
  /** When an attempt last went well, and when one last did not; undefined for never. */
  readonly lastDelivered: Millis | undefined;
  readonly lastFailed: Millis | undefined;
}

import type { ActivationWay } from '../inventory/types.ts';
import type { Seconds } from '../kernel/time.ts';
import type { CountedState } from '../leases/types.ts';

/** What is to be said of a machine or of one of its products; the first that holds. */
export const VERDICTS = [
  'gone',
  'other_activation',
  'failing',
  'lapsed',
  'not_renewing',
  'never_asked',
  'renewing',
  'unknown',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What one source says of a machine. Seconds since the epoch. */
export interface SourceRow {
  /** The newest time at which it saw the machine; 0: never. */
  readonly seen: number;
  /** The newest snapshot that has the machine. */
  readonly wordAt: number;
  /** The newest snapshot of the source. */
  readonly readAt: number;
  /** Disabled, retired or deleted by that word. */
  readonly disabled: boolean;
}

/** What the logs of hosts say of a machine and product. */
export interface LeaseFacts {
  readonly state: CountedState;
  /** Its last renewal did not take. */
  readonly doubt: boolean;
  /** Its last request was refused. */
  readonly failed: boolean;
  /** Since when its requests are answered, or refused, as they are now. */
  readonly since: number;
  readonly last: number;
  /** While it is not activated, that is known: it asked again, says that it is in notification, or its host counts too few. */
  readonly inVain: boolean;
  /** Its last request that was answered; 0: none. */
  readonly answered: number;
  /** The log of the host of that request was heard from of late. */
  readonly heard: boolean;
  /** 0: none. */
  readonly expiry: number;
}

/** What the machine says of itself, by a row of licences or an event. */
export interface WordFacts {
  readonly at: number;
  /** 0 to 6, 1 is licensed; null if it does not say. */
  readonly status: number | null;
  readonly minutes: number | null;
  readonly way: ActivationWay;
  /** It has the key of a KMS host. */
  readonly hostKey: boolean;
}

/** One product of a machine; a lease, a word, or both. */
export interface ProductFacts {
  readonly lease: LeaseFacts | undefined;
  readonly word: WordFacts | undefined;
}

/** What is known of the machine as a whole. */
export interface MachineFacts {
  /** Some source saw it of late, and it is not disabled there. */
  readonly isAlive: boolean;
  /** The newest time at which a source saw it; 0: never. */
  readonly seen: number;
  /** Some host has a request of it, of whatever product. */
  readonly isInLog: boolean;
  /** Each host that it can ask has a log that goes back far enough and is read. */
  readonly areLogsWhole: boolean;
  /** It is a KMS host. */
  readonly isHost: boolean;
  /** By its own events: when a host answered it last, and when it last asked in vain; 0: never. */
  readonly toldAnswered: number;
  readonly toldFailed: number;
}

export interface VerdictSettings {
  /** Seconds, as those of `LeaseSettings`. */
  readonly validity: number;
  readonly renewalInterval: number;
  /** Seconds; see `inventory` of the configuration. */
  readonly alive: number;
  readonly gone: number;
}

/** A verdict, and since when it has held; undefined if that is not known. */
export interface Judged {
  readonly verdict: Verdict;
  readonly since: Seconds | undefined;
}

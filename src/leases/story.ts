import type { HostName } from '../kernel/host-name.ts';
import type { Seconds } from '../kernel/time.ts';
import type { Expiry } from './expiry.ts';
import type { MachineMove } from './migrating.ts';
import type { Lease, LeaseRequest, LeaseSettings, LeaseState } from './types.ts';

/** What is known of one machine. Times are whole seconds since the epoch. */
export type ClientStory = SeenStory | UnseenStory;

/** A machine that has asked at least one host whose log was read. */
export interface SeenStory {
  readonly kind: 'seen';
  /** As it called itself last. */
  readonly machine: string;
  /** Other names under which its client ids have asked, by renames; not those of duplicates. Newest first. */
  readonly formerNames: readonly FormerName[];
  /** What it is called now, if another name has taken its place. */
  readonly renamedTo: NewName | undefined;
  /** At least one. */
  readonly leases: readonly LeaseStory[];
  /** Its last requests of any product and result, newest first; a dozen is enough. */
  readonly requests: readonly RequestStory[];
  readonly duplicates: readonly DuplicateStory[];
  /** While the fleet moves (`leases.migrating`); undefined too if none of its leases counts. */
  readonly move?: MachineMove | undefined;
  /** When it was retired by command, unless it has asked since. */
  readonly retiredAt: Seconds | undefined;
  /** Every KMS host that is known, configured or found. */
  readonly hosts: readonly HostStory[];
}

/** A name that no host whose log was read has had a request from. */
export interface UnseenStory {
  readonly kind: 'unseen';
  /** As the user wrote it. */
  readonly asked: string;
  /** Machines that are known by a similar name, the nearest first. */
  readonly similar: readonly string[];
  readonly hosts: readonly HostStory[];
  /** Those whose SRV records are looked up. */
  readonly domains: readonly string[];
}

export interface NewName {
  readonly machine: string;
  readonly since: Seconds;
}

export interface FormerName {
  readonly machine: string;
  readonly lastUsed: Seconds;
}

/** A lease with what follows from it now. */
export interface LeaseStory {
  readonly lease: Lease;
  /** Its name, or the activation id when no table names it. */
  readonly product: string;
  readonly state: LeaseState;
  readonly expiry: Expiry | undefined;
  readonly retrying: boolean;
  /** Since when no two of its requests are more than two `interval` apart. */
  readonly runStart: Seconds;
  /** Seconds between two tries of a client that is not activated: as a fresh report of its host says, else configured. */
  readonly interval: Seconds;
  /** Of the host and pool of its last request at that time; undefined without a pool. */
  readonly lastCount: CountAtTime | undefined;
  /** Of the same host and pool now. */
  readonly countNow: CountAtTime | undefined;
  /** What took its place on this machine, for state `superseded`. */
  readonly successor: { readonly product: string; readonly time: Seconds } | undefined;
}

export interface RequestStory {
  readonly request: LeaseRequest;
  readonly product: string;
  /** Of that host and pool at that time, this request included; undefined without a pool. */
  readonly count: CountAtTime | undefined;
  readonly repeat: boolean;
}

/** What the host had counted. */
export interface CountAtTime {
  /** The count, or a lower bound of it. */
  readonly value: number;
  /** It was known with regard to the N-policy of the client that asked. */
  readonly known: boolean;
  /** The value is the host's own number, below its cap. */
  readonly isOwn?: boolean;
}

/** A client id that several machines use. */
export interface DuplicateStory {
  readonly clientId: string;
  /** The first request that showed it. */
  readonly since: Seconds;
  /** All that used it, this machine among them, each once: a bare name and its FQDN are one. */
  readonly machines: readonly string[];
}

interface HostStoryKey {
  readonly activationId: string;
  readonly product: string;
  /** False: it is not activated with Microsoft. */
  readonly licensed?: boolean;
}

export interface HostStory {
  readonly host: HostName;
  /** Its log is being read: by a subscription or by pushes that went on within `activations.stale_after`. */
  readonly read: boolean;
  /** All that is known of its log was imported, up to `lastRecord`. */
  readonly imported?: boolean;
  /** Its history is still coming in, so far until `lastRecord`. */
  readonly reading?: boolean;
  /** Event times of the oldest and the newest record of its log that are known. */
  readonly firstRecord: Seconds | undefined;
  readonly lastRecord: Seconds | undefined;
  /** Caption of its Windows, and its KMS host keys, by its newest report; undefined if there was none. */
  readonly os?: string | undefined;
  readonly keys?: readonly HostStoryKey[] | undefined;
  /** The time of that report. */
  readonly keysAt?: Seconds | undefined;
}

export type ExplainSettings = Pick<LeaseSettings, 'validity' | 'renewalInterval' | 'forgetAfter'>;

import type { ActivationObject } from '../directory/types.ts';
import type { LookupFailure, LookupFailureReason, SrvAnswer } from '../discovery/types.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Millis } from '../kernel/time.ts';
import type { HostProbe, ProbeOutcome } from '../probe/types.ts';
import type { HostReport } from '../reports/types.ts';

/**
 * The whole estate as it is known at one moment: metrics, conditions and pages read it, and nothing changes it.
 * What is older than its limit is undefined here, and so is everything derived from it; times and totals stay.
 */
export interface EstateSnapshot {
  /** Milliseconds since the epoch. */
  readonly at: Millis;
  readonly domains: readonly DomainSnapshot[];
  readonly hosts: readonly HostSnapshot[];
  readonly endpoints: readonly EndpointSnapshot[];
  /** Undefined if no directory is read. */
  readonly directory?: DirectorySnapshot | undefined;
  /** Published, expected or configured hosts; undefined while what a domain publishes is not known. */
  readonly hostCount: number | undefined;
  /** Undefined when `hostCount` is, and when no probe of any of them is fresh. */
  readonly hostsUp: number | undefined;
  /** Those of which nothing is known; undefined when `hostsUp` is. */
  readonly hostsUnknown: number | undefined;
}

export interface DomainSnapshot {
  readonly name: HostName;
  readonly expectedHosts: readonly HostName[] | undefined;
  readonly lookups: readonly LookupSnapshot[];
  /** True when at least one server's answer is fresh. */
  readonly known: boolean;
  /** The union of the fresh answers, by the hosts' own names, sorted. */
  readonly records: readonly PublishedRecord[];
  readonly unexpected: readonly { readonly host: HostName; readonly port: number }[];
  readonly missing: readonly HostName[];
  /** Undefined when no answer is fresh. */
  readonly disagree: boolean | undefined;
  /**
   * Published or expected hosts, by their own names. While what the domain publishes is not known, those that it
   * published within the last 24 hours.
   */
  readonly hosts: readonly HostName[];
  /** How many they are; undefined while what the domain publishes is not known. */
  readonly hostCount: number | undefined;
  readonly hostsUp: number | undefined;
  readonly hostsUnknown: number | undefined;
  /** Those of `hosts` that are up, and those that are known to be down. */
  readonly up: readonly HostName[];
  readonly down: readonly HostName[];
}

/** One domain asked at one name server. */
export interface LookupSnapshot {
  readonly server: string;
  readonly total: number;
  /** Seconds that all of them took. */
  readonly totalDuration: number;
  readonly failures: Readonly<Record<LookupFailureReason, number>>;
  /** The last lookup, while it is fresh. */
  readonly last:
    | { readonly at: Millis; readonly duration: number; readonly failure: LookupFailure | undefined }
    | undefined;
  /** The last answer, while it is fresh; it outlives a failed lookup. */
  readonly answer: SrvAnswer | undefined;
}

export interface PublishedRecord {
  readonly host: HostName;
  /** The name in DNS, an alias of `host`. */
  readonly target: HostName;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
  /** The labels of the servers that publish it. */
  readonly servers: readonly string[];
  /** Whether a server that answered does not publish it. */
  readonly partial: boolean;
}

/** Active Directory, as it was read last. */
export interface DirectorySnapshot {
  /** Whether the last attempt to read it succeeded; undefined before the first. */
  readonly up: boolean | undefined;
  /** Why it is not up, for people; free of secrets. */
  readonly failure: string | undefined;
  readonly lastSuccess: Millis | undefined;
  /** Undefined if they are not read, or were not lately. */
  readonly objects: readonly ActivationObject[] | undefined;
  /** Those that nobody expects; undefined if each is welcome. */
  readonly unexpected: readonly ActivationObject[] | undefined;
}

export interface HostSnapshot {
  readonly host: HostName;
  /** Undefined when what DNS says is not known. */
  readonly published: boolean | undefined;
  /** Configured, or expected in a domain. */
  readonly expected: boolean;
  /** Undefined if no report is configured for the host. */
  readonly report: ReportSnapshot | undefined;
  /** Undefined: its log is not read by a subscription. */
  readonly subscription: SubscriptionSnapshot | undefined;
}

/** The report of a host, by a push, a command or WinRM. */
export interface ReportSnapshot {
  /** Whether the last attempt brought a report (for a push: whether one came in time); undefined before the first. */
  readonly up: boolean | undefined;
  /** Why it is not up, for people; free of secrets. */
  readonly failure: string | undefined;
  /** The newest report, while it is fresh (`reports.stale_after`). */
  readonly fresh: HostReport | undefined;
  /** The newest report whatever its age, for its times and totals. */
  readonly last: HostReport | undefined;
  /** As of when a report last said that the log of requests was read, records or none: milliseconds since the epoch. */
  readonly logRead?: Millis | undefined;
}

/** The pull subscription to a host's logs. */
export interface SubscriptionSnapshot {
  /** Whether it is open; undefined before the first attempt has ended. */
  readonly up: boolean | undefined;
  /** Why it does not, for people; free of secrets. */
  readonly failure: string | undefined;
  /** Milliseconds since the epoch at which the host last answered it, with or without records. */
  readonly lastAnswer: Millis | undefined;
}

/** One host and port that is probed. */
export interface EndpointSnapshot {
  readonly host: HostName;
  readonly port: number;
  /** Undefined when nothing is known: the last probe is not fresh, or no name server answered for the name. */
  readonly up: boolean | undefined;
  /** Since when it is up, milliseconds since the epoch; undefined if it is not, or was up when it was first looked at. */
  readonly upSince?: Millis | undefined;
  /** True when nothing can be known of it, by its last probe or as it is not probed: it is neither up nor down. */
  readonly unknown: boolean;
  /** False: nothing is said of its port (`hosts[].probe`, `probe.enabled`). */
  readonly isProbed: boolean;
  readonly probe: HostProbe | undefined;
  readonly total: number;
  /** Seconds that all of them took. */
  readonly totalDuration: number;
  readonly failures: ReadonlyMap<ProbeOutcome, number>;
  /** Milliseconds since the epoch; undefined before the first. */
  readonly lastProbe: Millis | undefined;
  readonly genuine: boolean | undefined;
}

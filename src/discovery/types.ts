import type { HostName } from '../kernel/host-name.ts';
import type { Result } from '../kernel/result.ts';
import type { Millis, Seconds } from '../kernel/time.ts';

/** Why a lookup got no answer: the closed set of the label `reason`. */
export const LOOKUP_FAILURES = [
  'timeout',
  'servfail',
  'refused',
  'formerr',
  'malformed',
  'mismatch',
  'network',
  'other',
] as const;
export type LookupFailureReason = (typeof LOOKUP_FAILURES)[number];

export interface LookupFailure {
  readonly reason: LookupFailureReason;
  /** For a person: what came instead of an answer. */
  readonly detail: string;
}

/** A name server to ask. */
export interface NameServer {
  /** As metrics show it: the address, with the port unless it is 53. */
  readonly label: string;
  /** A literal address, or a name that the system resolves. */
  readonly host: HostName;
  readonly port: number;
}

/** One usable SRV record as it was published (RFC 2782). */
export interface SrvRecord {
  readonly target: HostName;
  /** 1 to 65535. */
  readonly port: number;
  /** 0 to 65535, the lowest is asked first. */
  readonly priority: number;
  /** 0 to 65535. */
  readonly weight: number;
  /** Seconds; at least 2^31 counts as 0 (RFC 2181 8). */
  readonly ttl: number;
}

/** A record that clients cannot use, or a duplicate. */
export interface RecordFlaw {
  readonly kind: 'null_target' | 'duplicate' | 'malformed';
  /** For a person: the record and its fault. */
  readonly text: string;
}

/** The answer of one server for one domain; an empty answer and NXDOMAIN count as answers. */
export interface SrvAnswer {
  readonly status: 'records' | 'nodata' | 'nxdomain';
  /** Without flawed ones and without the second of two equal ones. */
  readonly records: readonly SrvRecord[];
  readonly flaws: readonly RecordFlaw[];
  /** Addresses that came along in the additional section. */
  readonly glue: readonly AddressRecord[];
}

/** An A or AAAA record. */
export interface AddressRecord {
  /** As the message has it, which may be no host name. */
  readonly name: string;
  readonly family: 4 | 6;
  readonly address: string;
  /** Seconds. */
  readonly ttl: number;
}

/** One SRV lookup at one server, with all its attempts. */
export interface SrvLookup {
  readonly domain: HostName;
  readonly server: NameServer;
  /** Milliseconds since the epoch, when it ended. */
  readonly at: Millis;
  /** Seconds that the whole lookup took. */
  readonly duration: Seconds;
  /** Packets that were not an answer to the question and were passed over, by what was wrong with them. */
  readonly ignored: { readonly malformed: number; readonly mismatch: number };
  readonly result: Result<SrvAnswer, LookupFailure>;
}

/** A host and port that a domain published, and when it last did. */
export interface Sighting {
  readonly domain: HostName;
  readonly target: HostName;
  readonly port: number;
  /** Milliseconds since the epoch. */
  readonly at: Millis;
}

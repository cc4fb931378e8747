import type { LookupFunction } from 'node:net';
import type { SecretSource } from '../config/secrets.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import type { Millis } from '../kernel/time.ts';
import type { WinrmShared } from './shared.ts';

/** How a host is reached over WS-Management. Files are read again at every use, so that they can be renewed in place. */
export interface WinrmConnection {
  /** `https://host:5986/wsman`; `http` only with `insecure`. */
  readonly url: string;
  readonly auth: WinrmAuth;
  /** PEM file of the authorities that sign the host's certificate; undefined: those of Node. */
  readonly caFile?: string | undefined;
  /** True, for a lab: plain HTTP and any certificate are taken. */
  readonly insecure: boolean;
}

export type WinrmAuth =
  | { readonly kind: 'basic'; readonly username: string; readonly password: SecretSource }
  /** PEM files. */
  | { readonly kind: 'certificate'; readonly certFile: string; readonly keyFile: string }
  | { readonly kind: 'kerberos'; readonly principal: string; readonly keytabFile: string };

/** What the client takes from outside. */
export interface WinrmDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** How host names become addresses; default: the system's. It MUST end by itself. */
  readonly lookup?: LookupFunction;
  /** One for all clients of a process: `createWinrmShared()`. */
  readonly shared: WinrmShared;
}

/** Why a call failed: a closed set. */
const WINRM_REASONS = [
  /** The caller's signal aborted it. */
  'aborted',
  /** No whole answer in time; or the host said that it could not answer in time. */
  'timeout',
  /** No connection, or one that broke. */
  'network',
  /** The certificate is not believed, or there is no agreement on TLS. */
  'tls',
  /** Our own side: a file that cannot be read, no Kerberos ticket, the package `kerberos` missing, plain HTTP. */
  'credentials',
  /** 401: the login was not taken. */
  'unauthorized',
  /** The login was taken, the right is missing. */
  'denied',
  /** Another HTTP status than 200 and 500. */
  'http',
  /** The answer is no WS-Management answer to this question. */
  'malformed',
  /** The answer, or the request (413), is over a limit. */
  'too_large',
  /** Too many operations of this user at once. */
  'quota',
  /** The bookmark is not taken: overwritten, or of a log that was cleared. Subscribe without it. */
  'bookmark',
  /** The host does not know the enumeration or subscription any more. Begin a new one. */
  'gone',
  /** Any other fault. */
  'fault',
] as const;
export type WinrmReason = (typeof WINRM_REASONS)[number];

export interface WinrmFailure {
  readonly reason: WinrmReason;
  /** For a person: what happened, where, and what to do. Holds no secret, and nothing but printable characters. */
  readonly text: string;
  /** What the host answered, when it answered with a fault. */
  readonly fault?: WinrmFault;
}

/** A SOAP fault, with the fields of either shape of its detail. */
export interface WinrmFault {
  /** Local name of the innermost subcode (`TimedOut`, `CannotProcessFilter`); empty when there is none. */
  readonly subcode: string;
  /** `WSManFault/@Code` or `error_Code`: an HRESULT or a Win32 error as an unsigned number. */
  readonly code: number | undefined;
  /** The host's own words, in its language: one line, at most 500 characters. */
  readonly text: string;
}

/** A property: null for xsi:nil; an array when its element came more than once. */
export type WmiValue = string | null | readonly string[];

/**
 * One instance: property name to value, without prefixes. An array of one element looks like a scalar in an
 * answer: read arrays with `wmiArray`.
 */
export type WmiObject = Readonly<Record<string, WmiValue>>;

export interface WinrmIdentity {
  /** `http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd`. */
  readonly protocol: string;
  readonly vendor: string;
  /** `OS: 10.0.20348 SP: 0.0 Stack: 3.0`. */
  readonly version: string;
  /** URIs of the ways to log in that are enabled; empty when the host does not say. */
  readonly securityProfiles: readonly string[];
}

/** Of every call. */
export interface CallOptions {
  /** Milliseconds for all of it, connecting and logging in included; greater than 0. */
  readonly timeout: Millis;
  readonly signal: AbortSignal;
}

export interface EnumerateOptions extends CallOptions {
  readonly wql: string;
  /** Default: `root/cimv2`. */
  readonly namespace?: string;
  /** More instances than this are `too_large`; default 10,000. */
  readonly maxItems?: number;
  /** Milliseconds for one page, within the timeout, which is that of all of them; default: what is left of it. */
  readonly pageTimeout?: Millis;
}

/** One channel, and which of its events. */
export interface EventQuery {
  /** `Key Management Service`, `Application`. */
  readonly channel: string;
  /** `*[System[(EventID=12290)]]`: the XPath subset of event logs. */
  readonly xpath: string;
}

export interface SubscribeOptions extends CallOptions {
  /** At least one. */
  readonly queries: readonly EventQuery[];
  /** As `EventBatch.bookmark` gave it: the events after it. */
  readonly bookmark?: string | undefined;
  /** Without a bookmark: every event that the logs still hold (the default), or those to come. */
  readonly from?: 'earliest' | 'now';
  /** Milliseconds that the host holds a pull back while there is nothing new; default 60 s. */
  readonly pullTimeout?: Millis;
  /** How many events a pull at most; default 500. */
  readonly maxEvents?: number;
}

export interface EventBatch {
  /** One `<Event>` each, as XML text that needs nothing around it. Empty: nothing new. */
  readonly events: readonly string[];
  /** The place in the logs after these events, a `<BookmarkList>` as XML text; undefined: it has not changed. */
  readonly bookmark: string | undefined;
}

import type { HostName } from '../kernel/host-name.ts';
import type { Seconds } from '../kernel/time.ts';
import type { LicenseStatusNumber } from '../products/license-status.ts';

/** The two logs of a KMS host that are read: `Key Management Service` and `Application`. */
export type LogName = 'kms' | 'application';

/** One record of a KMS host's log. It is known by (host, log, recordId, time). */
export interface EventRecord {
  /** The host that wrote it, as the record names it: the reader does not know aliases. */
  readonly host: HostName;
  readonly log: LogName;
  /** Whole, from 0 up. Starts again when the log is cleared. */
  readonly recordId: number;
  /**
   * Whole seconds since the epoch, cut off and not rounded: shippers keep 3, 6, 7 or no digits of the second, and the
   * same record must be the same through each of them.
   */
  readonly time: Seconds;
  readonly body: EventBody;
}

export type EventBody = ActivationRequest | ServiceFailure | DnsPublish | ClientEvent;

export type ClientEventId = 12288 | 12289 | 12308 | 1003 | 8198;

/** What a client writes into its own log: `host` of the record is the client. */
export interface ClientEvent {
  readonly kind: 'client';
  readonly eventId: ClientEventId;
  readonly hresult: number;
  /** Lower case; null if the event does not say. */
  readonly activationId: string | null;
  /** 12288: the host that it asked. */
  readonly host: string | null;
  /** 12289: whether the answer activated it. */
  readonly answered: boolean | null;
  /** 1003: what is licensed by volume, with the minutes that are left. */
  readonly licences: readonly { readonly activationId: string; readonly minutes: number }[];
}

/** 12290: the host has handled one activation request. */
export interface ActivationRequest {
  readonly kind: 'request';
  /** What the host answered, 0 to 2^32 - 1; 0 is success. */
  readonly hresult: number;
  /** How many clients this product needs: 25 for Windows clients, 5 for Windows Server and Office. */
  readonly nPolicy: number;
  /** The client's name in lower case, bare or fully qualified: letters and digits of any script, `-`, `_` and dots. */
  readonly machine: string;
  /** The client machine id, lower case. */
  readonly clientId: string;
  /** Seconds since the epoch by the client's own clock, to the minute; undefined when it cannot be read. */
  readonly clientTime: Seconds | undefined;
  readonly virtual: boolean;
  /** What the client said of itself before the request. */
  readonly status: LicenseStatusNumber;
  /** Minutes left of that status, 0 to 2^32 - 1: what says no number (-1) is 2^32 - 1. */
  readonly minutes: number;
  /** The activation id, lower case. */
  readonly activationId: string;
}

/** 12291 (`init`) and 12292 (`timer`): the service could not start, or not start its renewal timer. */
export interface ServiceFailure {
  readonly kind: 'service_failure';
  readonly failure: 'init' | 'timer';
  readonly hresult: number;
}

/** 12293 (`failure`) and 12294 (`success`): the host has tried to publish its SRV record in a domain. */
export interface DnsPublish {
  readonly kind: 'dns_publish';
  readonly result: 'failure' | 'success';
  readonly domain: HostName;
  /** 0 when it succeeded. */
  readonly hresult: number;
}

/**
 * Why a record was not taken: `ignored`, it is none of those that are read; `rejected`, it should be one of them and
 * cannot be understood. The reason is for a person and safe to print.
 */
export interface Unusable {
  readonly kind: 'ignored' | 'rejected';
  readonly reason: string;
  /** The reason is that of the form, and so of every record in it: people need it once. */
  readonly ofForm?: true;
  /** The reason says which part of a saved log is damaged, and where it is: there may be many of one cause. */
  readonly isDamage?: true;
}

export function ignored(reason: string): Unusable {
  return { kind: 'ignored', reason };
}

export function rejected(reason: string): Unusable {
  return { kind: 'rejected', reason };
}

/** @param reason why no record of a form can be taken */
export function refusedForm(reason: string): Unusable {
  return { kind: 'rejected', reason, ofForm: true };
}

/** @param reason what is damaged in a saved log, with its place */
export function damaged(reason: string): Unusable {
  return { kind: 'rejected', reason, isDamage: true };
}

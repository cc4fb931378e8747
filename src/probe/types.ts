import type { HostName } from '../kernel/host-name.ts';
import type { Millis } from '../kernel/time.ts';

/** The outcomes of a probe, the best first: the closed set of the label `outcome`. */
export const PROBE_OUTCOMES = [
  'ok',
  'busy',
  'denied',
  'not_kms',
  'not_rpc',
  'silent',
  'closed',
  'refused',
  'unreachable',
  'filtered',
  'unresolvable',
  'lookup_failed',
  'error',
] as const;
export type ProbeOutcome = (typeof PROBE_OUTCOMES)[number];

export const PROBE_PHASES = ['resolve', 'connect', 'bind'] as const;
export type ProbePhase = (typeof PROBE_PHASES)[number];

/** One address of a host, tried once. */
export interface AddressProbe {
  readonly address: string;
  readonly outcome: ProbeOutcome;
  /** For a person: the behaviour of the peer. Contains no raw byte from it. */
  readonly detail: string;
  /** Seconds until the connection was established; undefined if it never was. */
  readonly connect: number | undefined;
  /** Seconds from there to the end of the answer; undefined when none came. */
  readonly bind: number | undefined;
  /** The agent had no file left for a connection, so nothing is known of the host. */
  readonly isOwnFault?: boolean | undefined;
}

/** One host and port, probed over all its addresses. */
export interface HostProbe {
  readonly host: HostName;
  readonly port: number;
  /** Milliseconds since the epoch, when it ended. */
  readonly at: Millis;
  /** The best of the addresses. */
  readonly outcome: ProbeOutcome;
  readonly detail: string;
  /** Those that were tried; a family without a local route is left out. */
  readonly addresses: readonly AddressProbe[];
  /** Seconds; connect and bind are those of the best address, undefined when not reached. */
  readonly phases: Readonly<Record<ProbePhase, number | undefined>>;
  /** As that of the best address. */
  readonly isOwnFault?: boolean | undefined;
}

/** A bind to a random interface, which a genuine host refuses. */
export interface ImpostorCheck {
  readonly host: HostName;
  readonly port: number;
  /** Milliseconds since the epoch. */
  readonly at: Millis;
  /** False: it accepted; true: it refused as Windows does; undefined: it did not say. */
  readonly genuine: boolean | undefined;
}

import { formatHostPort } from '../../kernel/address.ts';
import type { HostName } from '../../kernel/host-name.ts';
import { type Millis, millis } from '../../kernel/time.ts';
import { connectAddress } from '../../probe/connect-address.ts';
import { CONNECTIONS_PER_HOST, probeAddresses } from '../../probe/probe-host.ts';
import { type HostProbe, PROBE_OUTCOMES, type ProbeOutcome, type ProbePhase } from '../../probe/types.ts';
import type { LiveProbeContext } from './live-probe-context.ts';
import { family, labelledFamily, labelText } from './probe-text.ts';

/** The family `probe_outcome` for each outcome, written once. */
const OUTCOMES = Object.fromEntries(PROBE_OUTCOMES.map((outcome) => [outcome, outcomeFamily(outcome)])) as Readonly<
  Record<ProbeOutcome, string>
>;

/** The labels of each phase, written once. */
const PHASES: Readonly<Record<ProbePhase, string>> = {
  resolve: labelText({ phase: 'resolve' }),
  connect: labelText({ phase: 'connect' }),
  bind: labelText({ phase: 'bind' }),
};

/** What is done with addresses that have passed the rules: they are dialled as they are, nothing is resolved again. */
export interface Dial {
  readonly module: 'rpc' | 'tcp';
  readonly host: HostName;
  readonly port: number;
  /** Literal. */
  readonly addresses: readonly string[];
  /** Milliseconds for all of them. */
  readonly timeout: Millis;
  readonly signal: AbortSignal;
}

/** @returns undefined when the signal aborted before there was an outcome */
export function dial({ clock }: LiveProbeContext, options: Dial): Promise<HostProbe | undefined> {
  const { module, host, port, addresses, signal } = options;
  // Hosts with many addresses are dialled in several turns, which share the time.
  const timeout = millis(options.timeout / Math.ceil(addresses.length / CONNECTIONS_PER_HOST));
  const probe = module === 'tcp' ? { probe: connectAddress } : {};
  return probeAddresses(addresses, { host, port, timeout, clock, signal, ...probe });
}

/** The families of a dial. @param resolve seconds */
export function dialText({ addresses, outcome, phases }: Omit<HostProbe, 'detail'>, resolve: number): string {
  const best = addresses.find((address) => address.outcome === outcome);
  return [
    family('probe_dns_lookup_time_seconds', resolve),
    best === undefined ? '' : family('probe_ip_protocol', best.address.includes(':') ? 6 : 4),
    family('probe_addresses', addresses.length),
    family('probe_addresses_failing', addresses.filter((address) => address.outcome !== 'ok').length),
    OUTCOMES[outcome],
    labelledFamily('probe_phase_duration_seconds', [
      [PHASES.resolve, resolve],
      [PHASES.connect, phases.connect],
      [PHASES.bind, phases.bind],
    ]),
  ].join('');
}

/** For a person who debugs: one line an address. */
export function describeDial({ addresses, port, detail }: HostProbe): readonly string[] {
  const lines = addresses.map((each) => `${formatHostPort(each.address, port)}: ${each.outcome}: ${each.detail}`);
  return lines.length === 0 ? [detail] : lines;
}

function outcomeFamily(outcome: ProbeOutcome): string {
  return labelledFamily(
    'probe_outcome',
    PROBE_OUTCOMES.map((each) => [labelText({ outcome: each }), each === outcome]),
  );
}

import { formatHostPort } from '../../kernel/address.ts';
import { withDeadline } from '../../kernel/deadline.ts';
import { type HostName, parseHostName } from '../../kernel/host-name.ts';
import { type Millis, millis } from '../../kernel/time.ts';
import { connectAddress } from '../../probe/connect-address.ts';
import { CONNECTIONS_PER_HOST, probeHost } from '../../probe/probe-host.ts';
import { type HostProbe, PROBE_OUTCOMES, PROBE_PHASES, type ProbeOutcome } from '../../probe/types.ts';
import type { LiveProbeContext } from './live-probe-context.ts';
import { ProbeText } from './probe-text.ts';

/** Milliseconds after the time of the addresses is up: what they say of it is better than nothing. */
const LATE = 50;

/** The family `probe_outcome` for each outcome, written once. */
const OUTCOMES = Object.fromEntries(PROBE_OUTCOMES.map((outcome) => [outcome, outcomeFamily(outcome)])) as Readonly<
  Record<ProbeOutcome, string>
>;

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

/** @returns undefined when time was up, or the signal aborted, before there was an outcome */
export function dial(context: LiveProbeContext, options: Dial): Promise<HostProbe | undefined> {
  const { module, host, port, addresses, timeout, signal } = options;
  // Hosts with many addresses are dialled in several turns, which share the time.
  const each = millis(timeout / Math.ceil(addresses.length / CONNECTIONS_PER_HOST));
  return withDeadline(millis(timeout + LATE), signal, (stop) =>
    probeHost({
      host,
      port,
      // Literal addresses are their own names: there is nothing left to resolve.
      names: addresses.flatMap(nameOf),
      resolve: context.resolve,
      timeout: each,
      clock: context.clock,
      signal: stop,
      ...(module === 'tcp' ? { probe: connectAddress } : {}),
    }),
  );
}

export function writeDial(text: ProbeText, probe: HostProbe, resolve: number): void {
  const { addresses, outcome, phases } = probe;
  const best = addresses.find((address) => address.outcome === outcome);
  text.add('probe_dns_lookup_time_seconds', resolve);
  if (best !== undefined) text.add('probe_ip_protocol', best.address.includes(':') ? 6 : 4);
  text.add('probe_addresses', addresses.length);
  text.add('probe_addresses_failing', addresses.filter((address) => address.outcome !== 'ok').length);
  text.addFamily('probe_outcome', OUTCOMES[outcome]);
  for (const phase of PROBE_PHASES) {
    text.add('probe_phase_duration_seconds', phase === 'resolve' ? resolve : phases[phase], { phase });
  }
}

/** For a person who debugs: one line an address. */
export function describeDial({ addresses, port, detail }: HostProbe): readonly string[] {
  const lines = addresses.map((each) => `${formatHostPort(each.address, port)}: ${each.outcome}: ${each.detail}`);
  return lines.length === 0 ? [detail] : lines;
}

function outcomeFamily(outcome: ProbeOutcome): string {
  const text = new ProbeText();
  for (const each of PROBE_OUTCOMES) text.add('probe_outcome', each === outcome, { outcome: each });
  return text.toString();
}

function nameOf(address: string): readonly HostName[] {
  const name = parseHostName(address);
  return name.ok ? [name.value] : [];
}

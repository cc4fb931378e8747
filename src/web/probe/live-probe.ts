import { type Endpoint, formatHostPort, isAddress, parseHostPort } from '../../kernel/address.ts';
import { withDeadline } from '../../kernel/deadline.ts';
import { formatDuration } from '../../kernel/duration.ts';
import { type HostName, parseHostName } from '../../kernel/host-name.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { inSeconds, type Millis, millis } from '../../kernel/time.ts';
import { isDenial, MAX_ADDRESSES, type Resolve, unreached } from '../../probe/probe-host.ts';
import { describeDial, dial, dialText } from './dial.ts';
import type { LiveProbeContext } from './live-probe-context.ts';
import { describeSrv, lookUpEverywhere, srvText } from './probe-srv.ts';
import { family } from './probe-text.ts';
import { type Grounds, groundsFor, mayDial, mayLookUp } from './target-rules.ts';

const PROBE_MODULES = ['rpc', 'tcp', 'srv'] as const;
export type ProbeModule = (typeof PROBE_MODULES)[number];

export interface LiveProbe {
  readonly module: ProbeModule;
  readonly target: string;
  /** Milliseconds that the caller waits; undefined: as long as the polls would. */
  readonly timeout: Millis | undefined;
  readonly signal: AbortSignal;
}

export interface LiveProbeAnswer {
  /** The text format 0.0.4. */
  readonly metrics: string;
  /** What happened, a line each, for people: few ask, and it is not written for the others. */
  readonly log: () => readonly string[];
}

/** `bad`: the target is none; `refused`: it is one that may not be looked at. */
export interface ProbeRefusal {
  readonly kind: 'bad' | 'refused';
  readonly text: string;
}

type Answer = Promise<Result<LiveProbeAnswer, ProbeRefusal>>;

const DEFAULT_PORT = 1688;

const NOT_ALLOWED =
  'this target is neither watched nor listed in web.probe_allow, or it resolves to an address that is not allowed';

/** Looks once, now. That the target fails is an answer, with `probe_success 0`. */
export function liveProbe(context: LiveProbeContext, probe: LiveProbe): Answer {
  return probe.module === 'srv'
    ? probeDomain(context, probe)
    : probeTarget(context, { ...probe, module: probe.module });
}

async function probeTarget(context: LiveProbeContext, probe: LiveProbe & { module: 'rpc' | 'tcp' }): Answer {
  const parsed = parseHostPort(probe.target);
  if (!parsed.ok) return err({ kind: 'bad', text: `target: ${parsed.error}` });
  const target = { host: parsed.value.host, port: parsed.value.port ?? DEFAULT_PORT };
  const watched = context.watched(target);
  const grounds = groundsFor(target, watched !== undefined, context.allow);
  if (grounds === undefined) return err({ kind: 'refused', text: NOT_ALLOWED });
  const { clock } = context;
  const timeout = millis(Math.min(context.timeout, probe.timeout ?? Number.POSITIVE_INFINITY));
  const started = clock.monotonic();
  const found = await findAddresses(context, watched ?? [target.host], timeout, probe.signal);
  const allowed = found.addresses.filter((address) => mayDial(address, target, grounds, context.allow));
  if (found.addresses.length > 0 && allowed.length === 0) return err({ kind: 'refused', text: NOT_ALLOWED });
  const resolve = inSeconds(millis(clock.monotonic() - started));
  const left = millis(timeout - 1000 * resolve);
  const dialled =
    allowed.length > 0 && left > 0
      ? await dial(context, {
          ...target,
          module: probe.module,
          addresses: allowed,
          timeout: left,
          signal: probe.signal,
        })
      : undefined;
  const elapsed = inSeconds(millis(clock.monotonic() - started));
  const outcome = found.failure ?? 'filtered';
  const reached = dialled ?? { ...unreached(target, clock.now()), outcome };
  const log = () => [
    introduce(probe.module, target, grounds, timeout),
    ...describeNames(found.names),
    ...(allowed.length < found.addresses.length
      ? [`left out as not allowed: ${withheld(found.addresses, allowed)}`]
      : []),
    ...(dialled === undefined ? ['no outcome in time'] : describeDial(dialled)),
  ];
  return ok({ metrics: begin(dialled?.outcome === 'ok', elapsed, timeout) + dialText(reached, resolve), log });
}

async function probeDomain(context: LiveProbeContext, { target, timeout: asked, signal }: LiveProbe): Answer {
  const domain = parseHostName(target);
  if (!domain.ok || isAddress(domain.value)) {
    return err({ kind: 'bad', text: `target: ${domain.ok ? 'expected a domain, found an address' : domain.error}` });
  }
  if (!context.isWatchedDomain(domain.value) && !mayLookUp(domain.value, context.allow)) {
    return err({ kind: 'refused', text: NOT_ALLOWED });
  }
  const { clock, lookup } = context;
  const timeout = millis(Math.min(lookup.timeout * lookup.attempts, asked ?? Number.POSITIVE_INFINITY));
  const started = clock.monotonic();
  const lookups = await lookUpEverywhere(context, domain.value, timeout, signal);
  const elapsed = inSeconds(millis(clock.monotonic() - started));
  const { success, text } = srvText(lookups);
  return ok({
    metrics: begin(success, elapsed, timeout) + text,
    log: () => [`srv _vlmcs._tcp.${domain.value}, within ${formatDuration(timeout)}`, ...describeSrv(lookups)],
  });
}

function begin(success: boolean, seconds: number, timeout: Millis): string {
  return (
    family('probe_success', success) +
    family('probe_duration_seconds', seconds) +
    family('probe_timeout_seconds', inSeconds(timeout))
  );
}

interface Found {
  readonly addresses: readonly string[];
  /** What became of each name that was looked up; undefined: nothing in time. */
  readonly names: readonly { readonly name: HostName; readonly result: Awaited<ReturnType<Resolve>> | undefined }[];
  /** Why there is no address. */
  readonly failure?: 'unresolvable' | 'lookup_failed';
}

/** The one resolution: what it finds is checked, and then dialled. */
async function findAddresses(
  { resolve }: LiveProbeContext,
  names: readonly HostName[],
  timeout: Millis,
  signal: AbortSignal,
): Promise<Found> {
  const [first] = names;
  if (names.length === 1 && first !== undefined && isAddress(first)) return { addresses: [first], names: [] };
  const found = await Promise.all(
    names.map(async (name) => ({ name, result: await withDeadline(timeout, signal, (stop) => resolve(name, stop)) })),
  );
  const addresses = found.flatMap(({ result }) => (result?.ok ? result.value.addresses.filter(isAddress) : []));
  if (addresses.length > 0) return { addresses: [...new Set(addresses)].slice(0, MAX_ADDRESSES), names: found };
  const isDenied = found.every(({ result }) => result !== undefined && (result.ok || isDenial(result.error.reason)));
  return { addresses, names: found, failure: isDenied ? 'unresolvable' : 'lookup_failed' };
}

function describeNames(names: Found['names']): readonly string[] {
  return names.map(({ name, result }) => {
    if (result === undefined) return `${name}: not resolved in time`;
    return result.ok ? `${name} is ${result.value.addresses.join(', ')}` : `${name}: ${result.error.detail}`;
  });
}

function introduce(module: ProbeModule, { host, port }: Endpoint, grounds: Grounds, timeout: Millis): string {
  const why = { watched: 'watched', named: 'allowed by its name', network: 'allowed by its address' }[grounds];
  return `${module} ${formatHostPort(host, port)} (${why}), within ${formatDuration(timeout)}`;
}

function withheld(all: readonly string[], allowed: readonly string[]): string {
  return all.filter((address) => !allowed.includes(address)).join(', ');
}

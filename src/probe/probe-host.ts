import { type Endpoint, isAddress } from '../kernel/address.ts';
import type { Clock } from '../kernel/clock.ts';
import { withDeadline } from '../kernel/deadline.ts';
import { formatDuration } from '../kernel/duration.ts';
import type { HostName } from '../kernel/host-name.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { inSeconds, type Millis, millis } from '../kernel/time.ts';
import { probeAddress } from './probe-address.ts';
import { hasRoute } from './route.ts';
import { type AddressProbe, type HostProbe, PROBE_OUTCOMES } from './types.ts';

/**
 * Finds the addresses of a host. MUST stop when the signal aborts; `detail` is shown to people. The reasons `nxdomain`
 * and `nodata` are a name server's word that there is none; any other says that nobody knows.
 */
export type Resolve = (
  host: HostName,
  signal: AbortSignal,
) => Promise<Result<{ readonly addresses: readonly string[] }, { readonly reason: string; readonly detail: string }>>;

export interface AddressesProbeOptions {
  readonly host: HostName;
  /** 1 to 65535. */
  readonly port: number;
  /** Milliseconds for each address, greater than 0. */
  readonly timeout: Millis;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What is done at each address; default: a bind to the KMS interface. */
  readonly probe?: typeof probeAddress;
  /** Whether this system has a route to an address; default: asks the system. */
  readonly hasRoute?: (address: string) => Promise<boolean>;
}

/** The timeout is that of the resolution too. */
export interface HostProbeOptions extends AddressesProbeOptions {
  /** What to resolve for it, at least one; default: its own name. A literal address needs no `resolve`. */
  readonly names?: readonly HostName[];
  readonly resolve: Resolve;
}

/** Addresses of one host that are tried; the rest of a longer answer is left alone. */
export const MAX_ADDRESSES = 64;

/** Connections to one host at once: a host with many addresses must not be hit with all of them together. */
export const CONNECTIONS_PER_HOST = 4;

/**
 * Probes a host over all its addresses; the best outcome counts, the first address among equals.
 * @returns undefined when the signal aborted it: a probe that was cut short says nothing about the host.
 * Rejects only when `resolve` or `hasRoute` does.
 */
export async function probeHost(options: HostProbeOptions): Promise<HostProbe | undefined> {
  const { host, names = [host], port, clock, signal } = options;
  const started = clock.monotonic();
  const found = await Promise.all(names.map((name) => findAddresses(name, options)));
  if (signal.aborted) return undefined;
  const resolve = names.every(isAddress) ? undefined : inSeconds(millis(clock.monotonic() - started));
  const unresolved = found.flatMap((each) => (each.ok ? [] : [each.error]));
  const known = [...new Set(found.flatMap((each) => (each.ok ? each.value : [])))].slice(0, MAX_ADDRESSES);
  if (known.length > 0) return probeAddresses(known, options, resolve, unresolved);
  return {
    ...unreached({ host, port }, clock.now(), resolve),
    // A name of which nobody knows anything may have an address, whatever is known of the others.
    outcome: unresolved.find(({ outcome }) => outcome === 'lookup_failed')?.outcome ?? 'unresolvable',
    detail: unresolved.map(({ detail }) => detail).join('; '),
  };
}

/**
 * Probes a host at these addresses and no other.
 * @param addresses literal, at least one @param resolve seconds that it took to find them
 * @param unresolved addresses that were tried in vain before
 * @returns undefined when the signal aborted it
 */
export async function probeAddresses(
  addresses: readonly string[],
  options: AddressesProbeOptions,
  resolve?: number,
  unresolved: readonly AddressProbe[] = [],
): Promise<HostProbe | undefined> {
  const { host, port, clock, signal } = options;
  const tried = [...(await probeAll(addresses, options)), ...unresolved];
  if (signal.aborted) return undefined;
  const best = bestOf(tried);
  if (best === undefined) {
    const detail = `this system has no route to ${addresses.join(', ')}`;
    return { ...unreached({ host, port }, clock.now(), resolve), outcome: 'unreachable', detail };
  }
  const { outcome, connect, bind, isOwnFault } = best;
  const phases = { resolve, connect, bind };
  const detail = `${best.address}: ${best.detail}`;
  const probe = { host, port, at: clock.now(), outcome, detail, addresses: tried, phases };
  return isOwnFault ? { ...probe, isOwnFault } : probe;
}

/** What there is to say of a host at which no address was tried. */
export function unreached({ host, port }: Endpoint, at: Millis, resolve?: number) {
  return { host, port, at, addresses: [], phases: { resolve, connect: undefined, bind: undefined } };
}

/** Whether a name server said that a name has no address; for any other reason nobody knows. */
export function isDenial(reason: string): boolean {
  return reason === 'nxdomain' || reason === 'nodata';
}

/** @returns at least one literal address; or, as an address that was tried in vain, why the name has none */
async function findAddresses(
  name: HostName,
  { resolve, timeout, signal }: HostProbeOptions,
): Promise<Result<readonly string[], AddressProbe>> {
  if (isAddress(name)) return ok([name]);
  const failed = (outcome: 'unresolvable' | 'lookup_failed', detail: string) =>
    err({ address: name, outcome, detail, connect: undefined, bind: undefined });
  const answer = await withDeadline(timeout, signal, (stop) => resolve(name, stop));
  if (answer === undefined) {
    return failed('lookup_failed', `no name server gave an address of ${name} within ${formatDuration(timeout)}`);
  }
  if (!answer.ok) {
    return failed(isDenial(answer.error.reason) ? 'unresolvable' : 'lookup_failed', answer.error.detail);
  }
  // A name among the addresses would make the system resolve it, past every deadline.
  const addresses = answer.value.addresses.filter(isAddress);
  return addresses.length === 0 ? failed('unresolvable', `${name} has no address`) : ok(addresses);
}

/** @returns those that have a route, in the order of the addresses */
async function probeAll(addresses: readonly string[], options: AddressesProbeOptions): Promise<AddressProbe[]> {
  const { port, timeout, clock, signal, probe: probeOne = probeAddress } = options;
  const results: (AddressProbe | undefined)[] = [];
  const queue = addresses.entries();
  async function work(): Promise<void> {
    for (const [index, address] of queue) {
      const probe = { address, port, timeout, clock, signal, hasRoute: options.hasRoute ?? hasRoute };
      const result = await probeOne(probe);
      if (result !== 'no_route') results[index] = result;
    }
  }
  await Promise.all(Array.from({ length: Math.min(CONNECTIONS_PER_HOST, addresses.length) }, work));
  return results.filter((result) => result !== undefined);
}

function bestOf(addresses: readonly AddressProbe[]): AddressProbe | undefined {
  let best: AddressProbe | undefined;
  for (const address of addresses) {
    if (best === undefined || rank(address) < rank(best)) best = address;
  }
  return best;
}

function rank(probe: AddressProbe): number {
  return PROBE_OUTCOMES.indexOf(probe.outcome);
}

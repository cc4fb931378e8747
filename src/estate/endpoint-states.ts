import type { Endpoint } from '../kernel/address.ts';
import type { Millis } from '../kernel/time.ts';
import { type HostProbe, type ImpostorCheck, PROBE_PHASES, type ProbeOutcome } from '../probe/types.ts';
import { endpointKey } from './sightings.ts';
import type { EndpointSnapshot } from './snapshot.ts';

interface EndpointState {
  readonly total: number;
  readonly totalDuration: number;
  readonly failures: ReadonlyMap<ProbeOutcome, number>;
  readonly probe: HostProbe | undefined;
  readonly check: ImpostorCheck | undefined;
  /** When it came up; undefined if it was up at the first probe, or is not up. */
  readonly upSince: Millis | undefined;
}

const BLANK: EndpointState = {
  total: 0,
  totalDuration: 0,
  failures: new Map(),
  probe: undefined,
  check: undefined,
  upSince: undefined,
};

/** The last findings about each host and port. */
export class EndpointStates {
  readonly #states = new Map<string, EndpointState>();

  /** @returns true when the host came up: it is up, and was not known to be */
  recordProbe(probe: HostProbe): boolean {
    const key = endpointKey(probe.host, probe.port);
    const state = this.#states.get(key) ?? BLANK;
    const up = probe.outcome === 'ok';
    const failures = up
      ? state.failures
      : new Map(state.failures).set(probe.outcome, (state.failures.get(probe.outcome) ?? 0) + 1);
    const totalDuration = state.totalDuration + durationOf(probe);
    const cameUp = up && state.probe?.outcome !== 'ok';
    const upSince = up && state.probe !== undefined ? (cameUp ? probe.at : state.upSince) : undefined;
    this.#states.set(key, { ...state, total: state.total + 1, totalDuration, failures, probe, upSince });
    return cameUp;
  }

  recordImpostorCheck(check: ImpostorCheck): void {
    const key = endpointKey(check.host, check.port);
    const state = this.#states.get(key);
    // A check without a result changes nothing: the last result counts until it is too old.
    if (state === undefined || check.genuine === undefined) return;
    this.#states.set(key, { ...state, check });
  }

  probed(endpoint: Endpoint): boolean {
    return this.lastOutcome(endpoint) !== undefined;
  }

  lastOutcome(endpoint: Endpoint): ProbeOutcome | undefined {
    return this.#states.get(endpointKey(endpoint.host, endpoint.port))?.probe?.outcome;
  }

  answeringAddress(endpoint: Endpoint): string | undefined {
    const probe = this.#states.get(endpointKey(endpoint.host, endpoint.port))?.probe;
    return probe?.addresses.find((address) => address.outcome === 'ok')?.address;
  }

  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#states.keys()) {
      if (!keys.has(key)) this.#states.delete(key);
    }
  }

  /** Limits in milliseconds, after which a probe or a check is no longer believed. */
  snapshot(endpoint: Endpoint, now: Millis, limits: { probe: number; impostor: number }): EndpointSnapshot {
    const state = this.#states.get(endpointKey(endpoint.host, endpoint.port)) ?? BLANK;
    const { total, totalDuration, failures, probe, check, upSince } = state;
    const fresh = probe !== undefined && probe.at >= now - limits.probe ? probe : undefined;
    const unknown = fresh?.outcome === 'lookup_failed' || fresh?.isOwnFault === true;
    return {
      host: endpoint.host,
      port: endpoint.port,
      up: fresh === undefined || unknown ? undefined : fresh.outcome === 'ok',
      upSince,
      unknown,
      isProbed: true,
      probe: fresh,
      total,
      totalDuration,
      failures,
      lastProbe: probe?.at,
      genuine: check !== undefined && check.at >= now - limits.impostor ? check.genuine : undefined,
    };
  }
}

/** Seconds, over the phases that it came to. */
function durationOf({ phases }: HostProbe): number {
  return PROBE_PHASES.reduce((sum, phase) => sum + (phases[phase] ?? 0), 0);
}

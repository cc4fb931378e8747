import type { Endpoint } from '../kernel/address.ts';
import type { Millis } from '../kernel/time.ts';
import type { HostProbe, ImpostorCheck, ProbeOutcome } from '../probe/types.ts';
import { endpointKey } from './sightings.ts';
import type { EndpointView } from './view.ts';

interface Page {
  readonly total: number;
  readonly failures: ReadonlyMap<ProbeOutcome, number>;
  readonly probe: HostProbe | undefined;
  readonly check: ImpostorCheck | undefined;
}

const BLANK: Page = { total: 0, failures: new Map(), probe: undefined, check: undefined };

/** What each host and port was found to be last. */
export class EndpointBook {
  readonly #pages = new Map<string, Page>();

  /** @returns true when the host came up: it is up, and was not known to be */
  takeProbe(probe: HostProbe): boolean {
    const key = endpointKey(probe.host, probe.port);
    const page = this.#pages.get(key) ?? BLANK;
    const up = probe.outcome === 'ok';
    const failures = up
      ? page.failures
      : new Map(page.failures).set(probe.outcome, (page.failures.get(probe.outcome) ?? 0) + 1);
    this.#pages.set(key, { ...page, total: page.total + 1, failures, probe });
    return up && page.probe?.outcome !== 'ok';
  }

  takeImpostorCheck(check: ImpostorCheck): void {
    const key = endpointKey(check.host, check.port);
    const page = this.#pages.get(key);
    // A check that could not tell takes nothing back: the last word stands until it is too old.
    if (page === undefined || check.genuine === undefined) return;
    this.#pages.set(key, { ...page, check });
  }

  probed(endpoint: Endpoint): boolean {
    return this.lastOutcome(endpoint) !== undefined;
  }

  lastOutcome(endpoint: Endpoint): ProbeOutcome | undefined {
    return this.#pages.get(endpointKey(endpoint.host, endpoint.port))?.probe?.outcome;
  }

  answeringAddress(endpoint: Endpoint): string | undefined {
    const probe = this.#pages.get(endpointKey(endpoint.host, endpoint.port))?.probe;
    return probe?.addresses.find((address) => address.outcome === 'ok')?.address;
  }

  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#pages.keys()) {
      if (!keys.has(key)) this.#pages.delete(key);
    }
  }

  /** Limits in milliseconds, after which a probe or a check is no longer believed. */
  view(endpoint: Endpoint, now: Millis, limits: { probe: number; impostor: number }): EndpointView {
    const { total, failures, probe, check } = this.#pages.get(endpointKey(endpoint.host, endpoint.port)) ?? BLANK;
    const fresh = probe !== undefined && probe.at >= now - limits.probe ? probe : undefined;
    return {
      host: endpoint.host,
      port: endpoint.port,
      up: fresh && fresh.outcome === 'ok',
      probe: fresh,
      total,
      failures,
      lastProbe: probe?.at,
      genuine: check !== undefined && check.at >= now - limits.impostor ? check.genuine : undefined,
    };
  }
}

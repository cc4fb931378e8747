import type { Fold } from '../discovery/drift.ts';
import type { Sighting, SrvLookup } from '../discovery/types.ts';
import type { Endpoint } from '../kernel/address.ts';
import type { HostName } from '../kernel/host-name.ts';
import { type Millis, millis } from '../kernel/time.ts';
import type { HostProbe, ImpostorCheck, ProbeOutcome } from '../probe/types.ts';
import { DomainBook } from './domain-book.ts';
import { EndpointBook } from './endpoint-book.ts';
import { ReportBook, type TakenReport } from './report-book.ts';
import { type EstateSettings, foldAliases } from './settings.ts';
import { endpointKey, Sightings } from './sightings.ts';
import { SubscriptionBook } from './subscription-book.ts';
import { type ProbeTarget, targetsOf } from './targets.ts';
import type { EstateView } from './view.ts';
import { viewOf } from './view-of.ts';

/**
 * The current picture: what each poll said last. Polls put plain values in, readers take a view out; it asks nobody.
 */
export class Estate {
  readonly #domains = new DomainBook();
  readonly #endpoints = new EndpointBook();
  readonly #reports = new ReportBook();
  readonly #subscriptions = new SubscriptionBook();
  readonly #sightings: Sightings;
  #settings: EstateSettings;
  #fold: Fold;

  /** @param sightings what an earlier run remembers of published hosts */
  constructor(settings: EstateSettings, sightings: readonly Sighting[] = []) {
    this.#settings = settings;
    this.#fold = foldAliases(settings.names);
    this.#sightings = new Sightings(sightings);
    this.#reports.keep(settings.names, millis(Number.POSITIVE_INFINITY));
    this.#subscriptions.keep(settings.names);
  }

  /**
   * Takes a new configuration; what is still watched keeps its state and its totals.
   * @param now from when on pushes of reports are waited for
   */
  configure(settings: EstateSettings, now: Millis): void {
    this.#settings = settings;
    this.#fold = foldAliases(settings.names);
    this.#domains.keep(settings);
    this.#sightings.keep(settings.domains.map((domain) => domain.name));
    this.#reports.keep(settings.names, now);
    this.#subscriptions.keep(settings.names);
  }

  /** @returns the sightings that the lookup has renewed, for the store to remember */
  takeLookup(lookup: SrvLookup): readonly Sighting[] {
    this.#domains.take(lookup);
    return lookup.result.ok ? this.#sightings.take(lookup.domain, lookup.result.value.records, lookup.at) : [];
  }

  /** @returns true when the host came up with this probe: it is up, and was not known to be */
  takeProbe(probe: HostProbe): boolean {
    return this.#endpoints.takeProbe(probe);
  }

  takeImpostorCheck(check: ImpostorCheck): void {
    this.#endpoints.takeImpostorCheck(check);
  }

  /** The one name of a host for any of its names. */
  fold(name: HostName): HostName {
    return this.#fold(name);
  }

  /** The host that a name means, when it is one that is asked about itself. */
  reporting(name: HostName): HostName | undefined {
    const host = this.#fold(name);
    return this.#reports.has(host) ? host : undefined;
  }

  takeReport(taken: TakenReport): void {
    this.#reports.take(taken);
  }

  /** An attempt to get a report that brought none. @param text why, free of secrets */
  takeReportFailure(host: HostName, text: string, at: Millis): void {
    this.#reports.takeFailure(host, text, at);
  }

  /** The host has answered its subscription, with or without records. */
  takeSubscriptionAnswer(host: HostName, at: Millis): void {
    this.#subscriptions.takeAnswer(host, at);
  }

  /** @param text why the subscription does not stand, free of secrets */
  takeSubscriptionFailure(host: HostName, text: string): void {
    this.#subscriptions.takeFailure(host, text);
  }

  /** Hosts and ports to probe: configured, expected, and published within the last 24 hours. */
  targets(now: Millis): readonly ProbeTarget[] {
    const oldest = now - this.#settings.limits.discovery;
    const targets = targetsOf(this.#settings, this.#fold, {
      sightings: this.#sightings.within(now),
      isFresh: ({ at }) => at >= oldest,
      asked: this.#domains.asked(this.#settings),
      isProbed: (endpoint) => this.#endpoints.probed(endpoint),
    });
    this.#endpoints.keep(new Set(targets.map((target) => endpointKey(target.host, target.port))));
    return targets;
  }

  /** Targets that were never probed. */
  newTargets(now: Millis): readonly ProbeTarget[] {
    return this.targets(now).filter((target) => !this.#endpoints.probed(target));
  }

  lastOutcome(endpoint: Endpoint): ProbeOutcome | undefined {
    return this.#endpoints.lastOutcome(endpoint);
  }

  /** Addresses at which a host accepted the last bind, for a second look at it. */
  hostsThatAnswer(now: Millis): readonly { readonly endpoint: Endpoint; readonly address: string }[] {
    return this.targets(now).flatMap((endpoint) => {
      const address = this.#endpoints.answeringAddress(endpoint);
      return address === undefined ? [] : [{ endpoint, address }];
    });
  }

  view(now: Millis): EstateView {
    return viewOf({
      now,
      settings: this.#settings,
      fold: this.#fold,
      domains: this.#domains,
      endpoints: this.#endpoints,
      reports: this.#reports,
      subscriptions: this.#subscriptions,
      targets: this.targets(now),
    });
  }
}

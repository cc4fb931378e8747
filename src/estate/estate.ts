import type { ActivationObject } from '../directory/types.ts';
import type { Canonicalise } from '../discovery/drift.ts';
import type { Sighting, SrvLookup } from '../discovery/types.ts';
import type { Endpoint } from '../kernel/address.ts';
import type { HostName } from '../kernel/host-name.ts';
import { type Millis, millis } from '../kernel/time.ts';
import type { HostProbe, ImpostorCheck, ProbeOutcome } from '../probe/types.ts';
import { DirectoryState } from './directory-state.ts';
import { EndpointStates } from './endpoint-states.ts';
import { LookupStates } from './lookup-states.ts';
import { type ReceivedReport, ReportStates } from './report-states.ts';
import { canonicaliser, type EstateSettings } from './settings.ts';
import { endpointKey, Sightings } from './sightings.ts';
import type { EstateSnapshot } from './snapshot.ts';
import { snapshotOf } from './snapshot-of.ts';
import { SubscriptionStates } from './subscription-states.ts';
import { type ProbeTarget, targetsOf } from './targets.ts';

/** What each poll said last. Polls put plain values in, readers take a snapshot out; it asks nobody. */
export class Estate {
  readonly #domains = new LookupStates();
  readonly #endpoints = new EndpointStates();
  readonly #reports = new ReportStates();
  readonly #subscriptions = new SubscriptionStates();
  readonly #directory = new DirectoryState();
  readonly #sightings: Sightings;
  #settings: EstateSettings;
  #canonicalise: Canonicalise;

  /** @param sightings what an earlier run remembers of published hosts */
  constructor(settings: EstateSettings, sightings: readonly Sighting[] = []) {
    this.#settings = settings;
    this.#canonicalise = canonicaliser(settings.names);
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
    this.#canonicalise = canonicaliser(settings.names);
    this.#domains.keep(settings);
    this.#sightings.keep(settings.domains.map((domain) => domain.name));
    this.#reports.keep(settings.names, now);
    this.#subscriptions.keep(settings.names);
  }

  /** @param sightings what an earlier run remembers of published hosts */
  recall(sightings: readonly Sighting[]): void {
    this.#sightings.recall(sightings);
    const { domains } = this.#settings;
    if (domains.length > 0) this.#sightings.keep(domains.map((domain) => domain.name));
  }

  /** @returns the sightings that the lookup has renewed, for the store to remember */
  recordLookup(lookup: SrvLookup): readonly Sighting[] {
    this.#domains.record(lookup);
    return lookup.result.ok ? this.#sightings.record(lookup.domain, lookup.result.value.records, lookup.at) : [];
  }

  /** @returns true when the host came up with this probe: it is up, and was not known to be */
  recordProbe(probe: HostProbe): boolean {
    return this.#endpoints.recordProbe(probe);
  }

  recordImpostorCheck(check: ImpostorCheck): void {
    this.#endpoints.recordImpostorCheck(check);
  }

  /** The one name of a host for any of its names. */
  canonicalise(name: HostName): HostName {
    return this.#canonicalise(name);
  }

  /** The host that a name means, when it is one that is asked about itself. */
  reporting(name: HostName): HostName | undefined {
    const host = this.#canonicalise(name);
    return this.#reports.has(host) ? host : undefined;
  }

  recordReport(received: ReceivedReport): void {
    this.#reports.recordReport(received);
  }

  /** An attempt to get a report that brought none. @param text why, free of secrets */
  recordReportFailure(host: HostName, text: string, at: Millis): void {
    this.#reports.recordFailure(host, text, at);
  }

  /** The host has answered its subscription, with or without records. */
  recordSubscriptionAnswer(host: HostName, at: Millis): void {
    this.#subscriptions.recordAnswer(host, at);
  }

  /** @param text why there is no subscription, free of secrets */
  recordSubscriptionFailure(host: HostName, text: string): void {
    this.#subscriptions.recordFailure(host, text);
  }

  /** The directory was read. @param objects undefined: not asked for */
  recordDirectory(objects: readonly ActivationObject[] | undefined, at: Millis): void {
    this.#directory.recordReading(objects, at);
  }

  /** @param text why the directory cannot be read, free of secrets */
  recordDirectoryFailure(text: string): void {
    this.#directory.recordFailure(text);
  }

  /** Hosts and ports that are watched: configured, expected, and published within the last 24 hours. */
  targets(now: Millis): readonly ProbeTarget[] {
    const oldest = now - this.#settings.limits.discovery;
    const targets = targetsOf(this.#settings, this.#canonicalise, {
      sightings: this.#sightings.within(now),
      isFresh: ({ at }) => at >= oldest,
      asked: this.#domains.asked(this.#settings),
      isProbed: (endpoint) => this.#endpoints.probed(endpoint),
    });
    const probed = targets.filter(({ host }) => this.#isProbed(host));
    this.#endpoints.keep(new Set(probed.map((target) => endpointKey(target.host, target.port))));
    return targets;
  }

  /** Those of them whose port is looked at. */
  probeTargets(now: Millis): readonly ProbeTarget[] {
    return this.targets(now).filter(({ host }) => this.#isProbed(host));
  }

  /** Targets that were never probed. */
  newTargets(now: Millis): readonly ProbeTarget[] {
    return this.probeTargets(now).filter((target) => !this.#endpoints.probed(target));
  }

  lastOutcome(endpoint: Endpoint): ProbeOutcome | undefined {
    return this.#endpoints.lastOutcome(endpoint);
  }

  /** Addresses at which a host accepted the last bind, for a second look at it. */
  hostsThatAnswer(now: Millis): readonly { readonly endpoint: Endpoint; readonly address: string }[] {
    return this.probeTargets(now).flatMap((endpoint) => {
      const address = this.#endpoints.answeringAddress(endpoint);
      return address === undefined ? [] : [{ endpoint, address }];
    });
  }

  snapshot(now: Millis): EstateSnapshot {
    return snapshotOf({
      now,
      settings: this.#settings,
      canonicalise: this.#canonicalise,
      domains: this.#domains,
      endpoints: this.#endpoints,
      reports: this.#reports,
      subscriptions: this.#subscriptions,
      directory: this.#directory,
      sightings: this.#sightings.within(now),
      targets: this.targets(now),
      isProbed: (host) => this.#isProbed(host),
    });
  }

  /** What the command line names is looked at whatever the configuration says. */
  #isProbed(host: HostName): boolean {
    const { hosts, names, isProbing = true } = this.#settings;
    const known = hosts.find(({ name }) => name === host) ?? names.find(({ name }) => name === host);
    return known?.isProbed ?? isProbing;
  }
}

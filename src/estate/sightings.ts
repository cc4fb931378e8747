import type { Sighting, SrvRecord } from '../discovery/types.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Millis } from '../kernel/time.ts';
import { LOOK_AFTER_MS } from './settings.ts';

/** One text for a host and port; a host name has no blank. */
export function endpointKey(host: HostName, port: number): string {
  return `${host} ${port}`;
}

/** Remembers what was published, so that a host that vanishes from DNS is looked after for another 24 hours. */
export class Sightings {
  readonly #all = new Map<string, Sighting>();

  constructor(remembered: readonly Sighting[]) {
    for (const sighting of remembered) this.#put(sighting);
  }

  /** Takes up what an earlier run remembers; what was seen since is newer. */
  recall(remembered: readonly Sighting[]): void {
    const seen = [...this.#all.values()];
    for (const sighting of [...remembered, ...seen]) this.#put(sighting);
  }

  record(domain: HostName, records: readonly SrvRecord[], at: Millis): readonly Sighting[] {
    const seen = records.map((record) => ({ domain, target: record.target, port: record.port, at }));
    for (const sighting of seen) this.#put(sighting);
    return seen;
  }

  /** Sightings of the last 24 hours; older ones are forgotten. */
  within(now: Millis): readonly Sighting[] {
    for (const [key, sighting] of this.#all) {
      if (sighting.at <= now - LOOK_AFTER_MS) this.#all.delete(key);
    }
    return [...this.#all.values()];
  }

  keep(domains: readonly HostName[]): void {
    for (const [key, sighting] of this.#all) {
      if (!domains.includes(sighting.domain)) this.#all.delete(key);
    }
  }

  #put(sighting: Sighting): void {
    this.#all.set(`${sighting.domain} ${endpointKey(sighting.target, sighting.port)}`, sighting);
  }
}

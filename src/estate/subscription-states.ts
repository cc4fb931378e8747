import type { HostName } from '../kernel/host-name.ts';
import type { Millis } from '../kernel/time.ts';
import type { KnownHost } from './settings.ts';
import type { SubscriptionSnapshot } from './snapshot.ts';

const BLANK: SubscriptionSnapshot = { up: undefined, failure: undefined, lastAnswer: undefined };

/** The state of the subscription to each host's log. */
export class SubscriptionStates {
  readonly #states = new Map<HostName, SubscriptionSnapshot>();

  recordAnswer(host: HostName, at: Millis): void {
    if (this.#states.has(host)) this.#states.set(host, { up: true, failure: undefined, lastAnswer: at });
  }

  recordFailure(host: HostName, failure: string): void {
    const state = this.#states.get(host);
    if (state !== undefined) this.#states.set(host, { ...state, up: false, failure });
  }

  /** Forgets hosts that are no longer subscribed to. */
  keep(hosts: readonly KnownHost[]): void {
    const subscribed = new Set(hosts.filter(({ isSubscribed }) => isSubscribed).map(({ name }) => name));
    for (const host of this.#states.keys()) if (!subscribed.has(host)) this.#states.delete(host);
    for (const host of subscribed) if (!this.#states.has(host)) this.#states.set(host, BLANK);
  }

  snapshot(host: HostName): SubscriptionSnapshot | undefined {
    return this.#states.get(host);
  }
}

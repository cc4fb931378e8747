import type { HostName } from '../kernel/host-name.ts';
import type { Millis } from '../kernel/time.ts';
import type { KnownHost } from './settings.ts';
import type { SubscriptionView } from './view.ts';

const BLANK: SubscriptionView = { up: undefined, failure: undefined, lastAnswer: undefined };

/** How the subscription to each host's log stands. */
export class SubscriptionBook {
  readonly #pages = new Map<HostName, SubscriptionView>();

  takeAnswer(host: HostName, at: Millis): void {
    if (this.#pages.has(host)) this.#pages.set(host, { up: true, failure: undefined, lastAnswer: at });
  }

  takeFailure(host: HostName, failure: string): void {
    const page = this.#pages.get(host);
    if (page !== undefined) this.#pages.set(host, { ...page, up: false, failure });
  }

  /** Forgets hosts that are no longer subscribed to. */
  keep(hosts: readonly KnownHost[]): void {
    const subscribed = new Set(hosts.filter(({ isSubscribed }) => isSubscribed).map(({ name }) => name));
    for (const host of this.#pages.keys()) if (!subscribed.has(host)) this.#pages.delete(host);
    for (const host of subscribed) if (!this.#pages.has(host)) this.#pages.set(host, BLANK);
  }

  view(host: HostName): SubscriptionView | undefined {
    return this.#pages.get(host);
  }
}

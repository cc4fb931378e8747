import { err, ok, type Result } from '../kernel/result.ts';
import { readIdentity } from './answers.ts';
import { enumerate } from './enumeration.ts';
import { type Subscription, subscribe } from './subscription.ts';
import type {
  CallOptions,
  EnumerateOptions,
  SubscribeOptions,
  WinrmConnection,
  WinrmDeps,
  WinrmFailure,
  WinrmIdentity,
  WmiObject,
} from './types.ts';
import { WsmanRequester } from './wsman-requester.ts';

/**
 * Asks one host over WS-Management ([MS-WSMV], DSP0226): who it is, its WMI instances, its event log. It can only read.
 * Calls never reject: what fails is a `WinrmFailure`. Enumerations of one client run one after the other over one
 * connection; each subscription has its own connection.
 */
export class WinrmClient {
  readonly #connection: WinrmConnection;
  readonly #deps: WinrmDeps;
  readonly #requester: WsmanRequester;
  readonly #subscriptions = new Set<Subscription>();

  constructor(connection: WinrmConnection, deps: WinrmDeps) {
    this.#connection = connection;
    this.#deps = deps;
    this.#requester = new WsmanRequester(connection, deps);
  }

  /** Which service answers there, with the login of the configuration: the way to try out a configuration. */
  async identify(options: CallOptions): Promise<Result<WinrmIdentity, WinrmFailure>> {
    const answer = await this.#requester.identify(options);
    if (!answer.ok) return answer;
    const identity = readIdentity(answer.value);
    return identity === undefined ? err(this.#requester.malformed('IdentifyResponse')) : ok(identity);
  }

  /** Every instance that a query finds, over as many pages as it takes; all of them or none. */
  enumerate(options: EnumerateOptions): Promise<Result<readonly WmiObject[], WinrmFailure>> {
    return enumerate(this.#requester, this.#deps.clock, options);
  }

  /** Opens a pull subscription to event logs. The signal and the timeout are those of the opening. */
  async subscribe(options: SubscribeOptions): Promise<Result<Subscription, WinrmFailure>> {
    const requester = new WsmanRequester(this.#connection, this.#deps);
    const subscription = await subscribe(requester, this.#deps.clock, options, (ended) =>
      this.#subscriptions.delete(ended),
    );
    if (subscription.ok) this.#subscriptions.add(subscription.value);
    else await requester.close();
    return subscription;
  }

  /** Ends all that is open: subscriptions are given up at the host, within 2 s, and connections closed. */
  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((each) => each.unsubscribe()));
    await this.#requester.close();
  }
}

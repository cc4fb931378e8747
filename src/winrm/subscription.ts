import type { Clock } from '../kernel/clock.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { MINUTE_MS, millis } from '../kernel/time.ts';
import { readEventPage, readSubscribed, type Subscribed } from './answers.ts';
import { bookmarkForRequest, queryList } from './event-query.ts';
import { GOODBYE_TIMEOUT, MAX_OPERATION_TIMEOUT } from './limits.ts';
import { pullMessage, subscribeMessage, unsubscribeMessage } from './messages.ts';
import type { CallOptions, EventBatch, SubscribeOptions, WinrmFailure } from './types.ts';
import { EVENT_LOG } from './uris.ts';
import type { WsmanRequester } from './wsman-requester.ts';

const DEFAULT_PULL_TIMEOUT = MAX_OPERATION_TIMEOUT;
const DEFAULT_MAX_EVENTS = 500;
/** Milliseconds beyond the host's own deadline, for the answer to come over. */
const GRACE = 15_000;
/** A subscription ends after an hour (`Expires`); it is renewed with time to spare, as Windows renews none. */
const RENEW_AFTER = 50 * MINUTE_MS;

const NOTHING: EventBatch = { events: [], bookmark: undefined };

/** Opens a subscription. @param onEnd called once it was given up */
export async function subscribe(
  requester: WsmanRequester,
  clock: Clock,
  options: SubscribeOptions,
  onEnd: (subscription: Subscription) => void,
): Promise<Result<Subscription, WinrmFailure>> {
  const opened = await open(requester, options, options.bookmark, options);
  return opened.ok ? ok(new Subscription({ requester, clock, options, onEnd }, opened.value)) : opened;
}

interface Parts {
  readonly requester: WsmanRequester;
  readonly clock: Clock;
  readonly options: SubscribeOptions;
  readonly onEnd: (subscription: Subscription) => void;
}

/**
 * A pull subscription to event logs. After a failure nobody knows whether the host holds what it sent last for delivered:
 * unsubscribe, and subscribe again from the bookmark that was kept, so that no event is lost or comes twice.
 */
export class Subscription {
  readonly #parts: Parts;
  #subscribed: Subscribed;
  #since: number;
  /** The newest that a caller has been given. */
  #bookmark: string | undefined;
  #context: string | undefined;
  /** Whether the last pull ended with the host's word that nothing came in time. */
  #hasTimedOut = false;
  #pulling: AbortController | undefined;
  #ended: Promise<void> | undefined;

  constructor(parts: Parts, subscribed: Subscribed) {
    this.#parts = parts;
    this.#subscribed = subscribed;
    this.#context = subscribed.context;
    this.#bookmark = parts.options.bookmark;
    this.#since = parts.clock.monotonic();
  }

  /**
   * Waits for events, as long as `pullTimeout`; none in that time is an empty batch. To be called again and again, one
   * call at a time, each after what the last one gave is safe: the bookmark is behind its events.
   */
  async pull(signal: AbortSignal): Promise<Result<EventBatch, WinrmFailure>> {
    if (this.#pulling !== undefined) throw new Error('one pull at a time');
    const { requester } = this.#parts;
    if (this.#ended !== undefined) return err(requester.failure('gone', 'the subscription was cancelled'));
    const pulling = new AbortController();
    this.#pulling = pulling;
    const stop = (): void => pulling.abort();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      return await this.#pull(pulling.signal);
    } finally {
      signal.removeEventListener('abort', stop);
      this.#pulling = undefined;
    }
  }

  /** Gives the subscription up at the host, within 2 s, and ends its connection; a pull under way is aborted. */
  unsubscribe(): Promise<void> {
    this.#ended ??= this.#unsubscribe();
    return this.#ended;
  }

  async #pull(signal: AbortSignal): Promise<Result<EventBatch, WinrmFailure>> {
    const { requester, clock, options } = this.#parts;
    if (clock.monotonic() - this.#since > RENEW_AFTER) {
      const renewed = await this.#renew(signal);
      if (!renewed.ok) return renewed;
    }
    const context = this.#context;
    if (context === undefined) return err(requester.failure('gone', 'the host ended the subscription'));
    const { pullTimeout = DEFAULT_PULL_TIMEOUT, maxEvents = DEFAULT_MAX_EVENTS } = options;
    const answer = await requester.request(EVENT_LOG, (to) => pullMessage(to, context, maxEvents), {
      timeout: millis(pullTimeout + GRACE),
      operationTimeout: pullTimeout,
      repeatable: false,
      signal,
    });
    // The host's word that nothing came in its time, not our own that nothing was heard of it.
    if (!answer.ok && answer.error.reason === 'timeout' && answer.error.fault !== undefined) {
      this.#hasTimedOut = true;
      return ok(NOTHING);
    }
    this.#context = undefined;
    // A host may end the enumeration with that word ([MS-WSMAN] 3.1.5): then the next pull only finds out.
    if (!answer.ok && answer.error.reason === 'gone' && this.#hasTimedOut) {
      const renewed = await this.#renew(signal);
      return renewed.ok ? ok(NOTHING) : renewed;
    }
    this.#hasTimedOut = false;
    if (!answer.ok) return answer;
    const page = readEventPage(answer.value);
    if (page === undefined) return err(requester.malformed('PullResponse'));
    this.#context = page.context;
    this.#bookmark = page.bookmark ?? this.#bookmark;
    return ok({ events: page.events, bookmark: page.bookmark });
  }

  /** The new one first: between the two nothing can be missed. */
  async #renew(signal: AbortSignal): Promise<Result<undefined, WinrmFailure>> {
    const { requester, clock, options } = this.#parts;
    const opened = await open(requester, options, this.#bookmark, { timeout: options.timeout, signal });
    if (!opened.ok) return opened;
    const { identifier } = this.#subscribed;
    if (identifier !== undefined) requester.sendAndForget(EVENT_LOG, (to) => unsubscribeMessage(to, identifier));
    this.#subscribed = opened.value;
    this.#context = opened.value.context;
    this.#since = clock.monotonic();
    this.#hasTimedOut = false;
    return ok(undefined);
  }

  async #unsubscribe(): Promise<void> {
    const { requester, onEnd } = this.#parts;
    this.#pulling?.abort();
    const { identifier } = this.#subscribed;
    if (identifier !== undefined) {
      const signal = new AbortController().signal;
      await requester.request(EVENT_LOG, (to) => unsubscribeMessage(to, identifier), {
        timeout: GOODBYE_TIMEOUT,
        signal,
      });
    }
    await requester.close();
    onEnd(this);
  }
}

async function open(
  requester: WsmanRequester,
  { queries, from = 'earliest', pullTimeout = DEFAULT_PULL_TIMEOUT }: SubscribeOptions,
  kept: string | undefined,
  { timeout, signal }: CallOptions,
): Promise<Result<Subscribed, WinrmFailure>> {
  const bookmark = kept === undefined ? undefined : bookmarkForRequest(kept);
  if (kept !== undefined && bookmark === undefined) {
    return err(requester.failure('bookmark', 'the stored bookmark is not valid: read the log from the start'));
  }
  const subscribing = {
    query: queryList(queries),
    bookmark,
    earliest: from === 'earliest',
    heartbeat: pullTimeout / 2,
  };
  const answer = await requester.request(EVENT_LOG, (to) => subscribeMessage(to, subscribing), { timeout, signal });
  if (!answer.ok) return answer;
  const subscribed = readSubscribed(answer.value);
  return subscribed === undefined ? err(requester.malformed('SubscribeResponse')) : ok(subscribed);
}

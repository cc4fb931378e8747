import { err, ok, type Result } from '../../kernel/result.ts';
import type { Behaviour } from './behaviour.ts';
import type { EventCursor } from './event-cursor.ts';
import type { StoredEvent } from './event-log.ts';
import type { FaultName } from './faults.ts';
import { Page, type PageLimit } from './page.ts';
import type { SubscribeRequest } from './subscribe-request.ts';

export interface Subscription extends SubscribeRequest {
  readonly id: string;
  /** What the next Pull must bring; another one after each. */
  context: string;
  isPulled: boolean;
  /** When its last pull was answered, or when it began: monotonic milliseconds. */
  answeredAt: number;
  /** Whether a pull of it has failed, and ended it. */
  hasFailed: boolean;
  /** Whether the next answer is event 111. */
  marks: boolean;
  /** Monotonic milliseconds. */
  readonly endsAt: number;
}

/** How far a subscription is in one channel. */
export interface Bookmark {
  readonly channel: string;
  readonly recordId: number;
  /** That of the last record of the answer. */
  readonly isCurrent: boolean;
}

export interface EventPage {
  readonly items: readonly string[];
  readonly bookmarks: readonly Bookmark[];
  readonly direction?: 'backward';
}

export interface SubscriptionOptions {
  readonly newId: () => string;
  readonly monotonic: () => number;
  readonly quota: number;
  readonly write: (event: StoredEvent, isRendered: boolean) => string;
}

/** The event subscriptions of a host. */
export class Subscriptions {
  readonly #byContext = new Map<string, Subscription>();
  readonly #options: SubscriptionOptions;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byContext.size;
  }

  begin(request: SubscribeRequest): Result<Subscription, FaultName> {
    const now = this.#options.monotonic();
    for (const [context, { endsAt }] of this.#byContext) if (endsAt < now) this.#byContext.delete(context);
    if (this.#byContext.size >= this.#options.quota) return err('quota of operations');
    const { newId } = this.#options;
    const subscription = {
      ...request,
      id: newId(),
      context: newId(),
      isPulled: false,
      answeredAt: now,
      hasFailed: false,
      marks: request.isMarked,
      endsAt: now + request.expires,
    };
    this.#byContext.set(subscription.context, subscription);
    return ok(subscription);
  }

  /** The subscription that a Pull may go on with. */
  find(context: string, { endsUnpulled }: Pick<Behaviour, 'endsUnpulled'>): Result<Subscription, FaultName> {
    const subscription = this.#byContext.get(context);
    const now = this.#options.monotonic();
    if (subscription === undefined || subscription.endsAt < now) return err('enumeration context not found');
    if (endsUnpulled && now - subscription.answeredAt > (subscription.heartbeat ?? Number.POSITIVE_INFINITY)) {
      this.#byContext.delete(context);
      return err('not pulled in time');
    }
    if (subscription.hasFailed) return err('last pull failed');
    return subscription.isPulled ? err('pull in progress') : ok(subscription);
  }

  /** @returns what is there now, from the oldest on; undefined when there is nothing */
  nextPage(subscription: Subscription, limit: PageLimit): Result<EventPage | undefined, FaultName> {
    if (subscription.marks) {
      subscription.marks = false;
      return ok(markerPage(subscription));
    }
    const page = new Page(limit);
    let last: EventCursor | undefined;
    for (;;) {
      const found = oldest(subscription.cursors);
      if (found === undefined) break;
      if (!page.add(this.#options.write(found.event, subscription.isRendered))) {
        if (page.items.length === 0) return err('answer too large');
        break;
      }
      found.cursor.advancePast(found.event);
      last = found.cursor;
    }
    if (last === undefined) return ok(undefined);
    return ok({ items: page.items, bookmarks: bookmarks(subscription, last) });
  }

  /** The context of the next Pull, as this one has been answered. False: somebody has ended it meanwhile. */
  renew(subscription: Subscription): boolean {
    if (!this.#byContext.delete(subscription.context)) return false;
    subscription.context = this.#options.newId();
    subscription.answeredAt = this.#options.monotonic();
    this.#byContext.set(subscription.context, subscription);
    return true;
  }

  /** @returns whether there was one */
  end(id: string): boolean {
    for (const [context, subscription] of this.#byContext) {
      if (subscription.id.toLowerCase() === id.toLowerCase()) return this.#byContext.delete(context);
    }
    return false;
  }

  release(context: string): boolean {
    return this.#byContext.delete(context);
  }

  forgetAll(): void {
    this.#byContext.clear();
  }
}

/** As recorded of Windows: no record id, no channel, alone in its answer. */
function markerPage({ cursors }: Subscription): EventPage {
  const time = new Date().toISOString();
  const event =
    `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>` +
    `<Provider Name='Microsoft-Windows-EventForwarder'/><EventID>111</EventID><TimeCreated SystemTime='${time}'/>` +
    '<Computer>kms01</Computer></System><SubscriptionBookmarkEvent><SubscriptionId></SubscriptionId>' +
    '</SubscriptionBookmarkEvent></Event>';
  return {
    items: [event],
    bookmarks: cursors.map(({ channel, position }, index) => ({ channel, recordId: position, isCurrent: index === 0 })),
    direction: 'backward',
  };
}

/** Of several channels, the record that was written first. */
function oldest(cursors: readonly EventCursor[]): { cursor: EventCursor; event: StoredEvent } | undefined {
  let found: { cursor: EventCursor; event: StoredEvent } | undefined;
  for (const cursor of cursors) {
    const event = cursor.peek();
    if (event !== undefined && (found === undefined || event.time < found.event.time)) found = { cursor, event };
  }
  return found;
}

function bookmarks({ cursors }: Subscription, last: EventCursor): readonly Bookmark[] {
  return cursors.flatMap((cursor) =>
    cursor.delivered === undefined
      ? []
      : [{ channel: cursor.channel, recordId: cursor.delivered, isCurrent: cursor === last }],
  );
}

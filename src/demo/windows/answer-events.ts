import { err, ok, type Result } from '../../kernel/result.ts';
import { itemsNamespace, maxElements } from './answer-enumeration.ts';
import type { Behaviour } from './behaviour.ts';
import type { Answer } from './envelope.ts';
import type { FaultName } from './faults.ts';
import type { HostState } from './host-state.ts';
import { ACTIONS, ANONYMOUS, EVENT_LOG_RESOURCE, NS } from './namespaces.ts';
import { pageLimit } from './page.ts';
import type { SoapRequest } from './soap-request.ts';
import { readSubscribe } from './subscribe-request.ts';
import type { EventPage, Subscription } from './subscriptions.ts';
import { waitForChange } from './wait-for-change.ts';
import { type Element, element, raw, withAttributes } from './xml-element.ts';
import { child, childText } from './xml-reader.ts';

type Outcome = Result<Answer, FaultName>;

/** Opens a pull subscription to event logs. */
export function answerSubscribe(request: SoapRequest, { behaviour, logs, subscriptions }: HostState): Outcome {
  if (request.resourceUri.toLowerCase() !== EVENT_LOG_RESOURCE.toLowerCase()) return err('action not supported');
  const subscribe = readSubscribe(request, logs, behaviour);
  if (!subscribe.ok) return subscribe;
  const begun = subscriptions.begin(subscribe.value);
  if (!begun.ok) return begun;
  const { id, context } = begun.value;
  const manager = element(
    NS.eventing,
    'SubscriptionManager',
    element(NS.addressing, 'Address', ANONYMOUS),
    element(
      NS.addressing,
      'ReferenceProperties',
      element(NS.eventing, 'Identifier', id),
      element(NS.wsman, 'ResourceURI', EVENT_LOG_RESOURCE),
    ),
  );
  const expires = element(NS.eventing, 'Expires', `PT${subscribe.value.expires / 1000}S`);
  const body = element(NS.eventing, 'SubscribeResponse', manager, expires, contextElement(context));
  return ok({ action: `${ACTIONS.Subscribe}Response`, body });
}

/** Answers once there are records, or when it is time to say that there are none. @param signal nobody waits any more */
export async function answerPullEvents(request: SoapRequest, host: HostState, signal: AbortSignal): Promise<Outcome> {
  const { behaviour, subscriptions } = host;
  const pull = child(request.body, 'Pull', NS.enumeration);
  const found = subscriptions.find(childText(pull, 'EnumerationContext', NS.enumeration), behaviour);
  if (!found.ok) return found;
  const subscription = found.value;
  const limit = pageLimit(request.maxEnvelopeSize, maxElements(childText(pull, 'MaxElements', NS.enumeration), 0));
  const { fault, after } = endOfWaiting(behaviour, subscription, request.operationTimeout);
  const end = performance.now() + after;
  subscription.isPulled = true;
  try {
    for (;;) {
      const page = subscriptions.nextPage(subscription, limit);
      if (!page.ok) return page;
      if (page.value !== undefined) return eventAnswer(page.value, subscription, host);
      const how = await waitForChange(subscription.cursors, end - performance.now(), signal);
      if (how === 'changed') continue;
      if (how === 'aborted' || fault) {
        subscription.hasFailed = behaviour.endsOnTimeout;
        return err('timed out');
      }
      return eventAnswer(undefined, subscription, host);
    }
  } finally {
    subscription.isPulled = false;
  }
}

export function answerUnsubscribe(request: SoapRequest, { subscriptions }: HostState): Outcome {
  const isKnown = subscriptions.end(childText(request.header, 'Identifier', NS.eventing));
  return isKnown ? ok({ action: `${ACTIONS.Unsubscribe}Response`, body: undefined }) : err('subscription not found');
}

/** How a pull without events ends, and after how many milliseconds. */
function endOfWaiting(
  { emptyPull }: Behaviour,
  { heartbeat }: Subscription,
  operationTimeout: number,
): { readonly fault: boolean; readonly after: number } {
  if (emptyPull === 'timed out') return { fault: true, after: operationTimeout };
  if (heartbeat === undefined) return { fault: emptyPull === 'heartbeat', after: operationTimeout };
  const isHeartbeatFirst = heartbeat <= operationTimeout;
  return { fault: emptyPull === 'heartbeat' && !isHeartbeatFirst, after: Math.min(heartbeat, operationTimeout) };
}

/** @param page undefined: nothing came, and there is no bookmark either */
function eventAnswer(page: EventPage | undefined, subscription: Subscription, host: HostState): Outcome {
  if (!host.subscriptions.renew(subscription)) return err('enumeration context not found');
  const items = element(itemsNamespace(host.behaviour, 'Pull'), 'Items', ...(page?.items ?? []).map(raw));
  const headers = page === undefined || !subscription.sendsBookmarks ? [] : [bookmarkHeader(page)];
  const body = element(NS.enumeration, 'PullResponse', contextElement(subscription.context), items);
  return ok({ action: `${ACTIONS.Pull}Response`, headers, body });
}

function contextElement(context: string): Element {
  return element(NS.enumeration, 'EnumerationContext', context);
}

/** The list has no namespace, as in Microsoft's own traffic. */
function bookmarkHeader({ bookmarks, direction }: EventPage): Element {
  const list = bookmarks.map(({ channel, recordId, isCurrent }) =>
    withAttributes(
      element(NS.none, 'Bookmark'),
      ['Channel', channel],
      ['RecordId', String(recordId)],
      ...(isCurrent ? [['IsCurrent', 'true'] as const] : []),
    ),
  );
  const places = element(NS.none, 'BookmarkList', ...list);
  return element(
    NS.wsman,
    'Bookmark',
    direction === undefined ? places : withAttributes(places, ['Direction', direction]),
  );
}

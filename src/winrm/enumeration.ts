import type { Clock } from '../kernel/clock.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Millis, millis } from '../kernel/time.ts';
import { type Page, type PageName, readPage } from './answers.ts';
import { ITEMS_A_PAGE, MAX_ITEMS, MAX_PAGES } from './limits.ts';
import { enumerateMessage, pullMessage, releaseMessage } from './messages.ts';
import type { EnumerateOptions, WinrmFailure, WinrmReason, WmiObject } from './types.ts';
import { wmiResource } from './uris.ts';
import type { WsmanRequester } from './wsman-requester.ts';

/** After these the host holds nothing that could be released, or would not hear of it. */
const NOTHING_TO_RELEASE: ReadonlySet<WinrmReason> = new Set(['gone', 'unauthorized', 'credentials', 'tls']);

/**
 * Runs a query to its end: Enumerate, then Pull as long as there is a context, always the newest one. What stops early
 * is released, after the caller has its result.
 */
export async function enumerate(
  requester: WsmanRequester,
  clock: Clock,
  { wql, namespace = 'root/cimv2', maxItems = MAX_ITEMS, timeout, pageTimeout = timeout, signal }: EnumerateOptions,
): Promise<Result<readonly WmiObject[], WinrmFailure>> {
  const resource = wmiResource(namespace);
  const end = clock.monotonic() + timeout;
  const items: WmiObject[] = [];
  let context: string | undefined;
  const maxPages = Math.max(MAX_PAGES, Math.ceil(maxItems / ITEMS_A_PAGE));
  let failure: WinrmFailure | undefined;
  for (let pages = 0; failure === undefined; pages += 1) {
    const left = millis(Math.min(end - clock.monotonic(), pageTimeout));
    const page = await nextPage(requester, resource, wql, context, { timeout: left, signal });
    if (!page.ok) {
      failure = page.error;
      break;
    }
    items.push(...page.value.items);
    context = page.value.context;
    if (context === undefined) return ok(items);
    if (items.length > maxItems) failure = requester.failure('too_large', `more than ${maxItems} instances`);
    if (pages >= maxPages) failure = requester.failure('too_large', `more than ${maxPages} pages`);
  }
  const open = context;
  if (open !== undefined && !NOTHING_TO_RELEASE.has(failure.reason)) {
    requester.sendAndForget(resource, (to) => releaseMessage(to, open));
  }
  return err(failure);
}

async function nextPage(
  requester: WsmanRequester,
  resource: string,
  wql: string,
  context: string | undefined,
  { timeout, signal }: { readonly timeout: Millis; readonly signal: AbortSignal },
): Promise<Result<Page<WmiObject>, WinrmFailure>> {
  if (timeout <= 0) return err(requester.failure('timeout', 'the enumeration did not finish in time'));
  const answer = await requester.request(
    resource,
    (to) => (context === undefined ? enumerateMessage(to, wql) : pullMessage(to, context)),
    { timeout, signal, repeatable: context === undefined },
  );
  if (!answer.ok) return answer;
  const expected: PageName = context === undefined ? 'EnumerateResponse' : 'PullResponse';
  const page = readPage(answer.value, expected);
  return page === undefined ? err(requester.malformed(expected)) : ok(page);
}

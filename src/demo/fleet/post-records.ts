import { sleep } from '../../kernel/clock.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { Secret } from '../../kernel/secret.ts';
import { MINUTE_MS, millis, SECOND_MS } from '../../kernel/time.ts';
import type { LogRecord } from './log-record.ts';

/** Milliseconds for one request. */
const TIMEOUT = MINUTE_MS;
/** Seconds to wait for an agent that says nothing else, and at most. */
const DEFAULT_WAIT = 1;
const LONGEST_WAIT = 60;
/** Characters of an answer that are worth printing. */
const MAX_ANSWER = 500;

export interface PostTarget {
  readonly url: string;
  readonly token: Secret;
  readonly signal: AbortSignal;
}

type Attempt = { readonly kind: 'taken' } | { readonly kind: 'wait'; readonly seconds: number } | Refused;
interface Refused {
  readonly kind: 'refused';
  readonly reason: string;
}

/**
 * Sends records in one request, again and again while the agent cannot be reached or answers 503.
 * @returns why the agent refused them, or that the signal ended it
 */
export async function postRecords(
  records: readonly LogRecord[],
  target: PostTarget,
): Promise<Result<undefined, string>> {
  const body = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  while (!target.signal.aborted) {
    const attempt = await post(body, target);
    if (attempt.kind === 'taken') return ok(undefined);
    if (attempt.kind === 'refused') return err(attempt.reason);
    await sleep(millis(attempt.seconds * SECOND_MS), target.signal);
  }
  return err('ended before the agent took the records');
}

async function post(body: string, { url, token, signal }: PostTarget): Promise<Attempt> {
  try {
    const response = await fetch(new URL('/api/v1/events', url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/x-ndjson' },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    });
    const answer = await response.text();
    if (response.status === 503) return { kind: 'wait', seconds: retryAfter(response.headers.get('retry-after')) };
    if (response.status === 200 && answer.includes('"rejected":[]')) return { kind: 'taken' };
    const reason = `the agent answered ${response.status} to ${url}/api/v1/events: ${answer.slice(0, MAX_ANSWER)}`;
    return { kind: 'refused', reason };
  } catch {
    // Not there yet, gone for a moment, or too slow: sending a record twice does no harm.
    return { kind: 'wait', seconds: DEFAULT_WAIT };
  }
}

/** RFC 9110 10.2.3, in seconds; a date is not worth the trouble here. */
function retryAfter(header: string | null): number {
  const seconds = /^\d{1,6}$/.test(header ?? '') ? Number(header) : DEFAULT_WAIT;
  return Math.min(LONGEST_WAIT, seconds);
}

import type { Result } from '../kernel/result.ts';
import { err, ok } from '../kernel/result.ts';
import { inMillis, inSeconds, type Millis, millis, SECOND_MS, seconds } from '../kernel/time.ts';
import { type Connection, DIRECT, openConnection } from './connection.ts';
import { failureText, THROUGH_PROXY } from './failure-text.ts';
import { createClient, type DeliveryClient } from './proxy.ts';

/** Why a receiver was not told. */
export interface DeliveryFailure {
  /** For people; it never has the address or a part of it, which may be a secret. */
  readonly text: string;
  /** Milliseconds that the receiver asked to wait. */
  readonly retryAfter: number | undefined;
}

export type Delivered = Result<undefined, DeliveryFailure>;

export interface PostOptions {
  readonly signal: AbortSignal;
  /** Default: as the environment says, with the authorities of Node. */
  readonly connection?: Connection;
  /** Milliseconds for the whole exchange. */
  readonly timeout?: Millis;
}

export type Post = (url: string, body: unknown, options: PostOptions) => Promise<Delivered>;

/** Milliseconds: an hour of back-off would be no better than this, and a receiver that is well answers in one second. */
const POST_TIMEOUT = millis(10 * SECOND_MS);
/** Octets of an answer that are looked at: what is wrong is at its beginning. */
const MAX_ANSWER = 4096;
/** Characters of it that are shown. */
const MAX_TOLD = 200;

/** Posts JSON by HTTP. Any status of 2xx is a confirmation; redirects are not followed, as they would carry the alert elsewhere. */
export const post: Post = async (url, body, { signal, connection = DIRECT, timeout = POST_TIMEOUT }) => {
  const open = await openConnection(connection);
  if (!open.ok) return failed(open.error);
  // An agent that notifies nobody does not pay for the client.
  const { request } = await import('undici');
  const deadline = AbortSignal.timeout(timeout);
  const end = AbortSignal.any([signal, deadline]);
  let client: DeliveryClient | undefined;
  // undici listens to a signal once it has a connection, and waits minutes for a tunnel from a silent proxy.
  const giveUp = () => void client?.dispatcher.destroy();
  try {
    client = await createClient(open.value);
    end.addEventListener('abort', giveUp);
    const { address, authorization } = withoutCredentials(url, open.value.bearer);
    const response = await request(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'kmswatch', ...authorization },
      body: JSON.stringify(body),
      signal: end,
      dispatcher: client.dispatcher,
    });
    const answer = await beginningOf(response.body);
    const { statusCode } = response;
    if (statusCode >= 200 && statusCode < 300) return ok(undefined);
    return err({ text: refusal(statusCode, answer, url), retryAfter: retryAfter(response.headers['retry-after']) });
  } catch (error) {
    const asksProxy = client?.asksProxy() ?? false;
    if (deadline.aborted) return failed(`${asksProxy ? THROUGH_PROXY : ''}no answer within ${inSeconds(timeout)} s`);
    return failed(failureText(error, asksProxy));
  } finally {
    end.removeEventListener('abort', giveUp);
    await client?.dispatcher.destroy();
  }
};

function failed(text: string): Delivered {
  return err({ text, retryAfter: undefined });
}

/** Credentials of a URL go where HTTP has them; the client would leave them out. */
function withoutCredentials(
  url: string,
  bearer: string | undefined,
): { readonly address: URL; readonly authorization: Record<string, string> } {
  const address = new URL(url);
  const { username, password } = address;
  address.username = '';
  address.password = '';
  if (bearer !== undefined) return { address, authorization: { authorization: `Bearer ${bearer}` } };
  if (username === '' && password === '') return { address, authorization: {} };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { address, authorization: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

async function beginningOf(body: AsyncIterable<Uint8Array> & { destroy(): unknown }): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    parts.push(part);
    length += part.length;
    if (length >= MAX_ANSWER) break;
  }
  return Buffer.concat(parts).subarray(0, MAX_ANSWER).toString('utf8');
}

function refusal(status: number, answer: string, url: string): string {
  if (status >= 300 && status < 400) return `it redirects (HTTP ${status}): configure the address it redirects to`;
  const told = printable(withoutAddress(answer, url)).trim().slice(0, MAX_TOLD);
  const hint = HINTS.get(status);
  return [`HTTP ${status}`, hint === undefined ? '' : ` (${hint})`, told === '' ? '' : `: ${told}`].join('');
}

/** Some answers repeat what they were asked for, as a whole or by its path. */
function withoutAddress(answer: string, url: string): string {
  const { href, pathname, search } = new URL(url);
  const whole = [url, href, `${pathname}${search}`, pathname].filter((part) => part.length > 1);
  // A piece as long as this may be the token.
  const pieces = `${pathname}${search}`.split(/[/?&=]/).filter((piece) => piece.length >= 8);
  return [...whole, ...pieces].reduce((text, part) => text.replaceAll(part, ''), answer);
}

const HINTS = new Map([
  [401, 'it rejects the address or the credentials'],
  [403, 'it rejects the address or the credentials'],
  [404, 'there is nothing at this address: was the webhook deleted?'],
  [410, 'the webhook was deleted'],
  [413, 'it rejects the message as too long'],
  [429, 'it asks for fewer messages'],
]);

/** RFC 9110 10.2.3: seconds; the form with a date is not worth its trouble. @returns milliseconds */
function retryAfter(header: string | readonly string[] | undefined): Millis | undefined {
  return typeof header === 'string' && /^\d{1,6}$/.test(header) ? inMillis(seconds(Number(header))) : undefined;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ');
}

import { sleep } from '../kernel/clock.ts';
import type { Secret } from '../kernel/secret.ts';
import { millis, SECOND_MS } from '../kernel/time.ts';

/** Milliseconds between two reports, and for one request. */
const PAUSE = millis(10 * SECOND_MS);
const TIMEOUT = 5_000;

export interface PushReportsOptions {
  /** Of the agent. */
  readonly url: string;
  readonly host: string;
  /** With which the host may speak for itself. */
  readonly token: Secret;
  /** Undefined: the host is down, and sends nothing. */
  readonly report: () => object | undefined;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Called when the agent does not take one. */
  readonly onRefused: (status: number) => void;
}

/** Sends a host's reports again and again, as its scheduled task does. An agent that cannot be reached is no matter. */
export async function pushReports(options: PushReportsOptions): Promise<void> {
  const { url, host, token, report, signal, onRefused } = options;
  while (!signal.aborted) {
    const found = report();
    if (found !== undefined) {
      const status = await post(new URL(`/api/v1/reports/${host}`, url), JSON.stringify(found), token, signal);
      if (status !== undefined && status >= 300 && status !== 503) onRefused(status);
    }
    await sleep(PAUSE, signal);
  }
}

/** @returns undefined when there was no answer */
async function post(url: URL, body: string, token: Secret, signal: AbortSignal): Promise<number | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    });
    await response.text();
    return response.status;
  } catch {
    return undefined;
  }
}

import type { LogName } from '../../activations/types.ts';
import { xmlEventFields } from '../../activations/xml.ts';
import type { Result } from '../../kernel/result.ts';
import type { Subscription } from '../../winrm/subscription.ts';
import type { WinrmFailure } from '../../winrm/types.ts';
import type { LogPosition } from './log-place.ts';
import type { LogProgress, LogSourceOptions } from './log-progress.ts';
import { EVENT_QUERIES, everything, LOG_NAMES } from './log-queries.ts';
import { lossBetween, type Oldest } from './loss.ts';
import { isBehind, isMarker } from './marker.ts';
import { positionOf, readBatch } from './read-batch.ts';

/**
 * How a session ended. `over`: all went well, and it is time for a new one; `refused`: the host takes no subscription,
 * and may answer queries all the same; `fault`: it may be that, or something that goes by.
 */
export interface SessionEnd {
  readonly kind: 'aborted' | 'over' | 'failed' | 'refused' | 'fault';
  /** For people; free of secrets. */
  readonly text: string;
}

/** Pulls that have to bring nothing before a log counts as empty: a host that is slow once has not cleared it. */
const LOOKS = 3;

/** Subscribes from the place that was kept, and reads until something fails or the subscription is due for renewal. */
export async function subscriptionSession(
  options: LogSourceOptions,
  progress: LogProgress,
  signal: AbortSignal,
): Promise<SessionEnd> {
  const ready = await prepare(options, progress, signal);
  if (ready !== undefined) return ready;
  const opened = await open(options, progress, signal);
  if ('kind' in opened) return opened;
  const end = await readAll(opened, options, progress, signal);
  // At the end of the agent, closing the client does that.
  if (!signal.aborted) await opened.unsubscribe();
  return end;
}

/** Looks whether the logs have moved on from under the bookmark. @returns why it cannot go on */
async function prepare(
  options: LogSourceOptions,
  progress: LogProgress,
  signal: AbortSignal,
): Promise<SessionEnd | undefined> {
  const place = await progress.place();
  if (!place.ok) return failed(place.error);
  const read = LOG_NAMES.filter((log) => place.value.last[log] !== undefined);
  const { isGap, isRestart } = lossBetween(place.value, await oldestRecords(read, options, signal));
  if (!isGap && !isRestart) return undefined;
  const failure = await progress.restart(isGap);
  return failure === undefined ? undefined : failed(failure);
}

async function open(
  options: LogSourceOptions,
  progress: LogProgress,
  signal: AbortSignal,
): Promise<Subscription | SessionEnd> {
  const subscribed = await subscribe(options, progress, signal);
  if (subscribed.ok) return subscribed.value;
  if (subscribed.error.reason !== 'bookmark') return endOf(subscribed.error);
  const failure = await progress.restart(true);
  if (failure !== undefined) return failed(failure);
  const again = await subscribe(options, progress, signal);
  return again.ok ? again.value : endOf(again.error);
}

async function subscribe(
  { client, times, maxEvents }: LogSourceOptions,
  progress: LogProgress,
  signal: AbortSignal,
): Promise<Result<Subscription, WinrmFailure>> {
  const place = await progress.place();
  const bookmark = place.ok ? place.value.bookmark : undefined;
  const { timeout, pullTimeout } = times;
  const limit = maxEvents === undefined ? {} : { maxEvents };
  return client.subscribe({ queries: EVENT_QUERIES, bookmark, pullTimeout, timeout, signal, ...limit });
}

async function readAll(
  subscription: Subscription,
  options: LogSourceOptions,
  progress: LogProgress,
  signal: AbortSignal,
): Promise<SessionEnd> {
  const { clock, times } = options;
  const end = clock.monotonic() + times.renewAfter;
  while (clock.monotonic() < end) {
    const ended = await readOnce(subscription, options, progress, signal);
    if (ended !== undefined) return ended;
  }
  return { kind: 'over', text: 'renewing the subscription' };
}

/**
 * One batch: it is on disk before the next is asked for. Its own function, because V8 keeps what a loop's last turn
 * had in its variables while the next turn waits: each quiet subscription would hold its newest 500 events for ever.
 */
async function readOnce(
  subscription: Subscription,
  { host, onAnswer }: LogSourceOptions,
  progress: LogProgress,
  signal: AbortSignal,
): Promise<SessionEnd | undefined> {
  const pulled = await subscription.pull(signal);
  if (!pulled.ok) return signal.aborted ? ABORTED : failed(pulled.error.text);
  const { events, bookmark } = pulled.value;
  const fields = events.map(xmlEventFields);
  if (fields.some(isMarker)) return beganAtTheEnd(progress, bookmark);
  const failure = await progress.store(readBatch(host, fields), bookmark);
  if (failure !== undefined) return failed(failure);
  onAnswer();
  return undefined;
}

/** The host did not go by where to begin. Without a bookmark it will not do so the next time either: queries read it all. */
async function beganAtTheEnd(progress: LogProgress, bookmark: string | undefined): Promise<SessionEnd> {
  const place = await progress.place();
  if (!place.ok) return failed(place.error);
  if (place.value.bookmark === undefined) {
    return { kind: 'refused', text: 'it begins at the end of its logs, whatever it is asked for (event 111)' };
  }
  const failure = await progress.restart(isBehind(place.value, bookmark));
  return failure === undefined ? { kind: 'over', text: 'it did not go by the bookmark (event 111)' } : failed(failure);
}

/** What each log begins with; nothing of a log that could not be looked at. */
async function oldestRecords(
  logs: readonly LogName[],
  options: LogSourceOptions,
  signal: AbortSignal,
): Promise<Oldest> {
  const oldest: Partial<Record<LogName, LogPosition | 'empty'>> = {};
  for (const log of logs) {
    const found = await oldestRecord(log, options, signal);
    if (found !== undefined) oldest[log] = found;
  }
  return oldest;
}

async function oldestRecord(
  log: LogName,
  { client, times: { timeout, look } }: LogSourceOptions,
  signal: AbortSignal,
): Promise<LogPosition | 'empty' | undefined> {
  const looking = { queries: [everything(log)], from: 'earliest', maxEvents: 1, pullTimeout: look } as const;
  const subscribed = await client.subscribe({ ...looking, timeout, signal });
  if (!subscribed.ok) return undefined;
  const oldest = await firstPosition(subscribed.value, signal);
  await subscribed.value.unsubscribe();
  return oldest;
}

async function firstPosition(
  subscription: Subscription,
  signal: AbortSignal,
): Promise<LogPosition | 'empty' | undefined> {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const pulled = await subscription.pull(signal);
    if (!pulled.ok) return undefined;
    const [first] = pulled.value.events.map(xmlEventFields).filter((fields) => !isMarker(fields));
    if (first !== undefined) return positionOf(first);
  }
  return 'empty';
}

function endOf({ reason, text }: WinrmFailure): SessionEnd {
  if (reason === 'aborted') return ABORTED;
  if (reason === 'denied') return { kind: 'refused', text };
  return { kind: reason === 'fault' ? 'fault' : 'failed', text };
}

export const ABORTED: SessionEnd = { kind: 'aborted', text: 'the agent is stopping' };

export function failed(text: string): SessionEnd {
  return { kind: 'failed', text };
}

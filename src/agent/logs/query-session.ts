import type { LogName } from '../../activations/types.ts';
import { sleep } from '../../kernel/clock.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { HOUR_MS } from '../../kernel/time.ts';
import type { WinrmFailure } from '../../winrm/types.ts';
import { eventLogWql } from '../../winrm/wql.ts';
import type { LogPosition, ReadPlace } from './log-place.ts';
import type { LogProgress, LogSourceOptions } from './log-progress.ts';
import { CHANNELS, EVENT_IDS, LOG_NAMES } from './log-queries.ts';
import { type Batch, fieldsOfLogEvent, readBatch } from './read-batch.ts';
import { ABORTED, failed, type SessionEnd } from './subscription-session.ts';
import { after, everythingSince, isWithin, shorter, type TimeRange } from './time-range.ts';

/** Records of one query, some 50 MB while they are read; what has more is read in ranges of time. */
const MAX_EVENTS = 30_000;

/** Records in one transaction. */
const PART = 2_000;

/** Milliseconds that are read again, in case the clock of the host was set back. */
const OVERLAP = HOUR_MS;

/** Seconds without an answer after which a last record that is gone means that others may be gone unread. */
const AWAY = 900;

/**
 * Reads the logs by queries, where the host takes no subscription: slow and costly for the host, and always possible
 * (Win32_NTLogEvent). Goes on until something fails or it is time to try a subscription again.
 */
export async function querySession(
  options: LogSourceOptions,
  progress: LogProgress,
  signal: AbortSignal,
): Promise<SessionEnd> {
  const { times, clock, onAnswer } = options;
  const end = clock.monotonic() + times.retryRefused;
  while (clock.monotonic() < end) {
    const failure = await readOnce(options, progress, signal);
    if (signal.aborted) return ABORTED;
    if (failure !== undefined) return failed(failure);
    onAnswer();
    if (!(await sleep(times.pollEvery, signal))) return ABORTED;
  }
  return { kind: 'over', text: 'trying to subscribe again' };
}

/** All at once, or where that is too much one range of time after the other. @returns why it could not be read */
async function readOnce(
  options: LogSourceOptions,
  progress: LogProgress,
  signal: AbortSignal,
): Promise<string | undefined> {
  const place = await progress.place();
  if (!place.ok) return place.error;
  const { last, until } = place.value;
  // Of the log Application few records are those that are read: that the last of them is gone says little.
  const judged = LOG_NAMES.filter((log) => log === 'kms' || progress.now - until > AWAY);
  const known = LOG_NAMES.flatMap((log) => last[log]?.time ?? []);
  let range: TimeRange | undefined = everythingSince(known.length === 0 ? 0 : Math.min(...known) * 1000 - OVERLAP);
  while (range !== undefined) {
    const outcome = await readStretch(range, { last, judged }, options, progress, signal);
    if (outcome.kind === 'failed') return outcome.text;
    if (outcome.kind === 'lost') return (await progress.restart(true)) ?? readOnce(options, progress, signal);
    const now = options.eventClock.now();
    const next: TimeRange | undefined = outcome.kind === 'read' ? after(range, now) : shorter(range, now);
    if (next === undefined && outcome.kind === 'too_large') return outcome.text;
    range = next;
  }
  return undefined;
}

interface Outcome {
  /** `lost`: records may be gone unread, and the logs are to be read from their beginning. */
  readonly kind: 'read' | 'lost' | 'too_large' | 'failed';
  readonly text: string;
}

async function readStretch(
  range: TimeRange,
  { last, judged }: { readonly last: ReadPlace['last']; readonly judged: readonly LogName[] },
  options: LogSourceOptions,
  progress: LogProgress,
  signal: AbortSignal,
): Promise<Outcome> {
  const read = await readLogs(last, range, options, signal);
  if (!read.ok) return { kind: read.error.reason === 'too_large' ? 'too_large' : 'failed', text: read.error.text };
  if (judged.some((log) => isLost(last[log], range, read.value))) return { kind: 'lost', text: '' };
  const failure = await store(newer(read.value, last), progress);
  return failure === undefined ? { kind: 'read', text: '' } : { kind: 'failed', text: failure };
}

/** Each log from a while before its own last record on. */
async function readLogs(
  last: ReadPlace['last'],
  { from, to }: TimeRange,
  { host, client, times: { timeout: pageTimeout, queryTimeout: timeout } }: LogSourceOptions,
  signal: AbortSignal,
): Promise<Result<Batch, WinrmFailure>> {
  const question = (log: LogName): string => {
    const position = last[log];
    const since = position === undefined ? from : Math.max(from, position.time * 1000 - OVERLAP);
    return eventLogWql({ channel: CHANNELS[log], eventIds: EVENT_IDS[log], since, before: to });
  };
  const events = [];
  for (const log of LOG_NAMES) {
    const found = await client.enumerate({ wql: question(log), maxItems: MAX_EVENTS, timeout, pageTimeout, signal });
    if (!found.ok) return found;
    for (const event of found.value) events.push(fieldsOfLogEvent(event));
  }
  return ok(readBatch(host, events));
}

/** Whether the last record that was read is not in its log any more; of other ranges nobody can tell. */
function isLost(last: LogPosition | undefined, range: TimeRange, { positions }: Batch): boolean {
  if (last === undefined || !isWithin(last.time * 1000, range)) return false;
  return !positions.some(({ position }) => position.recordId === last.recordId && position.time === last.time);
}

/** Without what is known: the same ids with a later time are those of a log that was cleared. */
function newer({ records, unread, positions }: Batch, last: ReadPlace['last']): Batch {
  const isNew = (log: LogName, { recordId, time }: LogPosition): boolean => {
    const known = last[log];
    return known === undefined || recordId > known.recordId || time > known.time;
  };
  return {
    records: records.filter((record) => isNew(record.log, record)),
    unread,
    positions: positions.filter(({ log, position }) => isNew(log, position)),
  };
}

/** In the order of time, as the place after a part must have everything before it. @returns why it was not stored */
async function store({ records, unread, positions }: Batch, progress: LogProgress): Promise<string | undefined> {
  const byTime = [...positions].sort((a, b) => a.position.time - b.position.time);
  const sorted = [...records].sort((a, b) => a.time - b.time);
  for (let at = 0; at === 0 || at < sorted.length; at += PART) {
    const part = sorted.slice(at, at + PART);
    const isLast = at + PART >= sorted.length;
    // The second that a part ends in may go on in the next: its place is the second before.
    const until = isLast ? Number.POSITIVE_INFINITY : (part.at(-1)?.time ?? 0);
    const failure = await progress.store(
      {
        records: part,
        unread: at === 0 ? unread : { ignored: 0, rejected: 0 },
        positions: byTime.filter(({ position }) => position.time < until),
      },
      undefined,
    );
    if (failure !== undefined) return failure;
  }
  return undefined;
}

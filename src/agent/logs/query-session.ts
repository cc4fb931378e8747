import type { LogName } from '../../activations/types.ts';
import { sleep } from '../../kernel/clock.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { eventLogWql } from '../../winrm/wql.ts';
import type { LogPosition, ReadPlace } from './log-place.ts';
import { CHANNELS, EVENT_IDS, LOG_NAMES } from './log-queries.ts';
import type { LogKeeper, LogSourceOptions } from './log-source.ts';
import { type Batch, fieldsOfLogEvent, readBatch } from './read-batch.ts';
import { ABORTED, failed, type SessionEnd } from './subscription-session.ts';

/** More than a log of 20 MiB, the default, can hold. */
const MAX_EVENTS = 100_000;

/** Records in one transaction. */
const PART = 2_000;

/** Milliseconds that are read again, in case the clock of the host was set back. */
const OVERLAP = 3_600_000;

/** Seconds without an answer after which a last record that is gone means that others may be gone unread. */
const AWAY = 900;

/**
 * Reads the logs by queries, where the host takes no subscription: slow and costly for the host, and always possible
 * (Win32_NTLogEvent). Goes on until something fails or it is time to try a subscription again.
 */
export async function querySession(
  options: LogSourceOptions,
  keeper: LogKeeper,
  signal: AbortSignal,
): Promise<SessionEnd> {
  const { times, clock, onAnswer } = options;
  const end = clock.monotonic() + times.retryRefused;
  while (clock.monotonic() < end) {
    const failure = await readOnce(options, keeper, signal);
    if (signal.aborted) return ABORTED;
    if (failure !== undefined) return failed(failure);
    onAnswer();
    if (!(await sleep(times.pollEvery, signal))) return ABORTED;
  }
  return { kind: 'over', text: 'a subscription is tried again' };
}

/** @returns why it could not be read */
async function readOnce(
  options: LogSourceOptions,
  keeper: LogKeeper,
  signal: AbortSignal,
): Promise<string | undefined> {
  const place = await keeper.place();
  if (!place.ok) return place.error;
  const isAway = keeper.now - place.value.until > AWAY;
  const read = await readLogs(place.value.last, options, signal);
  if (!read.ok) return read.error;
  const { last } = place.value;
  if (!isAway || !LOG_NAMES.some((log) => isLost(last[log], read.value))) return store(newer(read.value, last), keeper);
  const failure = await keeper.restart(true);
  if (failure !== undefined) return failure;
  const all = await readLogs({}, options, signal);
  return all.ok ? store(all.value, keeper) : all.error;
}

/** Each from a while before its last record on. */
async function readLogs(
  last: ReadPlace['last'],
  { host, client, times: { timeout: pageTimeout, queryTimeout: timeout } }: LogSourceOptions,
  signal: AbortSignal,
): Promise<Result<Batch, string>> {
  const question = (log: LogName): string => {
    const position = last[log];
    const since = position === undefined ? {} : { since: position.time * 1000 - OVERLAP };
    return eventLogWql({ channel: CHANNELS[log], eventIds: EVENT_IDS[log], ...since });
  };
  const events = [];
  for (const log of LOG_NAMES) {
    const found = await client.enumerate({ wql: question(log), maxItems: MAX_EVENTS, timeout, pageTimeout, signal });
    if (!found.ok) return err(found.error.text);
    for (const event of found.value) events.push(fieldsOfLogEvent(event));
  }
  return ok(readBatch(host, events));
}

/** Whether the last record that was read is not in its log any more. */
function isLost(last: LogPosition | undefined, { positions }: Batch): boolean {
  if (last === undefined) return false;
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
async function store({ records, unread, positions }: Batch, keeper: LogKeeper): Promise<string | undefined> {
  const byTime = [...positions].sort((a, b) => a.position.time - b.position.time);
  const sorted = [...records].sort((a, b) => a.time - b.time);
  for (let at = 0; at === 0 || at < sorted.length; at += PART) {
    const part = sorted.slice(at, at + PART);
    const isLast = at + PART >= sorted.length;
    // The second that a part ends in may go on in the next: its place is the second before.
    const until = isLast ? Number.POSITIVE_INFINITY : (part.at(-1)?.time ?? 0);
    const failure = await keeper.take(
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

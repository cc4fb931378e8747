import { batches } from '../../kernel/batches.ts';
import { type Clock, sleep } from '../../kernel/clock.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { Secret } from '../../kernel/secret.ts';
import { SECOND_MS, wholeSeconds } from '../../kernel/time.ts';
import type { Fleet } from './fleet.ts';
import type { LogRecord } from './log-record.ts';
import { type PostTarget, postRecords } from './post-records.ts';

/** Records in one request: some hundred kilobytes, and some ten milliseconds to make. */
const BATCH = 1000;
/** Milliseconds between two looks at the clock. */
const PAUSE = SECOND_MS;

export interface FeedOptions {
  /** Of the agent, such as `http://127.0.0.1:11688`. */
  readonly url: string;
  /** Its `ingest` token. */
  readonly token: Secret;
  readonly fleet: Fleet;
  /** The first second to send; whole seconds since the epoch. */
  readonly from: number;
  /** Says up to when there are records. */
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** True for a record that gets to the agent another way; default: every one is sent. */
  readonly isTaken?: (record: LogRecord) => boolean;
  /** Called once everything up to now has been taken. */
  readonly onHistory?: (records: number) => void;
}

/**
 * Sends a fleet's records to an agent as a log shipper does: what there is up to now, and then what comes. Waits for an
 * agent that cannot be reached or that cannot store at the moment, as long as it takes.
 * @returns how many records were taken, once the signal has ended it; or why the agent refuses them
 */
export async function feed(options: FeedOptions): Promise<Result<number, string>> {
  const { fleet, clock, signal } = options;
  let next = options.from;
  let total = 0;
  let isHistory = true;
  while (!signal.aborted) {
    const until = wholeSeconds(clock.now()) + 1;
    const sent = await sendAll(sendable(fleet.records(next, until), options), options);
    if (!sent.ok) return sent;
    total += sent.value;
    next = until;
    if (isHistory && !signal.aborted) options.onHistory?.(total);
    isHistory = false;
    await sleep(PAUSE, signal);
  }
  return ok(total);
}

async function sendAll(records: Iterable<LogRecord>, target: PostTarget): Promise<Result<number, string>> {
  let total = 0;
  for (const batch of batches(records, BATCH)) {
    const sent = await postRecords(batch, target);
    if (!sent.ok) return target.signal.aborted ? ok(total) : err(sent.error);
    total += batch.length;
  }
  return ok(total);
}

function* sendable(records: Iterable<LogRecord>, { isTaken }: FeedOptions): Iterable<LogRecord> {
  for (const record of records) if (!isTaken?.(record)) yield record;
}

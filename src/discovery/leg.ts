import { within } from '../kernel/deadline.ts';
import { type Millis, millis } from '../kernel/time.ts';
import type { Query, Reply } from './query.ts';
import type { LookupFailure } from './types.ts';

/** One sending of one query over one transport. */
export interface Leg {
  /** A literal address. */
  readonly address: string;
  readonly port: number;
  readonly query: Query;
  /** The query as it is sent. */
  readonly packet: Buffer;
  /** Milliseconds after which no answer is waited for. */
  readonly wait: Millis;
  readonly signal: AbortSignal;
  /** Counts what came and was not the answer. */
  readonly ignored: Ignored;
}

export interface Ignored {
  malformed: number;
  mismatch: number;
}

export type LegResult =
  | Extract<Reply, { readonly kind: 'answer' | 'truncated' }>
  /** Nothing that counts came in time. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'failed'; readonly failure: LookupFailure };

export function failed(reason: LookupFailure['reason'], detail: string): LegResult & { kind: 'failed' } {
  return { kind: 'failed', failure: { reason, detail } };
}

/**
 * Takes the first result: an answer, a failure, the end of the wait or the signal.
 * @param start begins the leg; what it returns is called at the end, whatever the end is
 */
export async function race(
  { wait, signal }: Pick<Leg, 'wait' | 'signal'>,
  start: (finish: (result: LegResult) => void) => () => void,
): Promise<LegResult> {
  if (signal.aborted) return cutShort();
  const { promise, resolve } = Promise.withResolvers<LegResult>();
  const stop = start(resolve);
  const result = await within(promise, millis(Math.max(0, wait)), signal);
  stop();
  return result ?? (signal.aborted ? cutShort() : { kind: 'silent' });
}

function cutShort(): LegResult {
  return failed('other', 'the lookup was cancelled');
}

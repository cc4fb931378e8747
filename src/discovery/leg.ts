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
  readonly wait: number;
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
 * Settles once, with the first result: an answer, a failure, the end of the wait or the signal.
 * @param start begins the leg; what it returns is called at the end, whatever the end is
 */
export function race(
  { wait, signal }: Pick<Leg, 'wait' | 'signal'>,
  start: (finish: (result: LegResult) => void) => () => void,
): Promise<LegResult> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(cutShort());
      return;
    }
    let done = false;
    const finish = (result: LegResult): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      // Not at once: `start` may still be running and its way to stop not yet known.
      queueMicrotask(() => stop());
      resolve(result);
    };
    const abort = (): void => finish(cutShort());
    const timer = setTimeout(() => finish({ kind: 'silent' }), Math.max(0, wait));
    signal.addEventListener('abort', abort, { once: true });
    const stop = start(finish);
  });
}

function cutShort(): LegResult {
  return failed('other', 'the lookup was cancelled');
}

import { BackOff, type BackOffLimits } from '../../kernel/back-off.ts';
import { sleep } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import { LogProgress, type LogSourceOptions } from './log-progress.ts';
import { querySession } from './query-session.ts';
import { type SessionEnd, subscriptionSession } from './subscription-session.ts';

export interface LogReaderOptions extends LogSourceOptions {
  readonly backOff: BackOffLimits;
  /** @param text why the logs are not being read, for people */
  readonly onFailure: (text: string) => Promise<void> | void;
  /** The host takes no subscription; its logs are read by queries. @param text its words */
  readonly onRefused: (text: string) => void;
  readonly random: Random;
}

/** Times in a row that a subscription has to end in a fault before it counts as refused. */
const FAULTS = 3;

/** Reads the logs of one host until the signal aborts: by a subscription, or by queries where that is refused. */
export async function readLogs(options: LogReaderOptions, signal: AbortSignal): Promise<void> {
  const progress = new LogProgress(options);
  const backOff = new BackOff(options.backOff, options.random);
  const refusals = new Refusals();
  const onAnswer = (): void => {
    backOff.reset();
    options.onAnswer();
  };
  while (!signal.aborted) {
    const end = await session({ ...options, onAnswer }, progress, refusals, signal);
    if (end.kind === 'aborted') return;
    if (end.kind === 'over') continue;
    await options.onFailure(end.text);
    await sleep(backOff.next(), signal);
  }
}

async function session(
  options: LogReaderOptions,
  progress: LogProgress,
  refusals: Refusals,
  signal: AbortSignal,
): Promise<SessionEnd> {
  const onAnswer = (): void => {
    refusals.forget();
    options.onAnswer();
  };
  const subscribed = await subscriptionSession({ ...options, onAnswer }, progress, signal);
  if (!refusals.has(subscribed)) return subscribed;
  options.onRefused(subscribed.text);
  const queried = await querySession(options, progress, signal);
  if (queried.kind !== 'failed') return queried;
  return { kind: 'failed', text: `${subscribed.text}; and by queries: ${queried.text}` };
}

/** Whether a host takes no subscription: it says so, or has had nothing but faults for it since it last took one. */
class Refusals {
  #faults = 0;

  has({ kind }: SessionEnd): boolean {
    if (kind === 'fault') this.#faults += 1;
    return kind === 'refused' || (kind === 'fault' && this.#faults >= FAULTS);
  }

  forget(): void {
    this.#faults = 0;
  }
}

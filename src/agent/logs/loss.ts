import type { LogName } from '../../activations/types.ts';
import type { LogPosition, ReadPlace } from './log-place.ts';
import { LOG_NAMES } from './log-queries.ts';

/** The oldest record that each log still has; `empty` if it has none; absent if unknown. */
export type Oldest = Readonly<Partial<Record<LogName, LogPosition | 'empty'>>>;

export interface Loss {
  /** Records were overwritten or cleared away before they were read. */
  readonly isGap: boolean;
  /** The bookmark means nothing any more: the logs are to be read from their beginning. */
  readonly isRestart: boolean;
}

/**
 * Compares a place with where the logs begin now. A host may take a bookmark whose record is gone, and go on with the
 * next one or not at all, without a word.
 */
export function lossBetween(place: ReadPlace, oldest: Oldest): Loss {
  const losses = LOG_NAMES.map((log) => lossOf(log, place, oldest[log]));
  return { isGap: losses.some(({ isGap }) => isGap), isRestart: losses.some(({ isRestart }) => isRestart) };
}

const NONE: Loss = { isGap: false, isRestart: false };

function lossOf(log: LogName, { last, until }: ReadPlace, oldest: LogPosition | 'empty' | undefined): Loss {
  const read = last[log];
  if (oldest === undefined || read === undefined) return NONE;
  const isCleared = oldest === 'empty' || (oldest.recordId <= read.recordId && oldest.time > read.time);
  const isJump = oldest !== 'empty' && oldest.recordId > read.recordId + 1;
  if (log === 'kms') return { isGap: isCleared || isJump, isRestart: isCleared || isJump };
  // In this log few records are those that are read: that it has moved on since the last of them says nothing yet.
  const isUnread = oldest === 'empty' || oldest.time > until;
  return { isGap: (isCleared || isJump) && isUnread, isRestart: isCleared };
}

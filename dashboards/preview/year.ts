import { DAY_S, HOUR_S, MINUTE_S } from '../../src/kernel/time.ts';
import { type History, startHistory } from '../../test/history/history.ts';

/** A year, the nearer the closer: each dashboard's own range has as many scrapes as a panel has points. */
const STRETCHES = [
  { from: 365 * DAY_S, every: 2 * HOUR_S },
  { from: 32 * DAY_S, every: HOUR_S },
  { from: 8 * DAY_S, every: 5 * MINUTE_S },
  { from: 26 * HOUR_S, every: MINUTE_S },
];

/** Takes some minutes, and reports progress on standard error. */
export function startYear(): Promise<History> {
  const onProgress = (share: number) => process.stderr.write(`${Math.round(share * 100)} % of the year's stretches\n`);
  return startHistory({ stretches: STRETCHES, onProgress });
}

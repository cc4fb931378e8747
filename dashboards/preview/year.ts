import { DAY, HOUR, MINUTE } from '../../src/demo/fleet/seconds.ts';
import { type History, startHistory } from '../../test/history/history.ts';

/** A year, the nearer the closer: each dashboard's own range has as many scrapes as a panel has points. */
const STRETCHES = [
  { from: 365 * DAY, every: 2 * HOUR },
  { from: 32 * DAY, every: HOUR },
  { from: 8 * DAY, every: 5 * MINUTE },
  { from: 26 * HOUR, every: MINUTE },
];

/** Takes some minutes, and reports progress on standard error. */
export function startYear(): Promise<History> {
  const onProgress = (share: number) => process.stderr.write(`${Math.round(share * 100)} % of the year's stretches\n`);
  return startHistory({ stretches: STRETCHES, onProgress });
}

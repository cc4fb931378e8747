import { createTask } from 'node-cron';

/** Shows the nights of a schedule of working hours at five minutes' step, and its weekends at ten. */
const RUNS = 500;

/** The largest gap between two runs of a cron expression, in milliseconds; Infinity when it has fewer than two. */
export function schedulePeriod(expression: string): number {
  const task = createTask(expression, () => {});
  const times = task.getNextRuns(RUNS).map((date) => date.getTime());
  void task.destroy();
  if (times.length < 2) return Number.POSITIVE_INFINITY;
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}

/** A value older than so many times its schedule is withdrawn. */
export const STALE_AFTER_PERIODS = 3;

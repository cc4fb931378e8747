import { createTask, parse } from 'node-cron';

/** Days to look at, as in node-cron: 29 February comes on a given weekday within 40 years. */
const MOST_DAYS = 366 * 100;

/**
 * When a schedule is due next, by the clock on the wall: what node-cron says too. It takes the parts of each date from
 * `Intl`, whose tables are 8 MB of memory, so it is asked only about days that need its rules (`L`, `W`, `#`).
 * @param expression a cron expression as node-cron reads it
 * @param count how many
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch; fewer than asked for where no more come
 */
export function nextRuns(expression: string, count: number, now: number): number[] {
  const { second, minute, hour, dayOfMonth, month, dayOfWeek } = parse(expression);
  if ([...dayOfMonth, ...dayOfWeek].some((value) => typeof value === 'string'))
    return askLibrary(expression, count, now);
  const start = new Date(now);
  const runs: number[] = [];
  for (let days = 0; days < MOST_DAYS && runs.length < count; days += 1) {
    const day = new Date(start.getFullYear(), start.getMonth(), start.getDate() + days);
    const isDue = month.includes(day.getMonth() + 1) && dayOfMonth.includes(day.getDate());
    if (!isDue || !dayOfWeek.includes(day.getDay())) continue;
    for (const time of timesAfter(now, day, hour, minute, second)) {
      runs.push(time);
      if (runs.length === count) break;
    }
  }
  return runs;
}

/** @yields in order; an hour that the clock leaves out in spring has no time in it */
function* timesAfter(
  now: number,
  day: Date,
  hours: readonly number[],
  minutes: readonly number[],
  seconds: readonly number[],
) {
  const at = (hour: number, minute = 0, second = 0) =>
    new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour, minute, second);
  const [orderedMinutes, orderedSeconds] = [inOrder(minutes), inOrder(seconds)];
  for (const hour of inOrder(hours)) {
    // In the evening, most of the day's times are over.
    if (at(hour + 1).getTime() <= now) continue;
    for (const minute of orderedMinutes) {
      for (const second of orderedSeconds) {
        const time = at(hour, minute, second);
        if (time.getHours() === hour && time.getTime() > now) yield time.getTime();
      }
    }
  }
}

function inOrder(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** It counts from the present by the clock of the system; if that is wrong, the times until then are those that count. */
function askLibrary(expression: string, count: number, now: number): number[] {
  const task = createTask(expression, () => {});
  const present = Date.now();
  const runs = task.getNextRuns(count).map((date) => now + date.getTime() - present);
  void task.destroy();
  return runs;
}

import { DAY_MS, DAY_S } from '../../kernel/time.ts';
import type { YearlyHoliday } from './calendar.ts';
import { demoPlan } from './demo-plan.ts';
import { createFleet, type Fleet } from './fleet.ts';

const HISTORY_DAYS = 400;
const SIZE = 300;
/** The month of the holidays: far enough away that you find the offices at work. */
const HOLIDAY_BEFORE = 120;

/** The fleet of the demo, with a history that ends now. @param now milliseconds since the epoch */
export function demoFleet(now: number): Fleet {
  const start = Math.floor(now / 1000) - HISTORY_DAYS * DAY_S;
  const plan = demoPlan({ size: SIZE, today: HISTORY_DAYS, holiday: holidayBefore(now) });
  return createFleet({ seed: 'demo', start, plan });
}

/** The first three weeks of a month. */
function holidayBefore(now: number): YearlyHoliday {
  const month = new Date(now - HOLIDAY_BEFORE * DAY_MS).toISOString().slice(5, 7);
  return { from: `${month}-01`, to: `${month}-21` };
}

/** Whole seconds: the unit of every time and length of time of the fleet, as log records carry no fractions. */
export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

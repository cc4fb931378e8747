/** Whole seconds: the unit of every time and length of time in this room, as the records carry no fractions. */
export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export { CENSUS_WINDOW } from './census-window.ts';

/** Whole seconds: the unit of every time and length of time in this room, as the records carry no fractions. */
export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** How long a host remembers a client: its count is of the ids seen in this window (Microsoft, "Activate using KMS"). */
export const CENSUS_WINDOW = 30 * DAY;

/** Bits of a lease's exclusion: why it counts nowhere. */
export const SUPERSEDED = 1;
export const RETIRED = 2;

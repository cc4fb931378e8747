/** Bits of a lease's fate. */
export const SUPERSEDED = 1;
export const RETIRED = 2;

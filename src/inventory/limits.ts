/** Of a whole source: one of a hundred thousand machines with all their attributes is half of it. */
export const MAX_SOURCE_BYTES = 256 * 1024 * 1024;

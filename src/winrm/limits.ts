import { MINUTE_MS, millis, SECOND_MS } from '../kernel/time.ts';

/** What an answer may cost, each with where it comes from. */

/**
 * Octets, `MaxEnvelopeSize`. The default of `MaxEnvelopeSizekb` is 500 since Server 2012 ([MS-WSMV] 2.2.4.10); more
 * would be cut to it.
 */
export const MAX_ENVELOPE = 512_000;

/**
 * Windows counts those octets in UTF-16: its fullest pages have half as many characters. A server that counts UTF-8 may
 * send one character for each. More than that nobody was asked for.
 */
export const MAX_CHARACTERS = MAX_ENVELOPE;

/** Octets on the wire: a character of UTF-8 has at most 3 a UTF-16 unit, UTF-16 always 2. */
export const MAX_OCTETS = 3 * (MAX_ENVELOPE / 2);

/** Elements inside one another: an event in an answer has 8, the fault of a provider in a fault 12. */
export const MAX_DEPTH = 32;

/** An envelope of Windows declares some 10 namespaces. */
export const MAX_ATTRIBUTES = 64;

/** Of one answer. Its characters have room for twice as many at most. */
export const MAX_ELEMENTS = 100_000;

/** Milliseconds: the default of `MaxTimeoutms`, to which longer ones are cut. */
export const MAX_OPERATION_TIMEOUT = MINUTE_MS;

/** Answers to one enumeration: a host that has ever one more page is not read for ever. */
export const MAX_PAGES = 300;

/** Instances that an answer has at least on average, if more are asked for than `MAX_PAGES` would allow. */
export const ITEMS_A_PAGE = 50;

/** Instances of one enumeration, unless the caller says otherwise. */
export const MAX_ITEMS = 10_000;

/** The default of `MaxBatchItems`. */
export const MAX_ITEMS_A_PAGE = 32_000;

/** Characters of what the host says in a fault. */
export const MAX_FAULT_TEXT = 500;

/** Milliseconds for what is said to a host as a courtesy: Release, and the like after a failure. */
export const GOODBYE_TIMEOUT = millis(2 * SECOND_MS);

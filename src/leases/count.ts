/** A host's own number, as far as it tells its count. */
export interface OwnCount {
  readonly value: number;
  /** It is the count: below its cap. At the cap it is a lower bound. */
  readonly exact: boolean;
  /** Its reports have ended: it is believed as the log is known to be another's. */
  readonly isHeld: boolean;
}

/** What is known of the count of a host and pool at a moment. */
export interface CountFacts {
  readonly own: OwnCount | undefined;
  /** Client ids of the last 30 days, by the log. */
  readonly census: number;
  /** The same with those that asked for products of unknown pool: where these belong is not known. */
  readonly wide: number;
  /** The log is known for all of the 30 days. */
  readonly spans: boolean;
}

/** What a count is worth to a client: it needs N, and the count is that, is known to be less, or is not known. */
export type Sufficiency = 'enough' | 'short' | 'open';

/** The best known count: a host's exact number whatever its log says, else the larger of two lower bounds. */
export function countOf({ own, census }: Pick<CountFacts, 'own' | 'census'>): number {
  return own?.exact === true ? own.value : Math.max(own?.value ?? 0, census);
}

/** Whether the count is known with regard to an N-policy. */
export function isKnown(facts: CountFacts, n: number): boolean {
  return facts.own?.exact === true || countOf(facts) >= n || (facts.spans && facts.wide < n);
}

export function sufficiency(facts: CountFacts, n: number): Sufficiency {
  if (countOf(facts) >= n) return 'enough';
  return isKnown(facts, n) ? 'short' : 'open';
}

/** The least by which two counts differ that disagree, beside a quarter of the larger. */
const DISAGREE_BEYOND = 5;

/**
 * Whether a host's exact number and its log cannot both be right: a rebuilt host, or another host's log under its name.
 * Anything from the census to the census with clients of unknown pool agrees.
 */
export function disagrees({ own, census, wide, spans }: CountFacts): boolean {
  if (own?.exact !== true || !spans) return false;
  const { value } = own;
  const [nearest, difference] = value < census ? [census, census - value] : [wide, value - wide];
  return difference > DISAGREE_BEYOND && difference > Math.max(value, nearest) / 4;
}

/** Caps of hosts that have answered nobody yet: twice 5, and twice 25. */
const SMALL_CAP = 10;
const LARGE_CAP = 50;

/**
 * Whether a host's own number is its count and not the cap of it.
 * @param largestN the largest N-policy that was answered in the last 30 days in its pool; undefined if none was
 */
export function isExact(value: number, largestN: number | undefined): boolean {
  return largestN === undefined ? value !== SMALL_CAP && value < LARGE_CAP : value < 2 * largestN;
}
